"""Whether an address still leads to its page, asked politely and safely.

Editors enter addresses and other hosts answer, so neither is trusted:

- Each socket is checked before it connects, and connects to the address that
  was checked: no name is resolved a second time, and every redirect passes the
  same door.
- Status line and headers answer the question. The body is never read, so it
  does not matter how long, how slow or how densely packed it is.
- Time, redirects and the size of a header are limited, proxies and cookies of
  the environment are not used, and certificates are verified.

Otherwise it goes where a browser would go without a word: an address is asked as
it is written, and cookies are kept from one redirect to the next.

A host gets one request at a time with a pause after it, and none any more once
it says that there were too many. ``robots.txt`` is not asked: it speaks to
crawlers, which find their own way from page to page, whereas this follows no
link, keeps no content and asks for one address that an editor cited. A host
that does not want to be asked can say so, and counts as blocked, not as gone.
"""

from comparisons.links.asking import Addressed, Answer, Limits, ask
from comparisons.links.guard import is_public

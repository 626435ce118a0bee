"""Whether what a citation says it read still stands there, proved by the text itself.

Documentation is published from files, and the files of a release never change. So a
passage is not looked up on a site but in the source distribution of the release in
which it was read, or in a folder that holds that release: page by its address, section
by its fragment, and in it the marks, which are names, identifiers and numbers. The
fingerprint of the section tells whether the next release still says the same.

Whatever is downloaded is only read: no configuration of it is executed, no extension
loaded, and no file outside it included.
"""

from comparisons.passages.looking import look
from comparisons.passages.trees import NotHad, Tree, downloaded

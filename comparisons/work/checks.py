"""Links and passages, looked at one after the other, each stored at once."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils import timezone

from comparisons.addresses import site_host
from comparisons.links import Limits, ask
from comparisons.models import Citation, Link
from comparisons.models.links import CHECK_DAYS
from comparisons.models.works import WorkState
from comparisons.work.passages import Looking


def check_links(work):
    """Ask all addresses that are due; what was asked is not due any more."""
    Link.gather()
    links = due()
    yield from _counted(work, asked(links), len(links))


def check_passages(work):
    """Look for each passage that was not found yet, in the release it was read in."""
    citations = Citation.objects.select_related("source", "passage_check")
    looking = Looking(citations.exclude(release="").order_by("release", "pk"))
    states = (state and state.label.lower() for state in looking)
    yield from _counted(work, states, len(looking))


def _counted(work, words, of):
    """Yield how far it is; at the end tell how often each of ``words`` came.

    None stands for what took no time.
    """
    counts = Counter()
    yield 0, of
    for done, word in enumerate(words, start=1):
        counts[word or "as before"] += 1
        if word:
            yield done, of
    work.end(WorkState.DONE, counts=sorted(counts.items()))


def asked(links: Iterable[Link]) -> Iterator[str]:
    """Ask ``links`` and store the answers; yield in a word what each has shown."""
    for link, answer in ask(links, agent=_agent(), limits=Limits()):
        state = answer and link.record(answer, at=timezone.now())
        yield state.label.lower() if state else "left for later"


def due(days: int = CHECK_DAYS) -> list[Link]:
    """Return what was not checked for so many days, that longest ago first."""
    moment = timezone.now() - datetime.timedelta(days=days)
    return list(Link.objects.due(moment))


def _agent():
    """Return the user agent, with the page that says who asks if it has an address."""
    host = site_host()
    if host is None:
        return "Framewise"
    return f"Framewise (+https://{host}{reverse('comparisons:about')})"

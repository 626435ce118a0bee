"""Sources that look like one and the same, for editors to look at and merge."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import Lower

from comparisons.addresses import normalise
from comparisons.models import Link, Source


@dataclass(frozen=True)
class Duplicates:
    """Sources that may be one, and why it seems so."""

    reason: str
    sources: list[Source]


def find_duplicates():
    """Return the groups, those with one address first, in five queries at most."""
    return [*_with_one_address(), *_with_one_title()]


def _with_one_address():
    """Find sources whose page has another's address, since it moved or ever since."""
    moved = dict(Link.objects.moved().values_list("url", "moved_to_url"))
    unplaced = Source.objects.filter(normal_url="").exclude(url="")
    groups = defaultdict(list)
    for source in Source.objects.filter(url__in=moved):
        groups[normalise(moved[source.url])].append(source)
    for source in unplaced:
        groups[normalise(source.url)].append(source)
    for source in Source.objects.filter(normal_url__in=groups):
        if source not in groups[source.normal_url]:
            groups[source.normal_url].insert(0, source)
    return [
        Duplicates("The same address", sources)
        for sources in groups.values()
        if len(sources) > 1
    ]


def _with_one_title():
    """Find sources of one publisher, one kind and one title, whatever the case.

    A publisher of several frameworks gives each a page on templates, so those
    that each stand in the file of another framework are no duplicates; nor are a
    package's manual and its repository.
    """
    words = {"title_words": Lower("title"), "publisher_words": Lower("publisher")}
    alike = ["title_words", "publisher_words", "kind"]
    named = Source.objects.annotate(**words)
    doubled = (
        named.order_by(*alike)
        .values_list(*alike)
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
    )
    groups = {(title, publisher, kind): [] for title, publisher, kind, _ in doubled}
    for source in named.filter(title_words__in=[title for title, _, _ in groups]):
        group = groups.get(tuple(getattr(source, name) for name in alike))
        if group is not None:
            group.append(source)
    return [
        Duplicates("The same title, publisher and kind", sources)
        for sources in groups.values()
        if not _each_of_another_framework(sources)
    ]


def _each_of_another_framework(sources):
    frameworks = {source.framework_id for source in sources}
    return None not in frameworks and len(frameworks) == len(sources)

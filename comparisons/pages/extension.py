"""Everything that the page of an extension shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db.models import Case, Q, QuerySet, When

from comparisons.models import Citation, Extension, Feature, Finding, Framework
from comparisons.pages.evidence import Passage, read_passages

# Answers and passages; what goes beyond them stands on the pages of the answers.
MOST, MOST_PASSAGES = 200, 30


@dataclass(frozen=True, kw_only=True)
class Provided:
    """One feature, and the frameworks' answers on which the extension has a part."""

    feature: Feature
    answers: Sequence[Finding]


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another extension that stands in the same answers, and on which features."""

    extension: Extension
    features: Sequence[Feature]


@dataclass(frozen=True, kw_only=True)
class ExtensionPage:
    """What an extension provides, for whom, who says so, and what else does it.

    ``frameworks`` are those that it works with, whether or not an answer names it.
    """

    extension: Extension
    frameworks: Sequence[Framework]
    provided: Sequence[Provided]
    alternatives: Sequence[Alternative]
    passages: Sequence[Passage]
    has_more_passages: bool


def extension_page(extension: Extension) -> ExtensionPage:
    """Gather what is known of ``extension``."""
    answers = list(_answers(extension)[:MOST])
    cited = list(passages_on(extension)[: MOST_PASSAGES + 1])
    [passages] = read_passages([cited[:MOST_PASSAGES]])
    return ExtensionPage(
        extension=extension,
        frameworks=list(extension.frameworks.published()[:MOST]),
        provided=[
            Provided(feature=feature, answers=list(group))
            for feature, group in groupby(answers, attrgetter("feature"))
        ],
        alternatives=_alternatives(extension, answers),
        passages=passages,
        has_more_passages=len(cited) > MOST_PASSAGES,
    )


def _answers(extension: Extension) -> QuerySet[Finding]:
    """Return the findings that name it, and those on what it is listed for."""
    listed = Q(framework__extensions=extension, feature__extensions=extension)
    named = Q(extension=extension) | Q(alternatives=extension)
    return (
        Finding.objects.published()
        .with_parents()
        .prefetch_related("alternatives")
        .filter(named | listed)
        .order_by("feature__group__position", "feature__position", "framework__name")
        .distinct()
    )


def _alternatives(extension: Extension, answers: Iterable[Finding]) -> list:
    """Return those that most features have in common with ``extension`` first."""
    features: dict[Extension, dict[Feature, None]] = {}
    for finding in answers:
        for other in (finding.extension, *finding.alternatives.all()):
            if other and other != extension:
                features.setdefault(other, {})[finding.feature] = None
    found = [
        Alternative(extension=other, features=list(shared))
        for other, shared in features.items()
    ]
    return sorted(found, key=lambda each: (-len(each.features), each.extension.name))


def passages_on(extension: Extension) -> QuerySet[Citation]:
    """Return what speaks of it by name, then what else proves that it provides."""
    words = Q()
    for field in ("says", "locator", "source__title"):
        words |= Q(**{f"{field}__icontains": extension.name})
    is_other = Q(finding__alternatives=extension) & words
    return (
        Citation.objects.published()
        .filter(Q(finding__extension=extension) | is_other)
        .select_related("source", "finding__framework", "finding__feature")
        .order_by(Case(When(words, then=0), default=1), "pk")
        .distinct()
    )

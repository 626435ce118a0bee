"""What disagreements are about, and what we measured on it, for a list of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comparisons.addresses import page_path
from comparisons.models import Disagreement, Framework
from comparisons.pages.measurements import measured_on
from comparisons.prepared import prepared


@dataclass(frozen=True, kw_only=True)
class Question:
    """A disagreement, the frameworks that it is about, and whether we measured them."""

    disagreement: Disagreement
    # (name, address of the answer in dispute).
    about: Sequence[tuple[str, str]]
    is_measured: bool


def questions(disagreements: Iterable[Disagreement]) -> list[Question]:
    """Return what a list tells of ``disagreements``, which come with their feature."""
    disagreements = list(disagreements)
    frameworks = defaultdict(list)
    for disagreement, *framework in _frameworks([each.pk for each in disagreements]):
        frameworks[disagreement].append(framework)
    measured = measured_on(
        (each.pk, each.feature.slug, [pk for pk, *_ in frameworks[each.pk]])
        for each in disagreements
    )
    return [
        Question(
            disagreement=each,
            about=_answers(each, frameworks[each.pk]),
            is_measured=each.pk in measured,
        )
        for each in disagreements
    ]


def answers_in(disagreement: Disagreement) -> list[tuple[str, str]]:
    """Return the name of each framework in dispute, and the address of its answer."""
    return _answers(disagreement, [row for _, *row in _frameworks([disagreement.pk])])


def _answers(disagreement, frameworks):
    feature = disagreement.feature.slug
    return [
        (name, page_path("finding-detail", slug, feature))
        for _, slug, name in frameworks
    ]


@prepared
def _frameworks(disagreements):
    frameworks = Framework.objects.filter(disagreements__in=disagreements)
    return frameworks.values_list("disagreements", "pk", "slug", "name")

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
    """A disagreement, what it is about, and whether we measured that."""

    disagreement: Disagreement
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
            about=_subjects(each, frameworks[each.pk]),
            is_measured=each.pk in measured,
        )
        for each in disagreements
    ]


def subjects_of(disagreement: Disagreement) -> list[tuple[str, str]]:
    """Return (address, name) of the feature in dispute, and of each framework there."""
    return _subjects(disagreement, [row for _, *row in _frameworks([disagreement.pk])])


def _subjects(disagreement, frameworks):
    feature = disagreement.feature
    answers = [
        (page_path("finding-detail", slug, feature.slug), name)
        for _, slug, name in frameworks
    ]
    return [(feature.get_absolute_url(), feature.name), *answers]


@prepared
def _frameworks(disagreements):
    frameworks = Framework.objects.filter(disagreements__in=disagreements)
    return frameworks.values_list("disagreements", "pk", "slug", "name")

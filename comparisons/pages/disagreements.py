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
    is_measured: bool = False


def questions(disagreements: Iterable[Disagreement]) -> list[Question]:
    """Return what a list tells of ``disagreements``, which come with their feature."""
    disagreements = list(disagreements)
    about, frameworks = defaultdict(list), defaultdict(list)
    features = {each.pk: each.feature.slug for each in disagreements}
    for disagreement, pk, slug, name in _frameworks(list(features)):
        address = page_path("finding-detail", slug, features[disagreement])
        about[disagreement].append((name, address))
        frameworks[disagreement].append(pk)
    measured = measured_on(
        (each.pk, each.feature.slug, frameworks[each.pk]) for each in disagreements
    )
    return [
        Question(
            disagreement=each, about=about[each.pk], is_measured=each.pk in measured
        )
        for each in disagreements
    ]


@prepared
def _frameworks(disagreements):
    frameworks = Framework.objects.filter(disagreements__in=disagreements)
    return frameworks.values_list("disagreements", "pk", "slug", "name")

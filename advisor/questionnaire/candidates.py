"""The frameworks as the ranking takes them: what is known of each, as bounds."""

from collections.abc import Mapping

from advisor.choices import ThemeBasis
from advisor.ranking.order import Candidate
from comparisons.models import Finding

# The lowest and highest possible value per feature, by framework.
Bounds = Mapping[str, Mapping[str, tuple[float, float]]]


def read_bounds(frameworks) -> Bounds:
    """Return what the published findings say of ``frameworks``, in one query."""
    bounds = {framework.slug: {} for framework in frameworks}
    findings = (
        Finding.objects.published()
        .filter(framework__slug__in=bounds)
        .select_related("framework", "feature")
        .only("framework__slug", "feature__slug", "level", "at_least", "at_most")
    )
    for finding in findings:
        bounds[finding.framework.slug][finding.feature.slug] = finding.bounds
    return bounds


def candidates(questionnaire, preferences, bounds: Bounds) -> list[Candidate]:
    """Return the frameworks that ``preferences`` choose from; none chosen means all."""
    team_themes = [
        theme.slug for theme in questionnaire.themes if theme.basis == ThemeBasis.TEAM
    ]
    return [
        Candidate(
            slug=framework.slug,
            name=framework.name,
            bounds=bounds[framework.slug] | dict.fromkeys(team_themes, (known, known)),
        )
        for framework in questionnaire.chosen_frameworks(preferences)
        for known in [preferences.familiarity.get(framework.slug, 0.0)]
    ]

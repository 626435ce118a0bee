"""What a query asks for, answered above the list: frameworks, features, or both."""

from dataclasses import dataclass, field
from operator import attrgetter

from django.db.models import Count, Q
from django.urls import reverse

from comparisons.models import Comparison, Extension, Feature, Finding, Framework
from comparisons.models.frameworks import comparison_slug
from comparisons.pages.features import told_counts
from comparisons.pages.side_by_side import versus

MOST_FRAMEWORKS, MOST_FEATURES = 6, 3


@dataclass(frozen=True)
class Answer:
    """One page that answers, and what it says in short.

    ``findings`` are the cells that were asked for, ``verdicts`` whom a comparison
    sends where, ``counts`` how many frameworks are at each level.
    """

    title: str
    url: str
    text: str = ""
    findings: list = field(default_factory=list)
    verdicts: list = field(default_factory=list)
    counts: list = field(default_factory=list)


def answer(named):
    """Return the ``Answer`` to a query, or None.

    ``named`` are the frameworks, features and packages that it names, as {model:
    primary keys}. A package stands for what it provides most.
    """
    frameworks = _rows(Framework, named[Framework][:MOST_FRAMEWORKS])
    features = _rows(Feature, named[Feature][:MOST_FEATURES])
    packages = _rows(Extension, [] if features else named[Extension][:1])
    features = features or [each for package in packages for each in _provided(package)]
    if len(frameworks) < 2 and not features:
        return None
    findings = _findings(frameworks, features)
    if len(frameworks) > 1:
        return _comparison(frameworks, findings)
    if findings:
        title, url = str(findings[0]), findings[0].get_absolute_url()
        return Answer(title, url, findings=findings)
    return _feature(features[0], packages)


def _rows(model, pks):
    if not pks:
        return []
    found = model.objects.published().in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


def _provided(package):
    """Return the feature that ``package`` is for, as a list.

    The first of those for which findings name it more than half as often as for any.
    """
    named = Q(findings__extension=package) | Q(findings__alternatives=package)
    features = Feature.objects.published().filter(extensions=package)
    features = features.annotate(number=Count("findings", filter=named, distinct=True))
    most = max((feature.number for feature in features), default=0)
    return [each for each in features if 2 * each.number > most or not most][:1]


def _findings(frameworks, features):
    if not frameworks or not features:
        return []
    found = Finding.objects.published().with_parents()
    cells = {
        (finding.framework, finding.feature): finding
        for finding in found.filter(framework__in=frameworks, feature__in=features)
    }
    wanted = ((framework, feature) for feature in features for framework in frameworks)
    return [cells[cell] for cell in wanted if cell in cells]


def _comparison(frameworks, findings):
    frameworks = sorted(frameworks, key=attrgetter("slug"))
    slug = comparison_slug(framework.slug for framework in frameworks)
    curated = Comparison.objects.published().filter(slug=slug).first()
    verdicts = {}
    if curated and not findings:
        for verdict in curated.verdicts.select_related("framework"):
            verdicts.setdefault(verdict.framework, verdict)
    return Answer(
        versus(frameworks),
        reverse("comparisons:compare", args=[slug]),
        findings=findings,
        verdicts=list(verdicts.values()),
    )


def _feature(feature, packages):
    texts = [f"{package.name}: {package.summary}" for package in packages]
    return Answer(
        feature.name,
        feature.get_absolute_url(),
        " ".join([*texts, feature.definition]),
        counts=told_counts(feature),
    )

"""How well the published knowledge is proved, against what is aimed at."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from comparisons.choices import FeatureKind, SourceKind
from comparisons.models import Citation

# Kinds of documents that a project writes about itself.
DOCUMENTS = (
    SourceKind.DOCUMENTATION,
    SourceKind.RELEASE_NOTES,
    SourceKind.REPOSITORY,
)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measure of the knowledge and the least that is aimed at.

    ``value`` is a share between 0 and 1 if ``count`` and ``total`` are given.
    """

    name: str
    value: float
    target: float
    count: int | None = None
    total: int | None = None

    @property
    def is_met(self):
        return self.value >= self.target

    @property
    def text(self):
        """The value in words: “1018 of 1020 (99.8 %)”."""
        if self.count is None:
            return f"{self.value:g}"
        # Cut, not rounded: 99.96 % is not 100 %.
        share = _percent(int(self.value * 1000) / 10)
        return f"{self.count} of {self.total} ({share})"

    @property
    def target_text(self):
        if self.count is None:
            return f"at least {self.target}"
        return "all" if self.target == 1 else f"at least {_percent(self.target * 100)}"


def figures(*, cells: int, findings, pros_and_cons) -> list[Figure]:
    """Return the figures of ``findings`` and ``pros_and_cons`` with citations.

    ``cells`` is how many findings there could be: frameworks times features.
    """
    known = [finding for finding in findings if finding.answer.is_known]
    capabilities = [
        finding for finding in known if finding.feature.kind == FeatureKind.CAPABILITY
    ]
    citations = Citation.objects.published()
    own = sum(map(cites_own_documentation, capabilities))
    return [
        _share("Cells known", len(known), cells, at_least=0.95),
        _share("Known findings cited", _cited(known), len(known)),
        _share("Pros and cons cited", _cited(pros_and_cons), len(pros_and_cons)),
        _share(
            "Capabilities that cite the project's own documentation",
            own,
            len(capabilities),
            at_least=0.8,
        ),
        Figure(
            name="Citations of a finding, median",
            value=median([len(finding.citations.all()) for finding in known] or [0]),
            target=1.3,
        ),
        _share(
            "Citations with a locator",
            citations.exclude(locator="").count(),
            citations.count(),
        ),
    ]


def cites_own_documentation(finding) -> bool:
    """Whether a document of the finding's own project supports it."""
    return any(
        citation.source.kind in DOCUMENTS
        and finding.framework.is_own(citation.source.publisher, citation.source.url)
        for citation in finding.supporting
    )


def _percent(number):
    return f"{number:g}\N{NO-BREAK SPACE}%"


def _cited(statements: Iterable) -> int:
    return sum(bool(statement.supporting) for statement in statements)


def _share(name, count, total, at_least=1):
    # Of nothing, everything is there.
    value = count / total if total else 1
    return Figure(name=name, value=value, target=at_least, count=count, total=total)

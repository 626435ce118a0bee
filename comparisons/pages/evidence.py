"""A statement on a page of its own: the answer, and every passage it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from comparisons.choices import Level, Stance
from comparisons.models import (
    ChangedObject,
    Citation,
    Disagreement,
    Feature,
    Finding,
    Framework,
    Link,
    Position,
    ProCon,
    Statement,
    Threshold,
)
from comparisons.pages.certainty import Support, support_of
from comparisons.pages.who_says_what import Step, who_says_what


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One citation; ``gone_at`` is the day on which its page was found to be gone.

    The first of a source tells what the source gains.
    """

    citation: Citation
    gone_at: date | None
    is_first_of_source: bool


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One statement with its passages by stance: what disputes it stands second."""

    statement: Statement
    # (stance, its passages), without the stances that no passage takes.
    passages: list[tuple[Stance, list[Passage]]]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One position in a disagreement, and the passages that take it."""

    position: Position
    passages: list[Passage]


@dataclass(frozen=True, kw_only=True)
class FindingPage:
    """The answer for one framework on one feature, and all that belongs to it."""

    framework: Framework
    feature: Feature
    # None where nobody has answered yet; that means unknown.
    evidence: Evidence | None
    support: Support | None
    steps: list[Step]
    thresholds: list[Threshold]
    pros_and_cons: list[Evidence]
    disagreements: list[Disagreement]
    last_change: ChangedObject | None

    @property
    def title(self) -> str:
        return f"{self.framework.name}: {self.feature.name}"

    @property
    def finding(self) -> Finding:
        """The finding; where there is none, the one that an editor would enter."""
        if self.evidence:
            return cast(Finding, self.evidence.statement)
        return Finding(framework=self.framework, feature=self.feature)

    @property
    def note(self) -> str:
        """The note, unless a passage says the same: that of a measured feature."""
        groups = self.evidence.passages if self.evidence else []
        said = {each.citation.says for _, passages in groups for each in passages}
        return "" if self.finding.note in said else self.finding.note


def finding_page(framework: Framework, feature: Feature) -> FindingPage:
    """Gather what is known of ``framework`` on ``feature``."""
    about = {"framework": framework, "feature": feature}
    finding = (
        Finding.objects.published()
        .with_parents()
        .with_citations()
        .prefetch_related("alternatives")
        .filter(**about)
        .first()
    )
    statements = ProCon.objects.published().with_citations().filter(**about)
    found = evidence([*([finding] if finding else []), *statements])
    level = finding.answer if finding else Level.UNKNOWN
    return FindingPage(
        framework=framework,
        feature=feature,
        evidence=found.pop(0) if finding else None,
        support=support_of(finding) if finding else None,
        steps=who_says_what(
            feature.feature_kind, level, finding.citations.all() if finding else []
        ),
        thresholds=_thresholds(feature, level),
        pros_and_cons=found,
        disagreements=list(
            Disagreement.objects.published().filter(
                frameworks=framework, feature=feature
            )
        ),
        last_change=ChangedObject.objects.latest_public(**about),
    )


def evidence(statements: Iterable[Any]) -> list[Evidence]:
    """Return each of ``statements``, which come ``with_citations()``, in one query."""
    statements = list(statements)
    stances = [_by_stance(statement) for statement in statements]
    passages = iter(read_passages(cited for each in stances for _, cited in each))
    return [
        Evidence(
            statement=statement,
            passages=[(stance, next(passages)) for stance, _ in each],
        )
        for statement, each in zip(statements, stances, strict=True)
    ]


def sides_of(disagreement: Disagreement) -> list[Side]:
    """Return the sides of ``disagreement``, which comes ``for_page()``."""
    positions = list(disagreement.positions.all())
    passages = read_passages(position.passages for position in positions)
    return [
        Side(position=position, passages=own)
        for position, own in zip(positions, passages, strict=True)
    ]


def read_passages(groups: Iterable[Iterable[Citation]]) -> list[list[Passage]]:
    """Return the passages of each of ``groups``, which one page shows, in one query."""
    groups = [list(group) for group in groups]
    gone = Link.objects.gone_since(
        citation.source.url for group in groups for citation in group
    )
    told = set()
    return [[_passage(citation, gone, told) for citation in group] for group in groups]


def _by_stance(statement):
    citations = {stance: [] for stance in Stance}
    for citation in statement.citations.all():
        citations[citation.stance].append(citation)
    return [(Stance(stance), found) for stance, found in citations.items() if found]


def _passage(citation, gone, told):
    """Return the passage; ``told`` gathers the sources that have been introduced."""
    is_first = citation.source_id not in told
    told.add(citation.source_id)
    return Passage(
        citation=citation,
        gone_at=gone.get(citation.source.url),
        is_first_of_source=is_first,
    )


def _thresholds(feature, level):
    """Return those of ``level`` and of the next better one, the better first."""
    if not level.is_known:
        return []
    levels = level.at_least()[-2:]
    return sorted(
        feature.thresholds.filter(level__in=levels),
        key=lambda threshold: levels.index(threshold.level),
    )

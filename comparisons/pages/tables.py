"""What a page of the knowledge shows, as one table of texts that can be taken away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import F

from comparisons.models import (
    Citation,
    Disagreement,
    Extension,
    Feature,
    Finding,
    Framework,
    MeasurementRun,
    Source,
)
from comparisons.pages.answers import answers_on
from comparisons.pages.certainty import supports
from comparisons.pages.extension import passages_on
from comparisons.pages.matrix import read_matrix

# Rows; no page shows more at once.
MOST = 1_000
ANSWER = ("Level", "Certainty", "Provider", "Note", "Address")
PASSAGE = (
    *("What for", "Our level", "Certainty", "Stance", "What it says", "Asserts"),
    *("Source", "Where", "Read", "Address"),
)
MEASURED = (
    *("framework", "setup", "metric", "connections", "unit"),
    *("value", "low", "high", "ratio", "ratio_low", "ratio_high"),
)


@dataclass(frozen=True)
class Table:
    """Rows of texts under their names, at most ``MOST``."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


# ``site`` is the beginning of all addresses: “https://framewise.example”.


def matrix_table(frameworks: Sequence[Framework], site: str) -> Table:
    """Return each feature with every framework's answer."""
    columns = ["Feature"]
    for framework in frameworks:
        columns += [f"{framework.name}: {name.lower()}" for name in ANSWER]
    rows = []
    for row in islice(read_matrix(frameworks, text="note", is_certain=True).rows, MOST):
        texts = [row.name]
        for framework, cell in zip(frameworks, row.cells, strict=True):
            level = cell.level.label
            level += f" ({cell.figure.text})" if cell.figure else ""
            certainty = _certainty(cell.support)
            address = f"{site}{framework.get_absolute_url()}{row.slug}/"
            texts += [level, certainty, cell.provider, cell.note, address]
        rows.append(texts)
    return Table(columns, rows)


def feature_table(feature: Feature, site: str) -> Table:
    """Return every framework's answer on ``feature``, the best first."""
    answers = answers_on(feature, Framework.objects.published()[:MOST])
    certainties = _certainties(finding for finding in answers if finding.pk)
    rows = [
        [
            finding.framework.name,
            finding.answer.label,
            certainties.get(finding, "") if finding.pk else "",
            str(finding.extension or ""),
            finding.note,
            f"{site}{finding.get_absolute_url()}",
        ]
        for finding in answers
    ]
    return Table(["Framework", *ANSWER], rows)


def finding_table(framework: Framework, feature: Feature, site: str) -> Table:
    """Return the passages on ``framework`` and ``feature``: finding, pros and cons."""
    of_finding, of_pro_con = (
        _passages().filter(
            **{f"{field}__framework": framework, f"{field}__feature": feature}
        )[:MOST]
        for field in ("finding", "pro_con")
    )
    return _passage_table(islice([*of_finding, *of_pro_con], MOST), site)


def extension_table(extension: Extension, site: str) -> Table:
    """Return the passages on what ``extension`` provides."""
    return _passage_table(passages_on(extension)[:MOST], site)


def source_table(source: Source, site: str) -> Table:
    """Return what is cited from ``source``."""
    return _passage_table(_passages().filter(source=source)[:MOST], site)


def disagreement_table(disagreement: Disagreement, site: str) -> Table:
    """Return the passages of each position in ``disagreement``."""
    passages = (
        _passages()
        .filter(positions__disagreement=disagreement)
        .annotate(position=F("positions__position"))
        .order_by("positions__pk", "pk")
    )
    return _passage_table(passages[:MOST], site)


def figures_of(run: MeasurementRun) -> list[dict[str, Any]]:
    """Return every figure of ``run``, as numbers with their unit."""
    figures = run.measurements.published().select_related("framework")[:MOST]
    return [
        {name: getattr(figure, name) for name in MEASURED}
        | {"framework": figure.framework.name}
        for figure in figures
    ]


def measurement_table(run: MeasurementRun, site: str) -> Table:
    """Return every figure of ``run``."""
    rows = [
        ["" if value is None else str(value) for value in figure.values()]
        for figure in figures_of(run)
    ]
    return Table(MEASURED, rows)


def _passages():
    return Citation.objects.published().with_statements().select_related("source")


def _passage_table(citations: Iterable[Citation], site: str) -> Table:
    citations = list(citations)
    statements = {citation.statement for citation in citations}
    certainties = _certainties(
        statement for statement in statements if isinstance(statement, Finding)
    )
    rows = [_passage(citation, certainties, site) for citation in citations]
    return Table(PASSAGE, rows)


def _certainties(findings):
    found = {finding.pk: finding for finding in findings}
    vouching = supports(
        {pk: (finding.framework, finding.answer) for pk, finding in found.items()}
    )
    return {found[pk]: _certainty(support) for pk, support in vouching.items()}


def _certainty(support):
    return support.certainty.label if support and support.certainty else ""


def _passage(citation, certainties, site):
    statement = citation.statement
    return [
        getattr(citation, "position", None) or str(statement),
        statement.answer.label if isinstance(statement, Finding) else "",
        certainties.get(statement, ""),
        citation.get_stance_display(),
        citation.says,
        citation.asserted.label if citation.asserted else "",
        str(citation.source),
        citation.locator,
        citation.accessed_date.isoformat(),
        f"{site}{citation.get_absolute_url()}",
    ]

"""Pages of the knowledge to take away: tables of what they show, and references.

Each stands beside its page, under an address with an ending: ``/frameworks/flask.csv``.
As it has no query, it is kept whole like the page.
"""

import re
from functools import partial

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls.converters import StringConverter
from django.views.decorators.http import require_safe

from comparisons.comparing import side_by_side_page
from comparisons.models import (
    Disagreement,
    Extension,
    Feature,
    Framework,
    MeasurementRun,
    Source,
)
from comparisons.pages.citing import Reference
from comparisons.pages.side_by_side import versus
from comparisons.pages.tables import (
    disagreement_table,
    extension_table,
    feature_table,
    figures_of,
    finding_table,
    matrix_table,
    measurement_table,
    source_table,
)
from comparisons.spreadsheets import files

# The media type of each kind of file, by the end of its name.
FORMATS = {
    "csv": "text/csv",
    "md": "text/markdown",
    "bib": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
}
_MARKUP = re.compile(r"[\\|<\[\]*]")


class FormatConverter(StringConverter):
    """The end of an address that asks for a file."""

    regex = "|".join(FORMATS)


@require_safe
@side_by_side_page
def comparison(request, frameworks, extension):
    table = partial(matrix_table, frameworks)
    return _file(request, extension, versus(frameworks), table)


@require_safe
def finding(request, framework, feature, extension):
    framework = get_object_or_404(Framework.objects.published(), slug=framework)
    feature = get_object_or_404(Feature.objects.published(), slug=feature)
    title = f"{framework.name}: {feature.name}"
    table = partial(finding_table, framework, feature)
    return _file(request, extension, title, table)


def table_of(model, title, make_table):
    """Return the view of the files of one row, of which the file has the ``title``."""

    @require_safe
    def download(request, slug, extension):
        row = get_object_or_404(model.objects.published(), slug=slug)
        table = partial(make_table, row)
        return _file(request, extension, title.format(row), table)

    return download


framework = table_of(Framework, "{0.name}", lambda row, site: matrix_table([row], site))
feature = table_of(Feature, "{0.name}", feature_table)
package = table_of(Extension, "{0.name}", extension_table)
source = table_of(Source, "{0.title}", source_table)
disagreement = table_of(Disagreement, "{0.question}", disagreement_table)
measurement_run = table_of(MeasurementRun, "Measurements: {0}", measurement_table)


@require_safe
def measurement_json(request, slug):
    run = get_object_or_404(MeasurementRun.objects.published(), slug=slug)
    told = ("measured_on", "rounds", "seconds", "machine", "versions", "baseline")
    content = {name: getattr(run, name) for name in (*told, "conditions")}
    return JsonResponse({"run": run.slug, **content, "figures": figures_of(run)})


def _file(request, extension, title, table):
    """Return the file; ``table`` makes the table that begins addresses with a site."""
    site = f"{request.scheme}://{request.get_host()}"
    page = request.path.removesuffix(f".{extension}")
    reference = Reference(
        title=title,
        address=f"{site}{page}/",
        version=request.edition.version,
        day=request.edition.day,
    )
    references = {"bib": "bibtex", "csl": "csl", "ris": "ris"}
    if extension in references:
        content = getattr(reference, references[extension])
    elif extension == "csv":
        made = table(site)
        content = files.write("csv", title, made.columns, made.rows)
    else:
        content = _markdown(reference, table(site))
    name = f"{page.strip('/').replace('/', '-')}.{extension}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Robots-Tag": "noindex",
    }
    media_type = f"{FORMATS[extension]}; charset=utf-8"
    return HttpResponse(content, content_type=media_type, headers=headers)


def _markdown(reference, table):
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    rows = [f"| {' | '.join(map(_as_cell, line))} |" for line in lines]
    head = [f"# {_as_cell(reference.title)}", "", _as_cell(reference.sentence), ""]
    return "\n".join([*head, *rows, ""])


def _as_cell(text):
    """Return ``text`` on one line, without what Markdown would take for markup."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))

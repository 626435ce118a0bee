"""The desk on a telephone: nothing is wider than it, and a thumb hits what it wants."""

import pytest

from advisor.models import Persona
from comparisons.editing.admin_urls import cell_address
from comparisons.models import ChangeSet, Comparison, Feature, Finding, Source
from tests.browser.conftest import look_at
from tests.forms import desk_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WIDTH, THUMB = 390, 44
OWN_PAGES = [
    "/admin/",
    "/admin/queue/unanswered/",
    "/admin/audit/",
    "/admin/work/",
    "/admin/mail/",
    "/admin/guide/first-correction/",
    "/admin/comparisons/",
    "/admin/comparisons/changeset/deleted/",
    "/admin/queue/duplicates/",
    "/admin/comparisons/finding/import/",
    "/admin/comparisons/finding/export/",
    "/admin/advisor/preview/",
]
# What is pressed and lower than a thumb, but for links within a sentence. A box or a
# button of a choice is pressed by its label as well, or ticks its row.
SMALL = """
  const [thumb] = arguments;
  const pressed = "#content :is(a[href], button, input, select, summary, textarea)";
  const height = (part) => part.getBoundingClientRect().height;
  const isInText = (part) => getComputedStyle(part).display === "inline"
    && [...part.parentElement.childNodes].some(({ nodeType, data }) =>
      nodeType === Node.TEXT_NODE && data.trim());
  const around = (part) => [part, ...part.labels ?? [], part.closest("td, th")];
  const reach = (part) => Math.max(...(part.matches("[type=checkbox], [type=radio]")
    ? around(part).filter(Boolean) : [part]).map(height));
  return [...document.querySelectorAll(pressed)]
    .filter((part) => part.checkVisibility() && height(part))
    .filter((part) => !part.matches(".visually-hidden, [class*=select2]"))
    .filter((part) => !isInText(part) && reach(part) < thumb)
    .map((part) => part.outerHTML.slice(0, 200));
"""


def test_all_is_in_reach_on_a_telephone(browser, site, sign_in):
    finding = Finding.objects.first()
    form, comparison, source = (
        desk_address(type(row), "change", row.pk)
        for row in (finding, Comparison.objects.first(), Source.objects.first())
    )
    pages = [
        *OWN_PAGES,
        *(desk_address(model, "changelist") for model in (Finding, Source, ChangeSet)),
        *(desk_address(model, "add") for model in (Feature, Persona)),
        *(form, comparison, source),
        desk_address(Finding, "delete", finding.pk),
        desk_address(Finding, "history", finding.pk),
        cell_address(finding),
    ]
    sign_in(browser)
    look_at(browser, width=WIDTH)

    wide, small = [], {}
    for page in pages:
        browser.get(site + page)
        if browser.execute_script("return document.body.scrollWidth") > WIDTH:
            wide.append(page)
        if found := browser.execute_script(SMALL, THUMB):
            small[page] = found

    assert wide == []
    assert small == {}

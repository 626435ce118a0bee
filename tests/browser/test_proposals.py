"""A contributor proposes corrections of what readers see; a reviewer decides."""

import pytest

from comparisons.choices import Level, ProposalState
from comparisons.editing.admin_urls import edit_address
from comparisons.models import Comparison, Finding, ProCon, Proposal
from tests.browser.conftest import (
    CONTRIBUTOR_NAME,
    find,
    find_all,
    follow,
    unfold,
    wait_for,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FRAMEWORK, FEATURE = "flask", "signals-events"


def fill_in(browser, **texts):
    for name, text in texts.items():
        place = find(browser, f"[name='{name}']")
        place.clear()
        place.send_keys(text)


def wrong_level(browser, site):
    """By the public “Edit” link, as a newcomer would; return the row and its note."""
    browser.get(f"{site}/frameworks/{FRAMEWORK}/")
    follow(browser, find(browser, f"#{FEATURE} .edit-link"))
    find(browser, f"[name=level][value={Level.MANUAL}]").click()
    unfold(browser)
    fill_in(browser, decision="By Cy.", reason="So.", change_reason="Level by hand")
    find(browser, ".matrix-form [name=_propose]").click()
    wait_for(browser, f".matrix-open:not(#{FEATURE})")
    assert "Proposed: " in find(browser, "#matrix-status").text
    row = Finding.objects.get(framework__slug=FRAMEWORK, feature__slug=FEATURE)
    return row, "decision"


def pro(browser, site):
    row = ProCon.objects.published().filter(framework__slug=FRAMEWORK).first()
    return by_its_form(browser, site, row, "matters_when")


def comparison(browser, site):
    return by_its_form(browser, site, Comparison.objects.first(), "introduction")


def by_its_form(browser, site, row, name):
    browser.get(site + edit_address(row))
    assert find_all(browser, "[name=_save]") == []
    fill_in(browser, **{name: "By Cy.", "change_reason": "Other words"})
    follow(browser, find_all(browser, "[name=_propose]")[-1])
    assert "Proposed: " in find(browser, ".messagelist").text
    assert "By Cy." in find(browser, ".differences").text
    return row, name


@pytest.mark.parametrize("task", [wrong_level, pro, comparison])
def test_contributor_proposes_and_a_reviewer_accepts_in_two_clicks(
    browser, site, sign_in, task
):
    sign_in(browser, CONTRIBUTOR_NAME)
    row, name = task(browser, site)
    proposal = Proposal.objects.get()
    row.refresh_from_db()
    assert getattr(row, name) != "By Cy."

    sign_in(browser, "Grace")
    browser.get(f"{site}/admin/queue/")
    follow(browser, find(browser, f"a[href='{edit_address(proposal)}']"))
    assert proposal.reason in find(browser, "#content-main").text
    follow(browser, find(browser, "[name=_accept]"))

    assert "Accepted: " in find(browser, ".messagelist").text
    proposal.refresh_from_db()
    row.refresh_from_db()
    assert getattr(row, name) == "By Cy."
    assert proposal.state == ProposalState.ACCEPTED
    assert proposal.change_set.editor.username == CONTRIBUTOR_NAME
    assert proposal.change_set.accepted_by.username == "Grace"

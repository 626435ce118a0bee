"""A contributor proposes corrections of what readers see; a reviewer decides."""

import pytest

from comparisons.choices import Level, ProposalState
from comparisons.editing.admin_urls import edit_address
from comparisons.models import Finding, ProCon, Proposal
from tests.browser.conftest import (
    CONTRIBUTOR_NAME,
    find,
    find_all,
    follow,
    look_at,
    wait_for,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FRAMEWORK, FEATURE = "flask", "signals-events"
# The page of a proposal, with what it changes and what it can become.
DIFFERENCES = ".differences"


def fill_in(browser, name, text):
    place = find(browser, f"[name='{name}']")
    place.clear()
    place.send_keys(text)


def from_the_matrix(browser, site):
    """By the public “Edit” link, as a newcomer would; return the finding."""
    browser.get(f"{site}/frameworks/{FRAMEWORK}/")
    follow(browser, find(browser, f"#{FEATURE} .edit-link"))
    find(browser, f"[name=level][value={Level.MANUAL}]").click()
    unfold_decision(browser)
    fill_in(browser, "decision", "By hand.")
    fill_in(browser, "reason", "So a test wants it.")
    fill_in(browser, "change_reason", "Level by hand")
    find(browser, ".matrix-form [name=_propose]").click()
    wait_for(browser, f".matrix-open:not(#{FEATURE})")
    assert "Proposed: " in find(browser, "#matrix-status").text
    return Finding.objects.get(framework__slug=FRAMEWORK, feature__slug=FEATURE)


def unfold_decision(browser):
    browser.execute_script(
        "document.querySelectorAll('.matrix-form details').forEach(d => d.open = true)"
    )


def from_the_form(browser, site):
    row = Finding.objects.get(framework__slug=FRAMEWORK, feature__slug="search")
    return propose_note(browser, site, row, "note")


def from_a_pro(browser, site):
    row = ProCon.objects.published().filter(framework__slug=FRAMEWORK).first()
    return propose_note(browser, site, row, "matters_when")


def propose_note(browser, site, row, name):
    browser.get(site + edit_address(row))
    assert find_all(browser, "[name=_save]") == []
    fill_in(browser, name, "Proposed by Cy.")
    fill_in(browser, "change_reason", "Other words")
    follow(browser, find_all(browser, "[name=_propose]")[-1])
    assert "Proposed: " in find(browser, ".messagelist").text
    assert "Proposed by Cy." in find(browser, DIFFERENCES).text
    return row


@pytest.mark.parametrize("way", [from_the_matrix, from_the_form, from_a_pro])
def test_contributor_proposes_and_a_reviewer_accepts_in_two_clicks(
    browser, site, sign_in, way
):
    sign_in(browser, CONTRIBUTOR_NAME)
    way(browser, site)
    proposal = Proposal.objects.get()
    assert proposal.is_open

    sign_in(browser, "Grace")
    browser.get(f"{site}/admin/queue/")
    follow(browser, find(browser, f"a[href='{edit_address(proposal)}']"))
    assert proposal.reason in find(browser, "#content-main").text
    follow(browser, find(browser, "[name=_accept]"))

    assert "Accepted: " in find(browser, ".messagelist").text
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.ACCEPTED
    assert proposal.change_set.editor.username == CONTRIBUTOR_NAME
    assert proposal.change_set.accepted_by.username == "Grace"


def test_proposal_sent_back_is_mended_on_a_telephone(browser, site, sign_in):
    look_at(browser, width=390)
    sign_in(browser, CONTRIBUTOR_NAME)
    row = from_a_pro(browser, site)
    proposal = Proposal.objects.get()

    sign_in(browser, "Grace")
    browser.get(site + edit_address(proposal))
    fill_in(browser, "answer", "Say for whom.")
    follow(browser, find(browser, "[name=send_back]"))

    sign_in(browser, CONTRIBUTOR_NAME)
    browser.get(f"{site}/admin/queue/")
    assert "Say for whom." in find(browser, "#content-main").text
    follow(browser, find(browser, f"a[href='{edit_address(proposal)}']"))
    follow(browser, find(browser, "a[href*='proposal=']"))
    place = find(browser, "[name=matters_when]")
    assert place.get_attribute("value") == "Proposed by Cy."
    fill_in(browser, "matters_when", "Proposed for beginners.")
    follow(browser, find_all(browser, "[name=_propose]")[-1])

    proposal.refresh_from_db()
    assert proposal.is_open
    assert proposal.posted["matters_when"] == ["Proposed for beginners."]
    assert ProCon.objects.get(pk=row.pk).matters_when == row.matters_when
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 390

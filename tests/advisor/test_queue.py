"""The section of the queue that lists what recent advice lacked."""

import pytest

from comparisons.choices import Level
from comparisons.editing.admin_urls import cell_address
from tests import factories as make
from tests.pages import ask_advisor


@pytest.fixture
def wanted(knowledge, client):
    """Advice that rests on the throughput of Flask, which nobody knows."""
    make.make_share(theme=knowledge.batteries, feature=knowledge.throughput)
    for _ in range(2):
        ask_advisor(client, {"priority-batteries": "4"})
    return {"framework": knowledge.flask, "feature": knowledge.throughput}


def entries(client):
    context = client.get("/admin/queue/open-facts/").context
    return context["entries"]


def test_fact_that_advice_lacked_waits_with_the_row_to_enter_it(admin_client, wanted):
    (entry,) = entries(admin_client)

    assert entry.subject == "{framework}: {feature}".format(**wanted)
    assert entry.remark == "could have moved 100.0 points in 2 results"
    editor = admin_client.get(entry.address).context["editor"]
    assert editor.finding.framework == wanted["framework"]


@pytest.mark.parametrize("said", [{"draft": True}, {"level": Level.UNKNOWN}])
def test_fact_leads_to_the_finding_that_leaves_it_open(admin_client, wanted, said):
    finding = make.make_finding(**wanted, **said)

    (entry,) = entries(admin_client)

    assert entry.address == cell_address(finding)


def test_fact_that_became_known_waits_no_longer(admin_client, wanted):
    make.make_finding(**wanted)

    assert entries(admin_client) == []

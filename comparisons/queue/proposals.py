"""What editors propose: to be decided, sent back to its author, still waiting."""

from django.utils.text import Truncator

from comparisons.choices import ProposalState
from comparisons.editing.admin_urls import edit_address
from comparisons.models import Proposal
from comparisons.queue.sections import Entry, Section, holds
from comparisons.suggestions.deciding import PERMISSION


def _to_decide(queue):
    """Nobody decides what they propose themselves."""
    others = Proposal.objects.open().exclude(author=queue.editor)
    return others.select_related("author").order_by("sent_at", "pk")


def _sent_back(queue):
    returned = queue.editor.proposals.filter(state=ProposalState.RETURNED)
    return returned.select_related("decided_by").order_by("-decided_at", "pk")


def _own(queue):
    return queue.editor.proposals.open().order_by("sent_at", "pk")


def _tell(proposals):
    return [
        _entry(each, each.reason, each.author_name, each.sent_at) for each in proposals
    ]


def _tell_answers(proposals):
    return [
        _entry(
            each, Truncator(each.answer).chars(120), each.decider_name, each.decided_at
        )
        for each in proposals
    ]


def _entry(proposal, words, by, since):
    address = edit_address(proposal)
    return Entry(
        subject=proposal.name, remark=f"– {words}", address=address, by=by, since=since
    )


SECTIONS = [
    Section(
        slug="sent-back",
        title="Proposals that came back to you",
        why="A reviewer says what is missing. Mend and send them again, or withdraw "
        "them.",
        position=12,
        is_for=holds("comparisons.view_proposal"),
        find=_sent_back,
        tell=_tell_answers,
        is_mailed=True,
    ),
    Section(
        slug="proposals",
        title="Proposed changes",
        why="An editor would change what readers see. Accept it, mend it on the way, "
        "or send it back with a word.",
        position=14,
        is_for=holds(PERMISSION),
        find=_to_decide,
        tell=_tell,
        is_mailed=True,
    ),
    Section(
        slug="my-proposals",
        title="My proposals",
        why="They wait for a reviewer. You can still change or withdraw them.",
        position=25,
        is_for=holds("comparisons.view_proposal"),
        find=_own,
        tell=_tell,
    ),
]

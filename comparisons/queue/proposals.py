"""What editors propose: to be decided, sent back to its author, still waiting."""

from functools import partial

from django.urls import reverse
from django.utils import timezone

from comparisons.choices import ProposalState
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


def _tell(proposals, *, remark):
    page = "admin:comparisons_proposal_change"
    return [
        Entry(
            subject=proposal.name,
            remark=remark(proposal),
            address=reverse(page, args=[proposal.pk]),
        )
        for proposal in proposals
    ]


def _asked(proposal):
    by = proposal.author or "somebody"
    return f"– {proposal.reason} (by {by}, {_day(proposal.sent_at)})"


def _answered(proposal):
    by = proposal.decided_by or "somebody"
    return f"– {proposal.answer} (by {by}, {_day(proposal.decided_at)})"


def _waiting(proposal):
    return f"– {proposal.reason} (since {_day(proposal.sent_at)})"


def _day(moment):
    return f"{timezone.localtime(moment):%-d %B %Y}"


SECTIONS = [
    Section(
        slug="sent-back",
        title="Sent back to you",
        why="A reviewer says what is missing. Mend it and send it again, or withdraw "
        "it.",
        position=12,
        is_for=holds("comparisons.view_proposal"),
        find=_sent_back,
        tell=partial(_tell, remark=_answered),
    ),
    Section(
        slug="proposals",
        title="Proposed changes",
        why="An editor would change what readers see. Accept it, mend it on the way, "
        "or send it back with a word.",
        position=14,
        is_for=holds(PERMISSION),
        find=_to_decide,
        tell=partial(_tell, remark=_asked),
    ),
    Section(
        slug="my-proposals",
        title="My proposals",
        why="They wait for a reviewer. You can still change or withdraw them.",
        position=25,
        is_for=holds("comparisons.view_proposal"),
        find=_own,
        tell=partial(_tell, remark=_waiting),
    ),
]

"""Proposals of editors: who sends one, who decides it, and what is kept of it.

A proposal is stored once if it is sent twice, and mended by its author until somebody
else decides. No knowledge is changed here: the form of the row does that, see
``comparisons.admin.bases.intents``.
"""

from dataclasses import asdict

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comparisons.choices import ProposalState
from comparisons.editing.seen import SEEN_FIELD, Seen
from comparisons.history.differences import FieldDifference, ObjectDifference
from comparisons.knowledge.shapes import digest
from comparisons.models import ChangedObject, Proposal
from comparisons.suggestions.deciding import PERMISSION, AlreadyDecided


def visible_to(user):
    """Return the proposals that ``user`` may read: the own, or all."""
    if user.has_perm(PERMISSION):
        return Proposal.objects.all()
    return Proposal.objects.filter(author=user)


def refusal(proposal, editor):
    """Return why ``editor`` may not decide ``proposal`` now; empty if they may."""
    if not editor.has_perm(PERMISSION):
        return "Only a reviewer decides what is proposed."
    if proposal.author_id == editor.pk:
        return "You proposed this, so somebody else decides."
    if not proposal.is_open:
        state = ProposalState(proposal.state).label.lower()
        return f"This proposal was {state} meanwhile. Nothing was changed now."
    return ""


# Sending


@transaction.atomic
def send(row, posted, *, author, mends=None, **said):
    """Store what ``author`` proposes about ``row``, and return it.

    ``posted`` is what its form sent, ``said`` what else is kept. It takes the place of
    the proposal that it ``mends``, if that is still theirs to mend. Who proposes the
    same twice has proposed it once.
    """
    # Whoever opens the form again has seen it at another time.
    typed = {name: posted[name] for name in posted if name != SEEN_FIELD}
    about = {
        "author": author,
        "model_label": row._meta.label_lower,
        "object_pk": row.pk,
        "digest": digest(typed),
    }
    said = said | {"posted": posted, "sent_at": timezone.now()}
    undecided = Proposal.objects.undecided()
    held = mends and undecided.select_for_update().filter(pk=mends.pk).first()
    if held and not undecided.filter(**about).exclude(pk=held.pk).exists():
        again = {"state": ProposalState.OPEN, "decided_by": None, "decided_at": None}
        for name, value in (about | said | again).items():
            setattr(held, name, value)
        held.save()
        return held
    return undecided.get_or_create(**about, defaults=said)[0]


def pack(differences):
    """Return what a proposal keeps of ``differences``, in the types of JSON."""
    return [
        {
            "model": each.changed.model_label,
            "name": each.changed.name,
            "act": each.act,
            "about": each.about,
            "fields": [asdict(field) for field in each.fields],
            "citations": pack(each.citations),
        }
        for each in differences
    ]


def unpack(changes):
    """Return the differences that ``pack()`` made ``changes`` of, without addresses."""
    return [
        ObjectDifference(
            changed=ChangedObject(model_label=each["model"], name=each["name"]),
            act=each["act"],
            address="",
            about=each["about"],
            fields=[FieldDifference(**field) for field in each["fields"]],
            citations=unpack(each["citations"]),
        )
        for each in changes
    ]


def seen(proposal):
    """Return the row as the author saw it, None if that cannot be told any more."""
    return Seen.read("".join(proposal.posted.get(SEEN_FIELD, [])))


# Deciding


def accept(proposal, *, editor, change_set):
    """Close a held proposal of which ``change_set`` is the outcome, if any."""
    proposal.change_set = change_set
    proposal.decide(ProposalState.ACCEPTED, editor)


@transaction.atomic
def close(pk, state, *, editor, answer=""):
    """Send a proposal back, decline it, or withdraw the own.

    Raises:
        PermissionDenied: the editor may not.
        AlreadyDecided: somebody was faster.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=pk)
    if state == ProposalState.WITHDRAWN:
        is_over, reason = not proposal.is_undecided, ""
        if proposal.author_id != editor.pk:
            reason = "Only its author withdraws it."
    else:
        is_over, reason = not proposal.is_open, refusal(proposal, editor)
    if is_over:
        raise AlreadyDecided(proposal)
    if reason:
        raise PermissionDenied(reason)
    proposal.answer = answer or proposal.answer
    proposal.decide(state, editor)

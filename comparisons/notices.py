"""Mail to editors: what was decided about their work, and each day what waits.

Each account chooses what it is told (``MailChoice``). A mail goes out once the
transaction of what it tells of is over; one that fails is logged and changes nothing.
"""

import logging
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.urls import reverse

from comparisons.addresses import absolute
from comparisons.choices import Act, ProposalState, Status
from comparisons.editing.admin_urls import work_address
from comparisons.history import recording
from comparisons.history.records import earlier_records
from comparisons.models import ChangeSet, MailChoice, Proposal, Publishable
from comparisons.models.history import account_name
from comparisons.queue import SECTIONS, Queue
from comparisons.web.mail import send

logger = logging.getLogger(__name__)

# What became of a row that waited, by its states before and after.
OUTCOMES = {
    (Status.DRAFT, Status.PUBLISHED): "published",
    (Status.IN_REVIEW, Status.PUBLISHED): "published",
    (Status.IN_REVIEW, Status.DRAFT): "sent back",
    (Status.IN_REVIEW, Act.DELETED): "deleted",
}
ANSWERS = {
    ProposalState.ACCEPTED: "accepted",
    ProposalState.RETURNED: "sent back",
    ProposalState.DECLINED: "declined",
}
# No more of one act are told one by one.
MOST_TOLD = 50


@dataclass(frozen=True)
class Decision:
    """What was decided about one row, and the keys of the accounts that wrote it."""

    name: str
    outcome: str
    address: str
    authors: set


def connect():
    """Tell authors of decisions from now on."""
    recording.closed.connect(_closed, dispatch_uid="notices")
    post_save.connect(_saved, sender=Proposal, dispatch_uid="notices")


def _closed(sender, change_set, **kwargs):
    # Nobody decides who loads a file from a shell.
    if change_set.editor_id:
        transaction.on_commit(partial(tell_authors, change_set.pk), robust=True)


def _saved(sender, instance, **kwargs):
    if instance.state in ANSWERS and instance.author_id != instance.decided_by_id:
        transaction.on_commit(partial(tell_proposer, instance.pk), robust=True)


def tell_proposer(pk):
    """Tell who made the proposal ``pk``, and wants to know, what became of it."""
    proposal = Proposal.objects.select_related("decided_by").get(pk=pk)
    page = reverse("admin:comparisons_proposal_change", args=[pk])
    answer = Decision(
        name=proposal.name,
        outcome=ANSWERS[proposal.state],
        address=absolute(page),
        authors={proposal.author_id},
    )
    for choice in _choices(decisions=True, user=proposal.author_id):
        _tell_decisions(choice.user, [answer], proposal.decided_by, proposal.answer)


def tell_authors(pk):
    """Tell those who want to know what the set ``pk`` decided about their work."""
    choices = list(_choices(decisions=True))
    if not choices:
        return
    changes = ChangeSet.objects.select_related("editor").get(pk=pk)
    decided = decisions(changes)
    for choice in choices:
        if choice.user_id == changes.editor_id:
            continue
        own = [each for each in decided if choice.user_id in each.authors]
        if own:
            _tell_decisions(choice.user, own, changes.editor, changes.reason)


def _tell_decisions(user, decided, by, said):
    context = {
        "decisions": decided[:MOST_TOLD],
        "number": len(decided),
        "by": account_name(by, "Somebody"),
        "said": said,
    }
    _tell(user, f"Framewise: {_summary(decided)}", "mail_decisions", context)


def decisions(changes):
    """Return what a set decided about rows that waited, in two queries for a model."""
    listed = changes.objects_changed.exclude(act=Act.CREATED)
    names = {(each.model, each.object_pk): each.name for each in listed}
    models = {model for model, _ in names if issubclass(model, Publishable)}
    return [each for model in models for each in _of_model(model, changes, names)]


def _of_model(model, changes, names):
    records = list(model.history.filter(change_set=changes))
    earlier = earlier_records(model, records)
    outcomes = {
        record: outcome
        for record in records
        if (before := earlier[record.history_id])
        and (outcome := OUTCOMES.get((before.status, _state(record))))
    }
    authors = _authors(model, outcomes)
    keys = [record.pk_of_object for record in outcomes]
    rows = model.objects.select_related().in_bulk(keys) if keys else {}
    return [
        Decision(
            name=names.get((model, record.pk_of_object), str(record)),
            outcome=outcome,
            address=_address(model, record, rows.get(record.pk_of_object)),
            authors=authors[record.pk_of_object],
        )
        for record, outcome in outcomes.items()
    ]


def _state(record):
    deleted = record.history_type == Act.DELETED
    return Act.DELETED if deleted else Status(record.status)


def _address(model, record, row):
    if row is None:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
        return absolute(reverse(names, args=[record.pk_of_object]))
    is_page = row.is_published and hasattr(row, "get_absolute_url")
    return absolute(row.get_absolute_url() if is_page else work_address(row))


def _authors(model, records):
    """Return {key of a row: the accounts that changed it since it was last public}."""
    until = {record.pk_of_object: record.history_id for record in records}
    authors = {pk: set() for pk in until}
    told = model.history.filter(id__in=until).order_by("history_id")
    for pk, history_id, status, editor in told.values_list(
        "id", "history_id", "status", "change_set__editor"
    ):
        if history_id < until[pk]:
            if status == Status.PUBLISHED:
                authors[pk].clear()
            elif editor:
                authors[pk].add(editor)
    return authors


def _summary(decided):
    if len(decided) == 1:
        return f"{decided[0].name} was {decided[0].outcome}"[:120]
    return f"{len(decided)} decisions about your work"


def send_digests(today):
    """Tell those who want to know what waits; return how many were told.

    Each is told once on the day ``today``, and only if there is anything.
    """
    waiting = _choices(digest=True).filter(
        Q(digest_date=None) | Q(digest_date__lt=today)
    )
    return sum(_send_digest(choice, today) for choice in waiting)


def _send_digest(choice, today):
    queue = Queue(choice.user, today)
    mailed = (section for section in SECTIONS if section.is_mailed)
    glances = [queue.glance(section) for section in queue.among(mailed)]
    glances = [glance for glance in glances if glance.number]
    if not glances:
        return False
    subject = "Framewise: what waits for a decision"
    if not _tell(choice.user, subject, "mail_digest", {"glances": glances}):
        return False
    choice.digest_date = today
    choice.save(update_fields=["digest_date"])
    return True


def _choices(**wanted):
    choices = MailChoice.objects.filter(user__is_active=True, user__is_staff=True)
    choices = choices.filter(**wanted).exclude(user__email="").order_by("pk")
    return choices.select_related("user")


def _tell(user, subject, template, context):
    """Return whether it was sent."""
    context |= {
        "user": user,
        "site": absolute(""),
        "desk": absolute(reverse("admin:index")),
        "choice": absolute(reverse("desk:mail")),
    }
    if error := send(subject, template, context, user.email):
        logger.warning("No mail to account %s: %s", user.pk, type(error).__name__)
    return error is None

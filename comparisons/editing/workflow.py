"""Who may do what to the knowledge, and how an account changes its state.

An account has Django's permissions, mostly through its group (see
``comparisons.editing.roles``). What it may do to one row also depends on the row: what
readers see is touched by those alone who may publish, and nobody publishes what
they wrote themselves unless they may do that too. ``docs/rights.md`` has the table.

A shell has no account, so nothing here holds for it; what the database promises
does.
"""

from django.contrib.auth import get_permission_codename
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects

from comparisons.choices import Action, Status
from comparisons.editing.authorship import is_author
from comparisons.editing.locks import lock
from comparisons.history.recording import change_set
from comparisons.history.records import recorded_models
from comparisons.models import Publishable

PUBLISH = "comparisons.publish_knowledge"
PUBLISH_OWN = "comparisons.publish_own_knowledge"
# Rights that depend on no row.
WHOLE = {
    Action.PREVIEW: "comparisons.preview_knowledge",
    Action.UNDO: "comparisons.undo_changeset",
}
# Where each move leads, and from where.
MOVES = {
    Action.SUBMIT: (Status.IN_REVIEW, [Status.DRAFT]),
    Action.PUBLISH: (
        Status.PUBLISHED,
        [Status.DRAFT, Status.IN_REVIEW, Status.RETIRED],
    ),
    Action.RETIRE: (Status.RETIRED, [Status.PUBLISHED]),
    Action.WITHDRAW: (
        Status.DRAFT,
        [Status.IN_REVIEW, Status.PUBLISHED, Status.RETIRED],
    ),
}
# The states that only those who publish may touch.
SETTLED = [Status.PUBLISHED, Status.RETIRED]


def may(user, action, row=None):
    """Whether ``user`` may do ``action`` to ``row``; see ``refusal()``."""
    return not refusal(user, action, row)


def require(user, action, row=None):
    """Raise PermissionDenied, with the reason, unless ``user`` may do it."""
    if reason := refusal(user, action, row):
        raise PermissionDenied(reason)


def refusal(user, action, row=None):
    """Return why ``user`` may not do ``action`` to ``row``; empty if they may.

    ``row`` is an object, stored or about to be, or a model where no object is
    meant. ``PREVIEW`` and ``UNDO``, of whatever there is, need none.
    """
    action = Action(action)
    if action in WHOLE:
        allowed = user.has_perm(WHOLE[action])
        return "" if allowed else "Your account does not have this right."
    meta = row._meta
    needed = Action.CHANGE if action in {*MOVES, Action.PROPOSE} else action
    if not user.has_perm(f"{meta.app_label}.{get_permission_codename(needed, meta)}"):
        return f"Your account may not {needed} {meta.verbose_name_plural}."
    if action == Action.VIEW:
        return ""
    if action == Action.PROPOSE:
        seen = is_settled(row)
        return "" if seen else "Readers never saw it: change it instead."
    if action in MOVES and row.status not in MOVES[action][1]:
        return _no_such_move(row, MOVES[action][0])
    if not user.has_perm(PUBLISH):
        if action == Action.PUBLISH:
            return "Only a reviewer publishes: send it to review."
        if is_settled(row):
            return (
                "Readers see it, or saw it once: propose the change, or ask a reviewer."
            )
    if action == Action.PUBLISH and _is_own(user, row):
        return (
            "You wrote it, or changed it since it was last published, so somebody "
            "else has to publish it."
        )
    return ""


def may_undo(user):
    """Whether there is anything that ``user`` might undo."""
    return may(user, Action.UNDO) or any(
        may(user, Action.CHANGE, model) for model in recorded_models()
    )


def refusals_to_undo(user, pairs):
    """Return for each row and what it is to be why ``user`` may not bring that about.

    The rows are of one model, and either of a pair is None where there is nothing. Who
    may not undo whatever there is may do what they could do by hand, and bring back
    what was deleted as it was.
    """
    if may(user, Action.UNDO):
        return [""] * len(pairs)
    _find_out_settled([each for pair in pairs for each in pair if each])
    return [_refusal_to_undo(user, row, former) for row, former in pairs]


def _refusal_to_undo(user, row, former):
    if former is None:
        return refusal(user, Action.DELETE, row)
    if row is None:
        reason = refusal(user, Action.ADD, type(former))
    elif _is_public(former) and not _is_public(row):
        reason = refusal(user, Action.PUBLISH, row)
    else:
        reason = refusal(user, Action.CHANGE, row)
    if reason or user.has_perm(PUBLISH) or not _was_settled(former):
        return reason
    return "Readers would see it: ask a reviewer."


def in_words(error):
    """Return what ``move()`` refuses, as sentences in one line."""
    return " ".join(getattr(error, "messages", None) or [str(error)])


def targets(user, row):
    """Return the states to which ``user`` may move ``row``, in their order."""
    allowed = {to for action, (to, _) in MOVES.items() if may(user, action, row)}
    return [status for status in Status if status in allowed]


def reachable(row):
    """Return the states to which anybody may move ``row``, in their order."""
    allowed = {to for to, sources in MOVES.values() if row.status in sources}
    return [status for status in Status if status in allowed]


def move(row, to, editor, *, reason=""):
    """Move ``row`` to the state ``to``, as one recorded set, and return it.

    Judges what is stored, not what ``row`` holds, and stores the state alone. Without
    an ``editor`` nobody is asked for a right: it is only proposed.

    Raises:
        PermissionDenied: ``editor`` may not.
        ValidationError: there is no such move, or the row is not fit for readers.
    """
    with change_set(editor=editor, reason=reason), transaction.atomic():
        stored = lock(row)
        action = next(
            (
                action
                for action, (target, sources) in MOVES.items()
                if target == to and stored.status in sources
            ),
            None,
        )
        if action is None:
            raise ValidationError(_no_such_move(stored, Status(to)), code="no_move")
        if editor:
            require(editor, action, stored)
        stored.status = to
        if to == Status.PUBLISHED:
            # The database holds constraints already.
            stored.full_clean(validate_unique=False, validate_constraints=False)
            stored.refuse_unready()
        stored.save(update_fields=["status"])
    row.status = to
    return row


def is_settled(row):
    """Whether a reader sees, or once saw, what is said by ``row``.

    What has no state of its own is settled with what it belongs to, and what many
    share (a source, an extension) while something published rests on it.
    """
    if isinstance(row, type):
        return False
    if isinstance(row, Publishable):
        return row.status in SETTLED
    if hasattr(row, "belongs_to"):
        owners = (getattr(row, name, None) for name in row.belongs_to)
        return any(is_settled(owner) for owner in owners if owner is not None)
    if hasattr(row, "is_seen"):
        return row.is_seen
    rows = type(row)._default_manager.all()
    return hasattr(rows, "published") and rows.published().filter(pk=row.pk).exists()


def _find_out_settled(rows):
    """Find out at once what ``is_settled()`` asks of each of ``rows``, of one model."""
    model = type(rows[0]) if rows else None
    if model is None or issubclass(model, Publishable):
        return
    if hasattr(model, "belongs_to"):
        prefetch_related_objects(rows, *model.belongs_to)
        return
    stored = model._default_manager.filter(pk__in=[row.pk for row in rows])
    seen = stored.published() if hasattr(stored, "published") else stored.none()
    seen = set(seen.values_list("pk", flat=True))
    for row in rows:
        row.is_seen = row.pk in seen


def unsettled(model):
    """Return the rows of ``model`` that those who may not publish may change."""
    rows = model._default_manager.all()
    if issubclass(model, Publishable):
        return rows.exclude(status__in=SETTLED)
    if not hasattr(model, "belongs_to"):
        return rows.exclude(pk__in=rows.published())
    (owner,) = model.belongs_to
    parents = unsettled(model._meta.get_field(owner).related_model)
    return rows.filter(**{f"{owner}__in": parents})


def _is_public(row):
    return isinstance(row, Publishable) and row.is_published


def _was_settled(row):
    """Ask it of a row that is not stored; what it belonged to may be gone as well."""
    try:
        return is_settled(row)
    except ObjectDoesNotExist:
        return False


def _is_own(user, row):
    return not user.has_perm(PUBLISH_OWN) and is_author(user, row)


def _no_such_move(row, to):
    state = row.get_status_display().lower()
    return f"It is {state} and cannot become {to.label.lower()}."

"""Suggestions of readers: what they may be about, who decides, who is told.

A suggestion is taken while there are not too many, decided once, by whoever has
the permission, and answered by mail after the decision is stored.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from comparisons.choices import SuggestionState
from comparisons.editing.locks import lock
from comparisons.keys import find_by_key, natural_key
from comparisons.models import Suggestion
from comparisons.models.suggestions import TARGETS
from comparisons.web.mail import send
from comparisons.web.redirects import current_key

# A flood stops here, whatever it comes from: more wait for no statement, and no
# more are taken within a day.
MOST_WAITING = 10
MOST_A_DAY = 200
# What a reader writes; ``SuggestionForm`` asks for it.
WRITTEN = [
    "problem",
    "proposed_level",
    "proposed_text",
    "evidence_url",
    "evidence_locator",
    "credit",
    "contact",
]
# Days after which the address of a reader who could not be told is forgotten.
CONTACT_DAYS = 30

PERMISSION = "comparisons.decide_suggestion"

logger = logging.getLogger(__name__)


class TooManySuggestions(Exception):
    """No more can be taken now. The text tells the reader why."""


class AlreadyDecided(Exception):
    """Another editor was faster."""

    def __init__(self, row):
        super().__init__(f"This {row._meta.verbose_name} has been decided meanwhile.")


# What they are about


def form_address(target):
    """Return the address of the form on which ``target`` can be corrected."""
    kind = Suggestion.field_for(type(target)).replace("_", "-")
    key = "/".join(natural_key(target))
    return reverse("comparisons:suggest", args=[kind, key])


def find_target(kind, key):
    """Return the published row that such an address names or named, or None."""
    name = kind.replace("-", "_")
    if name not in TARGETS or "_" in kind:
        return None
    rows = Suggestion._meta.get_field(name).related_model.objects.published()
    if hasattr(rows, "with_parents"):
        rows = rows.with_parents()
    parts = key.split("/")
    # The key may have too many parts, and nothing may be called so.
    with suppress(ValueError, ObjectDoesNotExist):
        return find_by_key(rows, parts)
    with suppress(ValueError, ObjectDoesNotExist):
        return find_by_key(rows, current_key(rows.model, parts))
    return None


# Taking


@transaction.atomic
def take(suggestion):
    """Store a new suggestion; once, if it is sent twice.

    Raises:
        TooManySuggestions: for this target, or for one day.
        DoesNotExist: the target was deleted meanwhile.
    """
    # Whoever suggests something about the same row waits, so the count is right.
    target = lock(suggestion.target)
    of_target = Suggestion.objects.open().filter(**{suggestion.target_field: target})
    if of_target.filter(**{name: getattr(suggestion, name) for name in WRITTEN}):
        return
    if of_target.count() >= MOST_WAITING:
        raise TooManySuggestions(
            "Several suggestions about this are waiting for the editors already. "
            "Please come back when they have looked at those."
        )
    day_ago = timezone.now() - timedelta(days=1)
    if Suggestion.objects.since(day_ago).count() >= MOST_A_DAY:
        raise TooManySuggestions(
            "So many suggestions came in today that the editors cannot take more. "
            "Please send it again tomorrow."
        )
    suggestion.save()


# Deciding


def accept(suggestion, *, editor, change_set, answer=""):
    """Close a held suggestion of which ``change_set`` is the outcome."""
    suggestion.change_set = change_set
    _close(suggestion, SuggestionState.ACCEPTED, editor=editor, answer=answer)


@transaction.atomic
def reject(pk, *, editor, answer):
    """Close a suggestion with the reason why nothing is changed.

    Raises:
        PermissionDenied: the editor may not decide.
        AlreadyDecided: somebody else did.
        DoesNotExist: it was deleted, perhaps with what it was about.
    """
    if not editor.has_perm(PERMISSION):
        raise PermissionDenied
    suggestion = Suggestion.objects.select_for_update(of=("self",)).get(pk=pk)
    if not suggestion.is_open:
        raise AlreadyDecided(suggestion)
    _close(suggestion, SuggestionState.REJECTED, editor=editor, answer=answer)


def _close(suggestion, state, *, editor, answer):
    suggestion.answer = answer
    suggestion.decide(state, editor)
    if suggestion.contact:
        transaction.on_commit(partial(send_answer, suggestion.pk))


# Answering


def send_answer(pk):
    """Tell the reader what was decided, then forget the address.

    Returns whether it was sent; a failure is noted on the suggestion. What the
    reader wrote is not repeated: whoever gave the address of somebody else would
    be sending them a text of their own.
    """
    suggestion = Suggestion.objects.with_targets().get(pk=pk)
    error = send(
        "Your suggestion to Framewise",
        "suggestion_answer",
        {"suggestion": suggestion},
        suggestion.contact,
    )
    if error:
        # Its text may hold the address, which does not belong in a log.
        logger.warning("No answer to suggestion %s: %s", pk, type(error).__name__)
        failure = f"{type(error).__name__}: {error}"[:200].replace("\0", "")
        Suggestion.objects.filter(pk=pk).update(mail_error=failure)
        return False
    Suggestion.objects.filter(pk=pk).update(
        contact="", mail_error="", answered_at=timezone.now()
    )
    return True


def unsent(suggestion):
    """Return a sentence that says so if an answer failed, otherwise an empty text."""
    failed = Suggestion.objects.filter(pk=suggestion.pk).exclude(mail_error="")
    hint = " The answer could not be sent; the list of suggestions sends it again."
    return hint if failed.exists() else ""


def forget_contacts(*, before):
    """Delete the addresses of readers whose suggestion was decided ``before``.

    Returns how many; they are those whom no answer has reached.
    """
    late = Suggestion.objects.unanswered().filter(decided_at__lt=before)
    return late.update(contact="", mail_error="")

"""What a request is for: to save a row, to propose that, or to accept what others want.

One form does all three, and shows what readers would see of it. A post that proposes is
saved as any other is, so every rule of the form judges it; what that changed is noted,
and all of it is taken back: nobody but the desk is ever told of it. To accept is to
send what was sent then, as somebody who may save it. What was stored meanwhile is
compared with what the author had seen, like for two editors (see ``conflicts``). What a
reader suggests is accepted by saving the form of the row that it is about.
"""

from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field

from csp.constants import NONE
from csp.decorators import csp_replace
from django.contrib import messages
from django.db import transaction
from django.http import QueryDict
from django.urls import resolve, reverse

from comparisons.admin.bases.conflicts import conflict_with
from comparisons.admin.bases.forms import possible_keys
from comparisons.choices import Action, ChangeKind
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.seen import SEEN_FIELD
from comparisons.editing.workflow import may
from comparisons.history.differences import differences
from comparisons.history.recording import change_set
from comparisons.models import ChangeSet, Proposal, Suggestion
from comparisons.models.history import LONGEST_NAME, called
from comparisons.models.text import without_unseen
from comparisons.suggestions import deciding, proposing

# No more proposals about one row are named beside its form.
MOST_NAMED = 5
NO_REASON = "Say why: it is what the one who decides goes by."
MENDED = (
    "Its author has sent this proposal again meanwhile, so nothing was saved. Look at "
    "what it says now, then accept it."
)


@dataclass
class Intent:
    """What a request does with the form of ``row``, None for a new one."""

    request: object
    row: object = None
    # How the row is called before anything is typed over it.
    name: str = ""
    in_matrix: bool = False
    # Whether the row goes, or is to.
    deletes: bool = False
    # Whether readers' page is asked for, which holds what is saved and taken back.
    previews: bool = False
    page: object = None
    may_save: bool = True
    may_propose: bool = False
    # What is filled in, and the others that wait, as far as the editor may see them.
    proposal: Proposal | None = None
    waiting: list = field(default_factory=list)
    # What a reader suggests of the row, if it is still open.
    suggestion: Suggestion | None = None
    proposes: bool = False
    accepts: bool = False
    # Whether the form shows what is proposed, and nothing was sent.
    shows: bool = False
    # Why nothing is saved, though the form is right.
    refusal: str = ""
    # The row, once its form was saved.
    saved: object = None
    # What its forms read of a post, by name.
    fields: set = field(default_factory=set)
    # What a post that proposes would change, and what was stored of it.
    changes: list = field(default_factory=list)
    sent: Proposal | None = None

    @classmethod
    def of(cls, request, row, *, in_matrix=False, deletes=False):
        """Return what ``request`` is for, which its ``intent`` tells from now on.

        A post holds the proposal that it accepts until its transaction ends.
        """
        intent = cls(request, row, in_matrix=in_matrix, deletes=deletes)
        request.intent = intent
        intent.previews = "_preview" in request.POST
        if row is not None:
            action = Action.DELETE if deletes else Action.CHANGE
            intent.may_save = may(request.user, action, row)
            intent.may_propose = may(request.user, Action.PROPOSE, row)
            intent._choose(request.GET.get("proposal"))
            if not (deletes or in_matrix or intent.proposes):
                intent._take_up(request.GET.get("suggestion"))
        return intent

    def _choose(self, key):
        user, posted = self.request.user, self.request.POST
        is_post = self.request.method == "POST"
        readable = proposing.visible_to(user).about(self.row).select_related("author")
        named = readable.filter(in_matrix=self.in_matrix, pk__in=possible_keys([key]))
        if is_post:
            named = named.select_for_update(of=("self",))
        found = named.first() if key else None
        if found and found.deletes != self.deletes:
            found = None
        if found and found.author_id == user.pk:
            self.proposal = found if found.is_undecided else None
        elif found and self.may_save:
            self.accepts = found.is_open
            self.proposal = found if self.accepts else None
            if is_post:
                is_other = posted.get("digest") != found.digest
                self.refusal = proposing.refusal(found, user) or is_other * MENDED
        only_proposes = not self.may_save or "_propose" in posted or self.proposal
        self.proposes = bool(self.may_propose and not self.accepts and only_proposes)
        if self.proposes and is_post:
            self.name = called(self.row)[:LONGEST_NAME]
            says_why = self.previews or change_reason(self.request)
            self.refusal = "" if says_why else NO_REASON
        if self.may_propose and not is_post:
            others = readable.undecided().exclude(pk=found and found.pk)
            self.waiting = list(others[:MOST_NAMED])

    def _take_up(self, key):
        """Find what a reader suggests of the row, for somebody who may accept it."""
        may_decide = self.request.user.has_perm(deciding.PERMISSION)
        if not (key and self.may_save and may_decide):
            return
        rows = Suggestion.objects.filter(pk__in=possible_keys([key]))
        if self.request.method == "POST":
            rows = rows.select_for_update(of=("self",))
        found = rows.first()
        if found is None or found.target != self.row:
            return
        if found.is_open:
            self.suggestion, self.accepts = found, True
        else:
            self.refusal = str(deciding.AlreadyDecided(found))

    @property
    def is_ordinary(self):
        """Whether it saves, and nothing is proposed or accepted."""
        return not (self.proposes or self.accepts or self.previews)

    @property
    def reason(self):
        """What “Why?” begins with."""
        if self.suggestion and self.request.method != "POST":
            return "A reader’s suggestion"
        return self.proposal.reason if self.shows else ""

    @property
    def suggested(self):
        """What a reader would write, by the name of its field."""
        if self.suggestion is None:
            return {}
        written = {
            self.row.proposed_text: self.suggestion.proposed_text,
            "level": self.suggestion.proposed_level,
        }
        return {name: value for name, value in written.items() if name and value}

    @property
    def evidence(self):
        """What a reader would cite: a list of what a new passage begins with."""
        cited = self.suggestion
        # What was sent says by itself what it cites.
        if self.request.method == "POST" or not (cited and cited.evidence_url):
            return []
        return [{"address": cited.evidence_url, "locator": cited.evidence_locator}]

    def compare(self, row, data, stored_forms):
        """Return (what is in the way of saving ``data``, what its form holds then).

        See ``conflict_with()``. If what is proposed and what was stored meanwhile
        touch other fields, both are accepted.
        """
        conflict = conflict_with(
            row, data, stored_forms, proposed=self.proposal is not None
        )
        if conflict is None:
            return None, data
        if self.accepts and not self.shows and not conflict.overlaps:
            conflict.data[SEEN_FIELD] = str(conflict.seen)
            return None, conflict.data
        return conflict, conflict.data

    def read(self, *forms):
        """Note what ``forms`` read: nothing else that was sent is proposed."""
        for form in forms:
            self.fields |= {
                form.add_prefix(name)
                for name, each in form.fields.items()
                if not each.disabled
            }

    def end_set(self, changes):
        """Sign what was accepted of others, before its set is closed."""
        if not (self.accepts and self.saved):
            return
        if self.suggestion:
            changes.kind = ChangeKind.SUGGESTION
            changes.credit = self.suggestion.credit
            changes.save(update_fields=["kind", "credit"])
        else:
            changes.kind = ChangeKind.PROPOSAL
            changes.editor = self.proposal.author
            changes.accepted_by = self.request.user
            changes.save(update_fields=["kind", "editor", "accepted_by"])

    def note(self, changes):
        """Keep what is proposed of a closed set, which is taken back then."""
        if self.saved and changes.pk:
            listed = changes.objects_changed.all()
            found = differences(listed, edit_address=edit_address)
            self.changes = proposing.pack(found)

    def close(self, changes):
        """Store what is accepted, in the transaction of what it changed."""
        if not self.saved:
            return
        decided = {
            "editor": self.request.user,
            "change_set": changes if changes.pk else None,
        }
        if self.suggestion:
            answer = posted_line(self.request, "answer", 2000)
            deciding.accept(self.suggestion, **decided, answer=answer)
        else:
            proposing.accept(self.proposal, **decided)

    def send(self):
        """Store what is proposed, once all that it changed is taken back."""
        if self.changes:
            self.sent = proposing.send(
                self.row,
                self._typed(),
                author=self.request.user,
                mends=self.proposal,
                name=self.name,
                changes=self.changes,
                reason=change_reason(self.request),
                in_matrix=self.in_matrix,
            )

    def _typed(self):
        kept = {SEEN_FIELD, *self.fields}
        return {
            name: [value.replace("\0", "") for value in values]
            for name, values in self.request.POST.lists()
            if name in kept
        }

    def tell(self):
        """Say what became of it, in a message on the next page."""
        level = messages.SUCCESS
        if self.accepts:
            hint = deciding.unsent(self.suggestion) if self.suggestion else ""
            level = messages.WARNING if hint else level
            text = f"Accepted: {self.saved}.{hint}"
        elif self.is_ordinary:
            text = f"Saved: {self.saved}."
        elif self.sent:
            text = f"Proposed: {self.name}. A reviewer decides; readers see no change."
        else:
            level = messages.WARNING
            text = "This changes nothing, so nothing was proposed."
        messages.add_message(self.request, level, text)

    def next_address(self):
        """Return where it leads to: what was proposed, or what else is."""
        if self.suggestion:
            return reverse("admin:comparisons_suggestion_changelist")
        if self.accepts:
            return reverse("admin:comparisons_proposal_changelist")
        return edit_address(self.sent) if self.sent else self.request.get_full_path()


def intent_of(request):
    """Return what ``request`` is for; to save, unless a form found out otherwise."""
    return getattr(request, "intent", None) or Intent(request)


@contextmanager
def recording(request):
    """Record what ``request`` changes, if it is a post; take it back if it proposes."""
    if request.method != "POST":
        yield
        return
    with transaction.atomic():
        reason = change_reason(request)
        with change_set(editor=request.user, reason=reason) as changes:
            yield
            intent = intent_of(request)
            intent.end_set(changes)
        if intent.previews:
            intent.page = intent.saved and readers_page(request, intent.saved)
            transaction.set_rollback(True)
        elif intent.proposes:
            intent.note(changes)
            transaction.set_rollback(True)
        elif intent.accepts:
            intent.close(changes)
    if intent.proposes and not intent.previews:
        intent.send()


def readers_page(request, row):
    """Return the page of ``row`` as it is stored just now, from which nothing is sent.

    404 if it has none.
    """
    asking = copy(request)
    asking.method, asking.POST, asking.GET = "GET", QueryDict(), QueryDict("preview=1")
    asking.path = asking.path_info = row.get_absolute_url().partition("#")[0]
    asking.is_unsaved = True
    view = asking.resolver_match = resolve(asking.path)
    shown = csp_replace({"form-action": [NONE]})(view.func)
    return shown(asking, *view.args, **view.kwargs)


def change_reason(request):
    """Return what the editor answered to “why?”, as it can be stored."""
    longest = ChangeSet._meta.get_field("reason").max_length
    return posted_line(request, "change_reason", longest)


def posted_line(request, name, longest):
    """Return what was typed into a field of no form, as one line of plain text."""
    return without_unseen(request.POST.get(name, "")).strip()[:longest]

"""Forms and bulk actions that move what editors publish from state to state."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError

from comparisons.admin.bases.forms import KnowledgeForm
from comparisons.admin.bases.intents import intent_of
from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.choices import Action, Status
from comparisons.editing.workflow import (
    PUBLISH,
    in_words,
    move,
    reachable,
    refusal,
    targets,
)
from comparisons.history.recording import save_ahead


class PublishableForm(KnowledgeForm):
    """The form of something that has a state, which is ``stored_status`` so far."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored_status = Status(self.instance.status)
        if "status" not in self.fields:
            return
        # The state as it is, and the moves that the editor may make, or propose.
        proposes = self.intent and self.intent.proposes
        row = self.instance
        moves = reachable(row) if proposes else targets(self.editor, row)
        offered = {self.stored_status, *moves}
        field = self.fields["status"]
        field.choices = [(each, each.label) for each in Status if each in offered]
        if Status.PUBLISHED not in offered:
            field.help_text = refusal(self.editor, Action.PUBLISH, self.instance)
        field.error_messages["invalid_choice"] = (
            "Choose one of the states that are offered; no other is yours to give."
        )


class PublishableAdmin(KnowledgeAdmin):
    """What is published: its state changes by ``workflow.move()`` alone."""

    form = PublishableForm
    actions = ("submit", "publish", "retire", "withdraw")
    worked_off = (*KnowledgeAdmin.worked_off, *actions)

    def has_publish_permission(self, request):
        return request.user.has_perm(PUBLISH)

    def save_model(self, request, obj, form, change):
        """Save the content; take it from the readers before, if so asked."""
        form.wanted_status, obj.status = Status(obj.status), form.stored_status
        if obj.is_published and form.wanted_status != obj.status:
            self._move(request, obj, form.wanted_status)
        save_ahead(obj)

    def _move(self, request, row, to):
        """Move ``row``; what is only proposed takes no right."""
        move(row, to, None if intent_of(request).proposes else request.user)

    def settle(self, request, form):
        """Show it to readers last, once all of it is there.

        What may not be published stays as it is, with all that was typed.
        """
        row, wanted = form.instance, form.wanted_status
        if row.status == wanted:
            return
        try:
            self._move(request, row, wanted)
        except (PermissionDenied, ValidationError) as error:
            form.changed_data.remove("status")
            intent = intent_of(request)
            said = "Proposed" if intent.proposes else "Saved"
            self.message_user(
                request,
                f"{said}, but still {row.get_status_display().lower()}. "
                f"{in_words(error)}",
                messages.WARNING,
            )

    @admin.action(permissions=["change"], description="Send to review")
    def submit(self, request, queryset):
        return self.act_on(request, queryset, Action.SUBMIT)

    @admin.action(permissions=["publish"], description="Publish")
    def publish(self, request, queryset):
        return self.act_on(request, queryset, Action.PUBLISH)

    @admin.action(permissions=["publish"], description="Retire")
    def retire(self, request, queryset):
        return self.act_on(request, queryset, Action.RETIRE)

    @admin.action(permissions=["change"], description="Take back to draft")
    def withdraw(self, request, queryset):
        return self.act_on(request, queryset, Action.WITHDRAW)

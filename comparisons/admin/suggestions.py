"""The queue of readers' suggestions, and the page on which one is decided."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect

from comparisons.admin.bases.desk import ReadOnlyAdmin, as_it_stands, desk_page
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.seen import stamp
from comparisons.models import Suggestion
from comparisons.suggestions import deciding
from comparisons.suggestions.forms import AnswerForm

# No more answers are sent in one request.
MOST_ANSWERS = 20


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnlyAdmin):
    """What readers suggest: rejected here, accepted in the form of the row."""

    list_display = ["about", "problem_start", "created_at", "state", "mail_error"]
    list_filter = ["state", "created_at"]
    search_fields = ["problem", "proposed_text", "credit", "evidence_url"]
    actions = ["send_answers_again"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(
            "comparisons.view_suggestion"
        ) or self.has_decide_permission(request)

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def has_decide_permission(self, request):
        return request.user.has_perm(deciding.PERMISSION)

    def get_queryset(self, request):
        return super().get_queryset(request).with_targets()

    @admin.display(description="about")
    def about(self, suggestion):
        return suggestion.target

    @admin.display(description="what is wrong")
    def problem_start(self, suggestion):
        return suggestion.problem[:120]

    @admin.action(
        description="Send the answer again where it failed", permissions=["decide"]
    )
    def send_answers_again(self, request, queryset):
        waiting = queryset.unanswered().values_list("pk", flat=True)[:MOST_ANSWERS]
        sent = [deciding.send_answer(pk) for pk in waiting]
        self.message_user(
            request,
            f"{sum(sent)} of {len(sent)} answers sent.",
            messages.SUCCESS if all(sent) else messages.WARNING,
        )

    def page_of(self, request, suggestion):
        """The suggestion beside what it is about; reject it by a post."""
        form = AnswerForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return self._page(request, suggestion, form)
        answer = form.cleaned_data["answer"]
        try:
            deciding.reject(suggestion.pk, editor=request.user, answer=answer)
        except deciding.AlreadyDecided as refusal:
            self.message_user(
                request, f"{refusal} Nothing was changed now.", messages.WARNING
            )
            suggestion.refresh_from_db()
            return self._page(request, suggestion, form, status=409)
        except Suggestion.DoesNotExist:
            raise Http404("It was deleted meanwhile.") from None
        self.log_change(request, suggestion, "Rejected.")
        hint = deciding.unsent(suggestion)
        level = messages.WARNING if hint else messages.SUCCESS
        self.message_user(request, f"The suggestion was rejected.{hint}", level)
        return redirect("admin:comparisons_suggestion_changelist")

    def _page(self, request, suggestion, form, *, status=200):
        target = suggestion.target
        target = as_it_stands(type(target), target.pk)
        may_decide = suggestion.is_open and self.has_decide_permission(request)
        return desk_page(
            request,
            "comparisons/suggestion/decide",
            f"Suggestion about “{target}”"[:200],
            status=status,
            opts=self.opts,
            suggestion=suggestion,
            # Readers were promised that nobody but those who answer sees it.
            contact=self.has_decide_permission(request) and suggestion.contact,
            target=target,
            target_address=edit_address(target),
            passages=None if suggestion.source_id else target.citations.all(),
            has_changed=may_decide and stamp(target) != suggestion.stamp,
            form_address=edit_address(target, suggestion=suggestion.pk),
            may_decide=may_decide,
            form=form,
        )

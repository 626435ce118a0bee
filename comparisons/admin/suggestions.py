"""The queue of readers' suggestions, and the page on which one is decided."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect

from comparisons.admin.acceptance import Acceptance, AnswerForm
from comparisons.admin.bases.conflicts import AT_THE_SAME_MOMENT
from comparisons.admin.bases.desk import desk_page
from comparisons.choices import ChangeKind
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.locks import lock
from comparisons.editing.seen import stamp
from comparisons.history.recording import change_set
from comparisons.models import Suggestion
from comparisons.models.suggestions import TARGETS
from comparisons.suggestions import deciding

# No more answers are sent in one request.
MOST_ANSWERS = 20


class TargetFilter(admin.SimpleListFilter):
    """Suggestions by what they are about."""

    title = "about"
    parameter_name = "about"

    def lookups(self, request, model_admin):
        return [
            (name, Suggestion._meta.get_field(name).verbose_name) for name in TARGETS
        ]

    def queryset(self, request, queryset):
        if self.value() in TARGETS:
            return queryset.exclude(**{self.value(): None})
        return queryset


@admin.register(Suggestion)
class SuggestionAdmin(admin.ModelAdmin):
    """What readers suggest. It is decided, never edited."""

    list_per_page = 50
    show_facets = admin.ShowFacets.ALLOW

    list_display = ["about", "problem_start", "created_at", "state", "mail_error"]
    list_filter = ["state", TargetFilter, "created_at"]
    search_fields = ["problem", "proposed_text", "credit", "evidence_url"]
    actions = ["send_answers_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return self.has_decide_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(
            "comparisons.view_suggestion"
        ) or self.has_decide_permission(request)

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

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The suggestion beside what it is about; decide it by a post."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        suggestion = self.get_object(request, object_id)
        if suggestion is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "POST":
            return self._page(request, suggestion)
        decide = self._reject if "reject" in request.POST else self._accept
        try:
            return decide(request, suggestion)
        except deciding.AlreadyDecided as refusal:
            self.message_user(
                request, f"{refusal} Nothing was changed now.", messages.WARNING
            )
            return self._page(request, self.get_object(request, object_id), status=409)
        except IntegrityError:
            # Two new sources or passages at the same moment.
            self.message_user(request, AT_THE_SAME_MOMENT, messages.WARNING)
            typed = self._acceptance(
                request, suggestion, _as_it_stands(suggestion), request.POST
            )
            return self._page(request, suggestion, acceptance=typed, status=409)
        except (Suggestion.DoesNotExist, type(suggestion.target).DoesNotExist):
            raise Http404("It was deleted meanwhile.") from None

    def _reject(self, request, suggestion):
        form = AnswerForm(request.POST, prefix="rejection")
        if not form.is_valid():
            return self._page(request, suggestion, rejection=form)
        deciding.reject(
            suggestion.pk, editor=request.user, answer=form.cleaned_data["answer"]
        )
        return self._decided(request, suggestion, "rejected")

    def _accept(self, request, suggestion):
        changes = change_set(
            editor=request.user,
            kind=ChangeKind.SUGGESTION,
            credit=suggestion.credit,
        )
        with changes as recorded:
            held = deciding.hold(suggestion.pk, editor=request.user)
            acceptance = self._acceptance(
                request, held, lock(held.target), request.POST
            )
            if not acceptance.is_valid():
                status = 409 if acceptance.conflict else 200
                return self._page(request, held, acceptance=acceptance, status=status)
            acceptance.apply()
            recorded.reason = acceptance.closing.cleaned_data["change_reason"]
            recorded.save(update_fields=["reason"])
            deciding.accept(
                held,
                editor=request.user,
                change_set=recorded,
                answer=acceptance.closing.cleaned_data["answer"],
            )
            target = acceptance.edit.instance
            self.admin_site.get_model_admin(type(target)).log_change(
                request, target, f"Accepted suggestion {held.pk}."
            )
        return self._decided(request, suggestion, "accepted")

    def _acceptance(self, request, suggestion, target, data=None):
        return Acceptance(suggestion, target, data, editor=request.user)

    def _decided(self, request, suggestion, how):
        """Log the decision and lead back to the queue."""
        self.log_change(request, suggestion, f"{how.capitalize()}.")
        self.message_user(request, f"The suggestion was {how}.")
        suggestion.refresh_from_db(fields=["mail_error"])
        if suggestion.mail_error:
            self.message_user(
                request,
                f"The answer could not be sent: {suggestion.mail_error} The list of "
                "suggestions has an action that sends it again.",
                messages.WARNING,
            )
        return redirect("admin:comparisons_suggestion_changelist")

    def _page(
        self, request, suggestion, *, acceptance=None, rejection=None, status=200
    ):
        target = _as_it_stands(suggestion)
        may_decide = suggestion.is_open and self.has_decide_permission(request)
        if may_decide:
            acceptance = acceptance or self._acceptance(request, suggestion, target)
            rejection = rejection or AnswerForm(prefix="rejection")
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
            has_changed=acceptance and stamp(target) != suggestion.stamp,
            acceptance=acceptance,
            rejection=rejection,
            typed=[] if may_decide else _typed(request),
        )


def _as_it_stands(suggestion):
    """Return what a suggestion is about as it is stored, with all that it rests on."""
    rows = type(suggestion.target).objects
    if suggestion.source_id is None:
        rows = rows.with_parents().with_citations()
    return rows.get(pk=suggestion.target.pk)


def _typed(request):
    """Return (field, text) for what an editor wrote into the forms of the page."""
    return [
        (name.partition("-")[2].replace("_", " "), text)
        for name, text in request.POST.items()
        if text and "-" in name
    ]

"""What editors propose: the list, and the page on which one is decided."""

from django.contrib import admin, messages
from django.shortcuts import redirect

from comparisons.admin.bases.desk import ReadOnlyAdmin, as_it_stands, desk_page
from comparisons.choices import ProposalState
from comparisons.editing.admin_urls import edit_address, proposal_address
from comparisons.editing.seen import who_changed
from comparisons.models import Proposal, Statement
from comparisons.suggestions import proposing
from comparisons.suggestions.deciding import AlreadyDecided
from comparisons.suggestions.forms import AnswerForm

# What the buttons of the page do, beside accepting, which the form of the row does.
ENDINGS = {
    "send_back": ProposalState.RETURNED,
    "decline": ProposalState.DECLINED,
    "withdraw": ProposalState.WITHDRAWN,
}


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """What editors propose: decided or withdrawn here, written in the row's form."""

    list_display = ["name", "reason", "author", "sent_at", "state"]
    list_filter = ["state", "sent_at"]
    list_select_related = ["author"]
    search_fields = ["name", "reason", "author__username"]
    actions = None

    def get_queryset(self, request):
        return proposing.visible_to(request.user)

    def page_of(self, request, proposal):
        """What is proposed beside the row as it stands; decide it by a post."""
        ending = next((ENDINGS[name] for name in ENDINGS if name in request.POST), None)
        if ending is None:
            return self._page(request, proposal)
        form = AnswerForm(request.POST)
        if ending != ProposalState.WITHDRAWN and not form.is_valid():
            return self._page(request, proposal, form=form)
        answer = form.cleaned_data["answer"] if form.is_valid() else ""
        try:
            proposing.close(proposal.pk, ending, editor=request.user, answer=answer)
        except AlreadyDecided as refusal:
            self.message_user(
                request, f"{refusal} Nothing was changed now.", messages.WARNING
            )
            proposal.refresh_from_db()
            return self._page(request, proposal, form=form, status=409)
        self.log_change(request, proposal, f"{ending.label}.")
        self.message_user(request, f"{ending.label}: {proposal.name}.")
        return redirect("admin:comparisons_proposal_changelist")

    def _page(self, request, proposal, *, form=None, status=200):
        row = as_it_stands(proposal.model, proposal.object_pk)
        is_own = proposal.author_id == request.user.pk
        return desk_page(
            request,
            "comparisons/proposal/decide",
            f"Proposal about “{proposal.name}”"[:200],
            status=status,
            opts=self.opts,
            proposal=proposal,
            target=row,
            target_address=row and edit_address(row),
            passages=row.citations.all() if isinstance(row, Statement) else None,
            differences=proposing.unpack(proposal.changes),
            changed=proposal.is_undecided and row and _who_changed(proposal, row),
            has_page=not proposal.deletes and hasattr(row, "get_absolute_url"),
            form_address=row and proposal_address(proposal, row),
            sent=[
                (name, value)
                for name, values in proposal.posted.items()
                for value in values
            ],
            is_own=is_own,
            may_decide=not proposing.refusal(proposal, request.user),
            form=form or AnswerForm(),
        )


def _who_changed(proposal, row):
    """Return who changed ``row`` since it was seen, in words; empty if nobody did."""
    seen = proposing.seen(proposal)
    if seen and seen.is_current(row):
        return ""
    return who_changed(type(row), row.pk, since=seen and seen.moment)

"""The editors' pages about the questionnaire as a whole.

They read; the one that writes, recording the personas' outcomes, is a post.
"""

from csp.constants import NONE
from csp.decorators import csp_replace
from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from advisor.forms import AdvisorForm
from advisor.models import Persona, PersonaOutcome
from advisor.questionnaire.candidates import read_known
from advisor.questionnaire.reading import Questionnaire
from advisor.trials.answers import ANSWER_SETS, random_trial
from advisor.trials.audit import audit, find_faults
from advisor.trials.personas import record, try_personas
from comparisons.admin.bases.desk import desk, desk_page
from comparisons.public import drafts_shown
from comparisons.web.computed import Computed


@desk("advisor.view_question")
@require_safe
def audit_page(request):
    """What is wrong with the published questionnaire, and who can come first."""
    flaws, reaches = current_audit()
    return desk_page(
        request,
        "advisor/audit",
        "Audit of the questionnaire",
        flaws=flaws,
        reaches=sorted(reaches, key=lambda reach: (-reach.share, reach.slug)),
        answer_sets=ANSWER_SETS,
    )


@Computed
def current_audit():
    """Return the flaws of the published questionnaire, and who can come first."""
    trial = random_trial(Questionnaire.current())
    return audit(trial), trial.reaches


@desk("advisor.view_question")
@require_safe
@csp_replace({"form-action": [NONE]})
def preview(request):
    """The form and the personas' outcomes with all drafts, beside what is live."""
    live, drafted = Questionnaire.current(), Questionnaire.preview()
    with drafts_shown():
        faults = find_faults()
    known = read_known(drafted)
    personas = list(_personas())
    now = try_personas(live, personas, known)
    then = try_personas(drafted, personas, known)
    return desk_page(
        request,
        "advisor/preview",
        "Preview with drafts",
        form=AdvisorForm(drafted),
        drafts=[
            (row._meta.verbose_name, row)
            for row in (
                *drafted.themes,
                *drafted.questions,
                *drafted.presets,
                *drafted.conflicts,
                *drafted.kinships,
            )
            if not row.is_published
        ],
        faults=faults,
        rows=[
            (before, after, after.moved(before.places))
            for before, after in zip(now, then, strict=True)
        ],
    )


@desk("advisor.view_persona")
@require_safe
def personas(request):
    """How each persona moved since its outcome was last recorded."""
    outcomes = try_personas(Questionnaire.current(), list(_personas()))
    rows = []
    for outcome in outcomes:
        last = next(iter(outcome.persona.last_outcomes), None)
        rows.append((outcome, last, outcome.moved(last.places) if last else []))
    return desk_page(
        request,
        "advisor/personas",
        "Personas",
        rows=rows,
        held=sum(outcome.holds for outcome in outcomes),
        may_record=request.user.has_perm("advisor.change_persona"),
    )


@desk("advisor.change_persona")
@require_POST
def record_personas(request):
    """Store what the advisor says to each persona now."""
    outcomes = try_personas(Questionnaire.current(), list(_personas()))
    record(outcomes)
    messages.success(request, f"Recorded the outcomes of {len(outcomes)} personas.")
    return redirect("advisor-admin:personas")


def _personas():
    newest = PersonaOutcome.objects.newest_of_each()
    return Persona.objects.prefetch_related(
        "expected",
        "expectations__source",
        Prefetch("outcomes", newest, to_attr="last_outcomes"),
    )

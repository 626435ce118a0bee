from django import forms
from django.contrib import admin
from django.utils.datastructures import MultiValueDict

from advisor.forms import AdvisorForm
from advisor.models import Expectation, Persona
from advisor.models.personas import as_lists
from advisor.questionnaire.reading import Questionnaire
from advisor.trials.personas import not_offered
from comparisons.admin.bases.forms import KnowledgeForm, KnowledgeInline
from comparisons.admin.bases.knowledge import KnowledgeAdmin

# How the fields that hold an answer are called, before the name of the question.
ANSWER = "answer-"


class PersonaForm(KnowledgeForm):
    """A persona; what it answers is asked as the advisor asks it, drafts included."""

    # It is set, with a field for each question, on the class made for one request.
    questionnaire = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for question, values in self.instance.answered.items():
            field = self.fields.get(f"{ANSWER}{question}")
            if isinstance(field, forms.ChoiceField) and not isinstance(
                field, forms.MultipleChoiceField
            ):
                [values] = values or [""]
            self.initial[f"{ANSWER}{question}"] = values

    def clean(self):
        """Judge the answers as the advisor does, and keep them."""
        cleaned = super().clean()
        answers = {
            name.removeprefix(ANSWER): value
            for name, value in cleaned.items()
            if name.startswith(ANSWER)
        }
        asked = AdvisorForm(self.questionnaire, MultiValueDict(as_lists(answers)))
        if not self.errors:
            for question, errors in asked.errors.as_data().items():
                self.add_error(f"{ANSWER}{question}", errors)
        if not self.errors and asked.answers != self.instance.answered:
            self.instance.answers = asked.answers
        return cleaned


class ExpectationInline(KnowledgeInline, admin.StackedInline):
    model = Expectation
    autocomplete_fields = ["source"]


@admin.register(Persona)
class PersonaAdmin(KnowledgeAdmin):
    exclude = ["answers"]
    list_display = ["name", "slug", "position"]
    search_fields = ["name", "slug", "story"]
    autocomplete_fields = ["expected"]
    inlines = [ExpectationInline]

    def get_form(self, request, obj=None, change=False, **kwargs):
        asked = self._asked(request)
        fields = {f"{ANSWER}{name}": field for name, field in asked.fields.items()}
        fields["questionnaire"] = asked.questionnaire
        kwargs["form"] = type(PersonaForm)("AskedForm", (PersonaForm,), fields)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        fields = self.get_fields(request, obj)
        answers = [name for name in fields if name.startswith(ANSWER)]
        answered = {"fields": answers}
        gone = obj and not_offered(self._asked(request).questionnaire, obj.answered)
        if gone:
            words = "; ".join(f"{question}: {value}" for question, value in gone)
            answered["description"] = f"Not asked any more, saving drops it: {words}"
        return [
            (None, {"fields": [name for name in fields if name not in answers]}),
            ("What they answer", answered),
        ]

    def _asked(self, request):
        """Return the advisor's form, which is read once for a request."""
        if not hasattr(request, "asked"):
            request.asked = AdvisorForm(Questionnaire.preview())
        return request.asked

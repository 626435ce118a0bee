from django import forms
from django.contrib import admin
from django.utils.choices import flatten_choices

from advisor.forms import AdvisorForm
from advisor.models import Expectation, Persona
from advisor.models.personas import validate_answers
from advisor.questionnaire.reading import Questionnaire
from advisor.trials.personas import not_offered
from comparisons.admin.bases.forms import KnowledgeForm, KnowledgeInline
from comparisons.admin.bases.knowledge import KnowledgeAdmin


class PersonaForm(KnowledgeForm):
    """A persona whose answers the questionnaire offers, drafts included."""

    def clean_answers(self):
        """Name the answers that no question offers."""
        answers = self.cleaned_data["answers"]
        validate_answers(answers)
        questionnaire = Questionnaire.preview()
        if missing := not_offered(questionnaire, Persona(answers=answers).answered):
            raise forms.ValidationError(
                [
                    forms.ValidationError(
                        f"No question “{question}” offers the answer “{value}”.",
                        code="not_offered",
                    )
                    for question, value in missing
                ]
            )
        return answers


class ExpectationInline(KnowledgeInline, admin.StackedInline):
    model = Expectation
    autocomplete_fields = ["source"]


@admin.register(Persona)
class PersonaAdmin(KnowledgeAdmin):
    form = PersonaForm
    list_display = ["name", "slug", "position"]
    search_fields = ["name", "slug", "story"]
    autocomplete_fields = ["expected"]
    inlines = [ExpectationInline]

    def beside(self, persona):
        """Return what it answers as the form shows it: each question with its words."""
        said = persona.answered
        fields = AdvisorForm(Questionnaire.preview()).fields.items()
        asked = [(name, field) for name, field in fields if name in said]
        return {
            "said": [
                (
                    field.label,
                    [words for value, words in offered if value in said[name]],
                )
                for name, field in asked
                for offered in [flatten_choices(field.choices)]
            ]
        }

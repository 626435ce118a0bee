"""The advisor's form: one field per published question."""

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from comparisons.models import Alias, Framework

from .choices import QuestionKind


class SingleAnswerField(forms.ChoiceField):
    """A choice among several; a posted form may answer it once."""

    default_error_messages = {"doubled": "Choose one answer, not several."}


class AdvisorForm(forms.Form):
    """The questionnaire as a form.

    Every question may be skipped. ``answers`` holds, once the form is valid, a
    list of values for each question.
    """

    def __init__(self, questionnaire, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.questionnaire = questionnaire
        for question in questionnaire.questions:
            self.fields[question.slug] = _FIELDS[QuestionKind(question.kind)](
                question, questionnaire.choices(question)
            )
        self.helper = AdvisorFormHelper(questionnaire)

    def clean(self):
        """Refuse a second answer to a question that takes one."""
        cleaned = super().clean()
        for name, field in self.fields.items():
            if isinstance(field, SingleAnswerField) and len(self._posted(name)) > 1:
                self.add_error(
                    name,
                    ValidationError(field.error_messages["doubled"], code="doubled"),
                )
        return cleaned

    @property
    def answers(self):
        """Return the answers as lists of values, by question."""
        return {
            name: value if isinstance(value, list) else [value]
            for name, value in self.cleaned_data.items()
            if value
        }

    def _posted(self, name):
        posted = getattr(self.data, "getlist", lambda key: [self.data.get(key)])
        return set(posted(self.add_prefix(name)))


class AdvisorFormHelper(FormHelper):
    """The form on one page: project, priorities, must-haves, frameworks."""

    form_id = "advisor-form"
    form_method = "post"
    attrs = {"novalidate": True}

    def __init__(self, questionnaire):
        super().__init__()
        # On the instance, where crispy turns a name into an address.
        self.form_action = "advisor:questionnaire"
        by_kind = {kind: [] for kind in QuestionKind}
        for question in questionnaire.questions:
            by_kind[QuestionKind(question.kind)].append(question.slug)
        self.layout = Layout(
            *(
                Fieldset(legend, *fields, css_class="advisor-step")
                for legend, fields in [
                    ("Your project", by_kind[QuestionKind.PROJECT]),
                    (
                        "What matters to you",
                        [
                            Div(
                                *map(InlineRadios, by_kind[QuestionKind.PRIORITY]),
                                css_class="advisor-priorities",
                            )
                        ],
                    ),
                    ("Must-haves", by_kind[QuestionKind.MUST_HAVES]),
                    (
                        "Your team and your candidates",
                        by_kind[QuestionKind.TEAM_KNOWS]
                        + by_kind[QuestionKind.CANDIDATES],
                    ),
                ]
                if fields
            ),
            Div(
                Submit("", "Show the ranking", css_class="btn-lg"),
                HTML(
                    '<p class="form-text mb-0">The result gets an address of its own '
                    "that you can share. It stores your answers and nothing about "
                    "you.</p>"
                ),
                css_class="advisor-submit",
            ),
        )


# Crispy forms draws a help text unescaped, so it is escaped here.


def _project(question, choices):
    return SingleAnswerField(
        label=question.text,
        help_text=escape(question.help_text),
        required=False,
        choices=[("", "Skip this question"), *_pairs(choices)],
        error_messages=_messages(question),
    )


def _priority(question, choices):
    return SingleAnswerField(
        label=question.text,
        help_text=escape(question.help_text),
        required=False,
        choices=_pairs(choices),
        widget=forms.RadioSelect,
        initial=choices[0][0] if choices else None,
        error_messages=_messages(question),
    )


def _several(question, choices):
    asks_for_frameworks = QuestionKind(question.kind).asks_for_frameworks
    field = FrameworksField if asks_for_frameworks else LimitedMultipleChoiceField
    return field(
        label=question.text,
        help_text=escape(question.help_text),
        required=False,
        choices=[
            (value, f"{label} ({note})" if note else label)
            for value, label, note in choices
        ],
        widget=forms.CheckboxSelectMultiple,
        most=question.most,
        error_messages=_messages(question),
    )


class LimitedMultipleChoiceField(forms.MultipleChoiceField):
    """Several choices, at most ``most`` of them."""

    def __init__(self, *, most=None, **kwargs):
        self.most = most
        super().__init__(**kwargs)

    def validate(self, value):
        super().validate(value)
        if self.most is not None and len(set(value)) > self.most:
            raise ValidationError(
                f"Choose at most {self.most}; you chose {len(set(value))}.",
                code="too_many",
            )

    def clean(self, value):
        """Return each chosen value once, in the order of the choices."""
        chosen = set(super().clean(value))
        return [choice for choice, _ in self.choices if choice in chosen]


class FrameworksField(LimitedMultipleChoiceField):
    """Several frameworks; one that was renamed is known by its former slug too."""

    def to_python(self, value):
        slugs = super().to_python(value)
        unknown = set(slugs) - {slug for slug, _ in self.choices}
        if not unknown:
            return slugs
        renamed = Alias.objects.rows(Framework, unknown)
        return [renamed[slug].slug if slug in renamed else slug for slug in slugs]


_FIELDS = {
    QuestionKind.PROJECT: _project,
    QuestionKind.PRIORITY: _priority,
    QuestionKind.MUST_HAVES: _several,
    QuestionKind.TEAM_KNOWS: _several,
    QuestionKind.CANDIDATES: _several,
}


def _pairs(choices):
    return [(value, label) for value, label, _ in choices]


def _messages(question):
    return {
        "invalid_choice": f"“%(value)s” is not among the answers to “{question.text}”"
    }

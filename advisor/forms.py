"""The advisor's form: one field per published question."""

from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError

from advisor.choices import QuestionKind, WasRight
from advisor.models.personas import as_lists
from advisor.models.questionnaire import FORM_FIELDS
from advisor.questionnaire import elicitation
from advisor.questionnaire.fields import SingleAnswerField
from advisor.questionnaire.steps import Contradiction, OfferedPreset, steps_of
from comparisons.forms import FrameworkNamesField
from comparisons.web.caching import STATES

# How the parameters begin by which senders of links count who follows them.
CAMPAIGN = "utm_"


class DeletionForm(forms.Form):
    """Asks for the code that was shown when the advice was given."""

    code = forms.CharField(
        label="Deletion code",
        help_text="It was shown once, at the end of the result, to who asked for it.",
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
    )

    def __init__(self, advice, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.advice = advice

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not self.advice.may_be_deleted_with(code):
            raise ValidationError(
                "This is not the code of this result. Nothing was deleted.",
                code="wrong_code",
            )
        return code


class JudgementForm(forms.Form):
    """Takes what a reader says of a result, by one of three buttons."""

    answer = forms.ChoiceField(
        choices=WasRight,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], "Choose yes, partly or no."
        ),
    )


class AdvisorForm(forms.Form):
    """The questionnaire as a form.

    Every question may be skipped. ``answers`` holds, once the form is valid, a
    list of values for each question, and under ``preset`` which suggestion the
    visitor asked for. ``named`` are the answers that came with a link, or were stored
    before; ``beside`` are the names of what is sent with the answers and is none.
    """

    # The script asks for an order as the server does.
    enough_to_order = elicitation.ENOUGH_TO_ORDER

    def __init__(self, questionnaire, *args, named=None, beside=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.questionnaire = questionnaire
        self.came = self.data if self.is_bound else named or {}
        self.beside = {*FORM_FIELDS, *STATES, *beside}
        self.fields.update(questionnaire.fields)

    def clean(self):
        """Refuse a second answer where one is taken, and a theme placed twice."""
        cleaned = super().clean()
        for name, field in self.fields.items():
            if isinstance(field, SingleAnswerField) and (
                len({*_listed(self.data, name)}) > 1
            ):
                self.add_error(
                    name,
                    ValidationError(field.error_messages["doubled"], code="doubled"),
                )
        self._refuse_doubled_theme(cleaned)
        if self.unasked:
            # Once, as the form comes back without them.
            message = f"{self.unasked} Look at the others and send them again."
            self.add_error(None, ValidationError(message, code="unasked"))
        return cleaned

    @property
    def answers(self):
        """Return the answers as lists of values, by question."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        answers = as_lists(given)
        if self.preset:
            answers["preset"] = [self.preset.slug]
        return answers

    @cached_property
    def preset(self):
        """The preset whose points the form was filled with, or None.

        It says where the points come from and nothing else, so one that is gone
        is no mistake.
        """
        source = self.data if self.is_bound else self.initial
        return self.questionnaire.preset(source.get("preset"))

    @cached_property
    def unasked(self):
        """How many of the answers that came are no answers here, in a sentence.

        Neither which nor why is told: nobody learns whether a name that they tried is
        that of a draft. What a question refuses is told at the question.
        """
        count = sum(
            bool(value) and not self._takes(name, value)
            for name in self.came.keys() - self.beside
            if not name.startswith(CAMPAIGN)
            for value in _listed(self.came, name)
        )
        if not count:
            return ""
        answers = (
            "1 of your answers is" if count == 1 else f"{count} of your answers are"
        )
        return f"{answers} no longer asked for, and left out."

    @cached_property
    def shown_answers(self):
        """The answers that the form shows, as far as they are offered, by question."""
        shown = {}
        for name in self.fields:
            value = self[name].value() or []
            values = value if isinstance(value, list) else [value]
            if chosen := _offered(self.fields[name], values):
                shown[name] = chosen
        return shown

    @cached_property
    def has_tie(self):
        """Whether enough themes share the top step for an order to be asked for."""
        return bool(elicitation.tied_themes(self.questionnaire, self.shown_answers))

    @cached_property
    def provenance(self):
        """Who gave each theme the points that the form shows."""
        preset = {"preset": [self.preset.slug]} if self.preset else {}
        return elicitation.provenance(self.questionnaire, self.shown_answers | preset)

    @cached_property
    def steps(self):
        """The questions as they are shown."""
        return steps_of(self)

    @cached_property
    def suggestions(self):
        """The presets to choose from."""
        return [OfferedPreset.of(preset, self) for preset in self.questionnaire.presets]

    @property
    def conflicts(self):
        """The pairs of answers to warn of."""
        return [Contradiction.of(pair, self) for pair in self.questionnaire.conflicts]

    def suggest(self, preset):
        """Return the answers with the points of ``preset``, to fill the form with.

        The project is that of the preset if none is chosen.
        """
        choice = preset.choice
        return {
            choice.question.slug: [choice.slug],
            **self.shown_answers,
            **elicitation.suggested_answers(self.questionnaire, preset),
            "preset": [preset.slug],
        }

    def _takes(self, name, value):
        if self.is_bound or name not in self.fields:
            return name in self.fields
        field = self.fields[name]
        return not hasattr(field, "choices") or bool(_offered(field, [value]))

    def _refuse_doubled_theme(self, cleaned):
        placed = set()
        for question in self.questionnaire.questions:
            theme = cleaned.get(question.slug)
            if question.kind != QuestionKind.TIE_BREAK or not theme:
                continue
            if theme in placed:
                message = "This theme has a place already; choose another one."
                self.add_error(
                    question.slug, ValidationError(message, code="doubled_theme")
                )
            placed.add(theme)


def _listed(source, name):
    """Return the values of ``name`` in what was posted, or in a mapping."""
    return source.getlist(name) if hasattr(source, "getlist") else [source.get(name)]


def _offered(field, values):
    """Return those of ``values`` that ``field`` would take."""
    if isinstance(field, FrameworkNamesField):
        return field.known(values)
    offered = {str(choice) for choice, _ in field.choices if choice}
    return [value for value in values if value in offered]

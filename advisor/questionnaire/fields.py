"""How the form asks each kind of question, and what it takes for an answer."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import conditional_escape, format_html, format_html_join

from advisor.choices import NO_ANSWER, NO_OTHER, QuestionKind
from comparisons.forms import FrameworkNamesField
from comparisons.models import Framework
from comparisons.web.redirects import renamed


class SingleAnswerField(forms.ChoiceField):
    """A choice among several; a posted form may answer it once."""

    default_error_messages = {"doubled": "Choose one answer, not several."}


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


class SelectsInOrder(forms.SelectMultiple):
    """As many lists as answers are taken; the first answer stands in the first."""

    def __init__(self, *, most, **kwargs):
        self.most = most
        super().__init__(**kwargs)

    def render(self, name, value, attrs=None, renderer=None):
        chosen = [*(value or []), *[""] * self.most][: self.most]
        lists = []
        for number, one in enumerate(chosen, start=1):
            suffix = f"_{number}" if number > 1 else ""
            own = {**self.attrs, **attrs, "id": f"{attrs['id']}{suffix}"}
            choices = list(self.choices)
            if suffix:
                own["aria-label"] = f"And number {number}"
                choices[0] = ("", NO_OTHER)
            one_list = forms.Select(attrs=own, choices=choices)
            lists.append((one_list.render(name, one, renderer=renderer),))
        return format_html_join("\n", "{}", lists)


class ChoicesInOrderField(LimitedMultipleChoiceField):
    """Several choices in the order in which they were posted."""

    def to_python(self, value):
        values = [value] if isinstance(value, str) else value
        return [each for each in super().to_python(values) if each]

    def clean(self, value):
        posted = self.to_python(value)
        super().clean(posted)
        return list(dict.fromkeys(posted))


class FrameworksField(LimitedMultipleChoiceField):
    """Several frameworks; one that was renamed is known by its former slug too."""

    def to_python(self, value):
        slugs = super().to_python(value)
        unknown = set(slugs) - {slug for slug, _ in self.choices}
        if not unknown:
            return slugs
        found = renamed(Framework, unknown)
        return [found[slug].slug if slug in found else slug for slug in slugs]


def field_for(questionnaire, question):
    """Return the field that asks ``question``, which may stay open.

    All forms share it, so nothing of it may be changed.
    """
    kind = QuestionKind(question.kind)
    words = {
        "label": question.text,
        # Django takes a help text for the programmer's own HTML.
        "help_text": conditional_escape(question.help_text),
        "required": False,
    }
    if kind.asks_for_frameworks and not questionnaire.are_listed:
        how = FrameworkNamesField.how
        words["help_text"] = format_html("{} {}", question.help_text, how)
        return FrameworkNamesField(most=question.most, **words)
    words["error_messages"] = {
        "invalid_choice": f"“%(value)s” is not among the answers to “{question.text}”"
    }
    pairs = [(value, label) for value, label, _ in questionnaire.choices(question)]
    if kind == QuestionKind.PROJECT:
        most = question.most or 1
        lists = SelectsInOrder(most=most)
        choices = [("", NO_ANSWER), *pairs]
        return ChoicesInOrderField(choices=choices, widget=lists, most=most, **words)
    if kind.takes_several:
        several = (
            FrameworksField if kind.asks_for_frameworks else LimitedMultipleChoiceField
        )
        ticks = forms.CheckboxSelectMultiple
        return several(choices=pairs, widget=ticks, most=question.most, **words)
    if kind == QuestionKind.PRIORITY:
        choices = [*pairs, ("", NO_ANSWER)]
        steps = forms.RadioSelect
        return SingleAnswerField(choices=choices, widget=steps, initial="", **words)
    choices = [("", NO_ANSWER), *pairs]
    return SingleAnswerField(choices=choices, **words)

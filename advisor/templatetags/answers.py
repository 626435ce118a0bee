"""How the form's answers are drawn."""

from html import escape

from django import template
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag
def ticks(answers, is_inline=False):
    """Draw the boxes or buttons of answers with their words: ``{% ticks field %}``.

    Composed here, because their widget renders two templates for each of a hundred.
    """
    style = "form-check form-check-inline" if is_inline else "form-check"
    return mark_safe(
        "".join(
            f'<div class="{style}"><input{_attributes(answer.data)}>'
            f'<label for="{escape(answer.id_for_label)}">'
            f"{escape(answer.choice_label)}</label></div>"
            for answer in answers
        )
    )


def _attributes(box):
    shown = {name: box[name] for name in ("type", "name", "value")} | box["attrs"]
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in shown.items()
        if value not in (None, False)
    )

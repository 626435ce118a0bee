"""How the form's answers are drawn."""

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html_join

register = template.Library()


@register.simple_tag
def ticks(answers, is_inline=False):
    """Draw the boxes or buttons of answers with their words: ``{% ticks field %}``.

    Composed here, because their widget renders two templates for each of a hundred.
    """
    return format_html_join(
        "",
        '<div class="form-check{}"><input type="{}" name="{}" value="{}"{}>'
        '<label for="{}">{}</label></div>',
        (
            (
                " form-check-inline" if is_inline else "",
                answer.data["type"],
                answer.data["name"],
                answer.data["value"],
                flatatt(answer.data["attrs"]),
                answer.id_for_label,
                answer.choice_label,
            )
            for answer in answers
        ),
    )

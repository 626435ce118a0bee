"""How forms are drawn: menus, boxes and buttons without templates.

Django renders two templates for each option of a menu and each box, and a form of
ours has more than a hundred of them.
"""

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe


class Renderer(DjangoTemplates):
    """Django's own, but for what stands in a form many times."""

    def render(self, template_name, context, request=None):
        if draw := DRAWN.get(template_name.removeprefix("django/forms/widgets/")):
            return draw(context["widget"])
        return super().render(template_name, context, request)


def _menu(widget):
    # Each option that stands in no group is one of its own, without a name.
    groups = [
        format_html('<optgroup label="{}">{}</optgroup>', name, _options(group))
        if name
        else _options(group)
        for name, group, _ in widget["optgroups"]
    ]
    attrs = flatatt(widget["attrs"])
    drawn = mark_safe("".join(groups))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], attrs, drawn)


def _options(group):
    return mark_safe(
        "".join(
            f'<option value="{escape(option["value"])}"{_attributes(option)}>'
            f"{escape(option['label'])}</option>"
            for option in group
        )
    )


def _attributes(option):
    return flatatt(option["attrs"]) if option["attrs"] else ""


def _input(widget):
    attrs = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        attrs["value"] = str(widget["value"])
    drawn = format_html("<input{}>", flatatt(attrs | widget["attrs"]))
    if not widget.get("wrap_label"):
        return drawn
    target = flatatt({"for": widget["attrs"].get("id")})
    return format_html("<label{}>{} {}</label>", target, drawn, widget["label"])


DRAWN = {
    "select.html": _menu,
    "radio_option.html": _input,
    "checkbox_option.html": _input,
    "checkbox.html": _input,
    "text.html": _input,
    "number.html": _input,
    "hidden.html": _input,
}

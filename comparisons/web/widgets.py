"""How forms are drawn: as Django does, without a template for each part.

Django renders two for each option of a menu and each box, and a form of ours has more
than a hundred of them; and five around each field.
"""

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import (
    conditional_escape,
    escape,
    format_html,
    format_html_join,
)
from django.utils.safestring import mark_safe


class Renderer(DjangoTemplates):
    """Django's own, but for what stands in a form many times."""

    def render(self, template_name, context, request=None):
        name = template_name.removeprefix("django/forms/")
        if draw := DRAWN.get(name):
            return draw(context["widget"] if name.startswith("widgets/") else context)
        return super().render(template_name, context, request)


def _form(context):
    groups = [f"<div>{field.as_field_group()}</div>" for field, _ in context["fields"]]
    hidden = map(str, context["hidden_fields"])
    return mark_safe("".join([str(context["errors"]), *groups, *hidden]))


def _group(context):
    """Draw a field with its label, its help and its mistakes."""
    field = context["field"]
    drawn = []
    if field.label:
        label = field.legend_tag if field.use_fieldset else field.label_tag
        drawn.append(label(label_suffix=""))
    if field.help_text:
        # Django takes it for HTML; editors write some of it.
        helped = '<div class="helptext" id="{}_helptext">{}</div>'
        drawn.append(format_html(helped, field.auto_id, field.help_text))
    drawn += [str(field.errors), str(field)]
    whole = mark_safe("".join(drawn))
    if not field.use_fieldset:
        return whole
    described = {"aria-describedby": field.aria_describedby or None}
    return format_html("<fieldset{}>{}</fieldset>", flatatt(described), whole)


def _label(context):
    label, tag = conditional_escape(context["label"]), context["tag"]
    if not context["use_tag"]:
        return label
    return format_html(
        "<{}{}>{}</{}>", tag, flatatt(context["attrs"] or {}), label, tag
    )


def _errors(context):
    errors = context["errors"]
    if not errors:
        return ""
    name = {"id": f"{errors.field_id}_error"} if errors.field_id else {}
    attrs = flatatt({"class": errors.error_class} | name)
    listed = format_html_join("", "<li>{}</li>", ((error,) for error in errors))
    return format_html("<ul{}>{}</ul>", attrs, listed)


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


def _boxes(widget):
    boxes = [
        f"<div>{_input(box)}</div>"
        for _, group, _ in widget["optgroups"]
        for box in group
    ]
    attrs = {name: widget["attrs"].get(name) for name in ("id", "class")}
    return format_html("<div{}>{}</div>", flatatt(attrs), mark_safe("".join(boxes)))


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
    "div.html": _form,
    "field.html": _group,
    "label.html": _label,
    "errors/list/default.html": _errors,
    "widgets/select.html": _menu,
    "widgets/checkbox_select.html": _boxes,
    **{
        f"widgets/{name}.html": _input
        for name in [
            *("radio_option", "checkbox_option"),
            *("checkbox", "text", "number", "hidden"),
        ]
    },
}

"""What public pages show to a signed-in editor, and to nobody else."""

from django import template
from django.utils.html import format_html

from comparisons.choices import Status
from comparisons.editing.admin_urls import work_address

register = template.Library()


@register.simple_tag(takes_context=True)
def edit_link(context, row):
    """Lead to the form of a row: ``{% edit_link cell.entry %}``."""
    if not getattr(context["request"], "editor", None):
        return ""
    return format_html(
        '<a class="edit-link" href="{}">{}<span class="visually-hidden"> {}: {}</span>'
        "</a>",
        work_address(row),
        "Edit" if row.pk else "Enter",
        row._meta.verbose_name,
        row,
    )


@register.simple_tag
def state(row):
    """Mark what is not published, by its status: ``{% state page.finding %}``."""
    return state_mark(row.status) if row else ""


def state_mark(status):
    if status == Status.PUBLISHED:
        return ""
    return format_html(
        ' <b class="state state-{}">{}</b>', str(status), Status(status).label
    )

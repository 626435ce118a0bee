"""The editors' pages beside the lists of the models: who sees one, and its frame.

A page is a view under ``@desk``, with a line in the table of addresses of its app
(``comparisons.admin.urls``, ``advisor.admin.urls``).
"""

from functools import wraps

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from comparisons.web.computed import NotYet, older_ones

# Seconds after which a page that waits for something asks again.
AGAIN = 3


def desk(*permissions):
    """Show a view to staff who have all ``permissions``; send others to sign in."""

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if not request.user.has_perms(permissions):
                raise PermissionDenied("Your account does not have this right.")
            with older_ones() as older:
                try:
                    page = view(request, *args, **kwargs)
                except NotYet:
                    page = desk_page(request, "not_yet", "In a moment", status=202)
                    page["Refresh"] = AGAIN
            if older and isinstance(page, TemplateResponse):
                page.context_data["is_older"] = True
                page["Refresh"] = AGAIN
            return page

        return admin.site.admin_view(checked)

    return decorate


def desk_page(request, template, title, *, status=None, **context):
    """Return the page that ``template`` of ``admin/`` draws within the desk."""
    context = {**admin.site.each_context(request), "title": title} | context
    request.current_app = admin.site.name
    return TemplateResponse(request, f"admin/{template}.html", context, status=status)


def as_it_stands(model, pk):
    """Return a row as it is stored, with all that it rests on; None if it is gone."""
    rows = model._default_manager.all()
    if hasattr(rows, "with_citations"):
        rows = rows.with_parents().with_citations()
    return rows.filter(pk=pk).first()


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at: nobody adds, changes or deletes one in a form."""

    list_per_page = 50
    show_facets = admin.ShowFacets.ALLOW

    def page_of(self, request, row):
        """Answer a request for the page of ``row``; by itself Django's own."""
        return super().change_view(request, str(row.pk))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self.page_of(request, row)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class RatedAdmin:
    """What has a matrix: saving it can lead there, to what is not rated yet."""

    def render_change_form(self, request, context, *args, **kwargs):
        context["is_rated"] = True
        return super().render_change_form(request, context, *args, **kwargs)

    def _response_post_save(self, request, obj):
        if "_rate" not in request.POST:
            return super()._response_post_save(request, obj)
        name = f"desk:matrix-{self.opts.model_name}"
        return redirect(reverse(name, args=[obj.slug], query={"missing": 1}))


@admin.display(description="matrix")
def matrix_link(row):
    """Lead from a framework or a feature in its list to its matrix."""
    return format_html(
        '<a href="{}">Findings<span class="visually-hidden"> of {}</span></a>',
        reverse(f"desk:matrix-{row._meta.model_name}", args=[row.slug]),
        row,
    )

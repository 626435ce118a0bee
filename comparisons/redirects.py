"""Old addresses: what was renamed or merged is found under its former slug."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect

from .models import Alias


def finds_renamed(model):
    """Return a decorator for a view of one row of ``model`` by its slug.

    Where the view knows no such row, but one that readers may see was called so
    before, it redirects there for good.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(request, slug):
            try:
                return view(request, slug=slug)
            except Http404:
                row = renamed(model, [slug]).get(slug)
                if row is None:
                    raise
                query = request.META.get("QUERY_STRING", "")
                address = row.get_absolute_url() + (f"?{query}" if query else "")
                return redirect(address, permanent=True)

        return wrapped

    return decorate


def renamed(model, slugs):
    """Return {former slug: row}, as far as readers may see the row."""
    rows = Alias.objects.rows(model, slugs)
    visible = model.objects.published().filter(pk__in=[row.pk for row in rows.values()])
    shown = set(visible.values_list("pk", flat=True)) if rows else set()
    return {slug: row for slug, row in rows.items() if row.pk in shown}

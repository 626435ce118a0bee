"""Old addresses: what was renamed or merged is found under its former slug."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from comparisons.keys import key_lookups
from comparisons.models import Alias
from comparisons.models.aliases import Renamable
from comparisons.models.frameworks import VERSUS


def finds_renamed(view, **models):
    """Return ``view``, which is found under former slugs as well.

    ``models`` tells of which model a slug is, by its name in the path or in the
    query. Where the path leads nowhere, or the query names a row that readers know
    by another slug now, it redirects for good to the slugs of today.
    """

    @wraps(view)
    def wrapped(request, **path):
        query = request.GET.copy()
        for name in models.keys() & query.keys():
            query.setlist(name, current_slugs(models[name], query.getlist(name)))
        present = path
        try:
            if query == request.GET:
                return view(request, **path)
        except Http404:
            present = {
                name: _current(models, name, slug) for name, slug in path.items()
            }
            if present == path:
                raise
        view_name = request.resolver_match.view_name
        address = reverse(view_name, kwargs=present, query=query)
        return redirect(address, permanent=True)

    return wrapped


def _current(models, name, slugs):
    """Return ``slugs`` of the path, joined if there are several, as they are now."""
    if name not in models:
        return slugs
    return VERSUS.join(current_slugs(models[name], slugs.split(VERSUS)))


def current_key(model, key):
    """Return the natural ``key`` of a row of ``model`` with the slugs of today."""
    found = []
    for lookup, value in zip(key_lookups(model), key, strict=True):
        name, _, slug = lookup.rpartition("__")
        owner = model._meta.get_field(name).related_model if name else model
        found += current_slugs(owner, [value]) if slug == "slug" else [value]
    return found


def current_slugs(model, slugs):
    """Return the slugs under which readers now find what was called ``slugs``."""
    rows = renamed(model, slugs) if issubclass(model, Renamable) else {}
    if rows:
        living = model.objects.published().filter(slug__in=list(rows))
        for slug in living.values_list("slug", flat=True):
            del rows[slug]
    return [rows[slug].slug if slug in rows else slug for slug in slugs]


def renamed(model, slugs):
    """Return {former slug: row}, as far as readers may see the row."""
    rows = Alias.objects.rows(model, slugs)
    visible = model.objects.published().filter(pk__in=[row.pk for row in rows.values()])
    shown = set(visible.values_list("pk", flat=True)) if rows else set()
    return {slug: row for slug, row in rows.items() if row.pk in shown}

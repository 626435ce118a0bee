"""Old addresses: what was renamed or merged is found under its former slug."""

from functools import wraps

from django.forms import ModelChoiceField
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from comparisons.keys import key_lookups
from comparisons.models import Alias
from comparisons.models.aliases import Renamable


def finds_renamed(**models):
    """Return a decorator for a view of something that slugs in its address name.

    ``models`` say which argument of the view is the slug of what. Where the view
    finds nothing, but rows that readers may see were called so before, it redirects
    for good to the same view of those.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(request, **given):
            try:
                return view(request, **given)
            except Http404:
                current = {
                    name: current_slug(models[name], value) if name in models else value
                    for name, value in given.items()
                }
                if current == given:
                    raise
                view_name = request.resolver_match.view_name
                address = reverse(view_name, kwargs=current, query=request.GET)
                return redirect(address, permanent=True)

        return wrapped

    return decorate


class FindsRenamed:
    """For a list with facets: one that names a former slug leads to the present one."""

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        query = request.GET.copy()
        for name in self.filterset.errors:
            field = self.filterset.form.fields[name]
            if isinstance(field, ModelChoiceField):
                query[name] = current_slug(field.queryset.model, query[name])
        if query.dict() == request.GET.dict():
            return response
        return redirect(f"{request.path}?{query.urlencode()}", permanent=True)


def current_key(model, key):
    """Return the natural ``key`` of a row of ``model`` with the slugs of today."""
    found = []
    for lookup, value in zip(key_lookups(model), key, strict=True):
        name, _, slug = lookup.rpartition("__")
        owner = model._meta.get_field(name).related_model if name else model
        found.append(current_slug(owner, value) if slug == "slug" else value)
    return found


def current_slug(model, slug):
    """Return the slug under which readers now find what was called ``slug``."""
    row = renamed(model, [slug]).get(slug) if issubclass(model, Renamable) else None
    if row is None or model.objects.filter(slug=slug).exists():
        return slug
    return row.slug


def renamed(model, slugs):
    """Return {former slug: row}, as far as readers may see the row."""
    rows = Alias.objects.rows(model, slugs)
    visible = model.objects.published().filter(pk__in=[row.pk for row in rows.values()])
    shown = set(visible.values_list("pk", flat=True)) if rows else set()
    return {slug: row for slug, row in rows.items() if row.pk in shown}

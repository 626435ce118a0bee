"""The admin site of the editors: what stands before and beside each of its pages."""

from functools import update_wrapper

from django.contrib.admin import AdminSite, ModelAdmin
from django.shortcuts import redirect
from django.urls import reverse

from comparisons.search.reading import MOST_WORDS
from comparisons.web import typed

# How a column is compared by what narrows a list.
WAYS = {"exact", "in", "isnull", "gt", "gte", "lt", "lte"}


class Narrowed:
    """A list that is narrowed by what it offers, and searched for a few words.

    Django takes patterns and halves of ranges for any column of the row. Some of them
    fail, and those for a column that is not shown tell what stands there.
    """

    def lookup_allowed(self, lookup, value, request):
        column, _, way = lookup.rpartition("__")
        column = (column if way in WAYS else lookup).removesuffix("__id")
        offered = {"id", "pk"}
        offered |= {
            f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")
        }
        for each in self.get_list_filter(request):
            own = getattr(each, "parameter_name", None)
            offered.add(own or (each if isinstance(each, str) else each[0]))
        allowed = super().lookup_allowed(lookup, value, request)
        return allowed and column in offered

    def get_search_results(self, request, queryset, search_term):
        words = search_term.split()[:MOST_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))


class Desk(AdminSite):
    """Asks for the second factor, and gives back what a session took when it ended."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # In no order: each part knows its position.
        self.parts = []

    def register(self, model_or_iterable, admin_class=None, **options):
        base = admin_class or ModelAdmin
        narrowed = type(base)(base.__name__, (Narrowed, base), {})
        super().register(model_or_iterable, narrowed, **options)

    def get_app_list(self, request, app_label=None):
        """Return the parts of the desk; of one app, all its tables."""
        listed = super().get_app_list(request, app_label)
        if app_label or not self.has_permission(request):
            return listed
        tables = {each["model"]: each for app in listed for each in app["models"]}
        parts = sorted(self.parts, key=lambda part: part.position)
        entries = [part.entry(request.user, tables) for part in parts]
        return [entry for entry in entries if entry["models"]]

    def admin_view(self, view, cacheable=False):
        checked = super().admin_view(view, cacheable)

        def wrapped(request, *args, **kwargs):
            if self.has_permission(request):
                answer = typed.give_back(request)
            else:
                answer = typed.keep(request)
            return answer or checked(request, *args, **kwargs)

        return update_wrapper(wrapped, checked)

    def login(self, request, extra_context=None):
        """Lead whoever has shown the password, and nothing more, to the next step."""
        if request.method == "GET" and request.needs_factor:
            query = {"next": request.GET.get("next", "")}
            return redirect(reverse("desk:second-factor", query=query))
        return super().login(request, extra_context)

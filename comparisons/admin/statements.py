from django.contrib import admin
from django.shortcuts import redirect

from comparisons.admin.bases.forms import possible_keys
from comparisons.admin.bases.statements import StatementAdmin
from comparisons.editing.admin_urls import edit_address
from comparisons.models import Adopter, Fact, Finding, ProCon


@admin.register(Finding)
class FindingAdmin(StatementAdmin):
    list_display = [
        "feature",
        "framework",
        "level",
        "status",
        "citation_count",
        "contested",
    ]
    list_filter = ["status", "framework", "feature__kind", "feature__group", "level"]
    search_fields = ["framework__name", "feature__name", "note"]
    autocomplete_fields = ["framework", "feature", "extension", "alternatives"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("framework", "feature"),
                    ("level", "status"),
                    "extension",
                    "alternatives",
                    "since_version",
                    "note",
                ]
            },
        ),
        ("Where sources disagree", {"fields": ["decision", "reason"]}),
        (
            "Bounds of an unknown level",
            {"fields": [("at_least", "at_most")], "classes": ["collapse"]},
        ),
    ]

    def add_view(self, request, form_url="", extra_context=None):
        """Lead to the draft that a public page does not show, if there is one."""
        pair = {name: request.GET.get(name) for name in ("framework", "feature")}
        is_known = request.method == "GET" and len(possible_keys(pair.values())) == 2
        if is_known and (finding := Finding.objects.filter(**pair).first()):
            return redirect(edit_address(finding))
        return super().add_view(request, form_url, extra_context)


@admin.register(ProCon)
class ProConAdmin(StatementAdmin):
    list_display = ["statement", "side", "framework", "feature", "status", "contested"]
    list_filter = ["status", "side", "framework"]
    search_fields = ["statement", "matters_when", "framework__name", "feature__name"]
    autocomplete_fields = ["framework", "feature"]
    fields = [
        ("framework", "feature"),
        ("side", "status"),
        "statement",
        "matters_when",
        "slug",
        "decision",
        "reason",
    ]


@admin.register(Fact)
class FactAdmin(StatementAdmin):
    list_display = ["__str__", "value", "status", "citation_count", "updated_at"]
    list_filter = ["status", "framework", "kind"]
    search_fields = ["framework__name", "value", "note"]
    autocomplete_fields = ["framework"]
    fields = [
        "framework",
        ("kind", "status"),
        ("value", "event_date"),
        "note",
        "decision",
        "reason",
    ]


@admin.register(Adopter)
class AdopterAdmin(StatementAdmin):
    list_display = ["name", "framework", "status", "citation_count", "contested"]
    list_filter = ["status", "framework"]
    search_fields = ["name", "framework__name", "note"]
    autocomplete_fields = ["framework"]
    fields = [
        "framework",
        ("name", "status"),
        "slug",
        "url",
        "note",
        "decision",
        "reason",
    ]

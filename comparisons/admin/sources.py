from django.contrib import admin

from ..models import Citation, Source
from .shared import KnowledgeAdmin


@admin.register(Source)
class SourceAdmin(KnowledgeAdmin):
    list_display = ["title", "author", "publisher", "kind", "published_date"]
    list_filter = ["kind", "link_state", "framework"]
    search_fields = ["title", "author", "publisher", "url", "slug"]
    autocomplete_fields = ["framework"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["link_state", "link_checked_at"]


@admin.register(Citation)
class CitationAdmin(KnowledgeAdmin):
    """All passages; most are entered at the statement that they prove."""

    list_display = ["key", "source", "stance", "locator", "accessed_date"]
    list_filter = ["stance", "source__kind"]
    search_fields = ["key", "says", "locator", "source__title"]
    autocomplete_fields = [
        "source",
        "finding",
        "pro_con",
        "fact",
        "adopter",
        "verdict",
    ]
    list_select_related = ["source"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("stance", "level", "accessed_date"),
                    "source",
                    "locator",
                    "says",
                    "key",
                ]
            },
        ),
        (
            "Cited for exactly one of these",
            {"fields": ["finding", "pro_con", "fact", "adopter", "verdict"]},
        ),
    ]

"""The editors' desk in Django's admin, one module for each part of the knowledge."""

from django.contrib import admin

from . import (
    changes,
    comparisons,
    disagreements,
    features,
    frameworks,
    sources,
    statements,
)

__all__ = [
    "changes",
    "comparisons",
    "disagreements",
    "features",
    "frameworks",
    "sources",
    "statements",
]

admin.site.site_header = "Framewise editors’ desk"
admin.site.site_title = "Framewise"
admin.site.index_title = "Knowledge"

"""The editors' desk in Django's admin, one module for each part of the knowledge."""

from comparisons.admin import (
    changes,
    comparisons,
    disagreements,
    features,
    frameworks,
    links,
    sources,
    statements,
    suggestions,
)
from comparisons.admin.bases import merging
from comparisons.admin.pages import audit

__all__ = [
    "audit",
    "changes",
    "comparisons",
    "disagreements",
    "features",
    "frameworks",
    "links",
    "merging",
    "sources",
    "statements",
    "suggestions",
]

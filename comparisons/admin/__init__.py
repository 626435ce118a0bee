"""The editors' desk in Django's admin, one module for each part of the knowledge."""

from . import (
    audit,
    changes,
    comparisons,
    disagreements,
    features,
    frameworks,
    links,
    merging,
    sources,
    statements,
    suggestions,
)

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

"""The editors' desk in Django's admin, one module for each part of the knowledge."""

from . import (
    audit,
    comparisons,
    disagreements,
    features,
    frameworks,
    links,
    sources,
    statements,
    suggestions,
)

__all__ = [
    "audit",
    "comparisons",
    "disagreements",
    "features",
    "frameworks",
    "links",
    "sources",
    "statements",
    "suggestions",
]

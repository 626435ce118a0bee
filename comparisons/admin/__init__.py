"""The editors' desk in Django's admin, one module for each part of the knowledge."""

from comparisons.admin import (
    accounts,
    changes,
    comparisons,
    disagreements,
    features,
    frameworks,
    links,
    measurements,
    navigation,
    proposals,
    sources,
    statements,
    suggestions,
    synonyms,
)

"""The questionnaire as data, and the advice that was given.

A **Theme** is a priority shown to the visitor, made of features with **Shares**
that sum to one. A **Question** offers **Choices**; what a choice does to the
ranking stands in its **Effects** and nowhere else. **Advice** is the stored
result of one submission: it never changes, and goes when it expires or is
deleted.
"""

from .advice import Advice, DeletedAdvice
from .questionnaire import Choice, Effect, Question, Share, Theme

__all__ = [
    "Advice",
    "Choice",
    "DeletedAdvice",
    "Effect",
    "Question",
    "Share",
    "Theme",
]

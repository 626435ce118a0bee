"""The questionnaire as data, the advice that was given, and who it is tried on.

A **Theme** is a priority shown to the visitor, made of features with **Shares**
that sum to one. A **Question** offers **Choices**; what a choice does to the
ranking stands in its **Effects** and nowhere else. **Advice** is the stored
result of one submission: it never changes, and goes when it expires or is
deleted.

A **Persona** is a named situation with its answers; its **Expectations** are
the passages that say which framework suits it, and a **PersonaOutcome** is what
the advisor said when an editor last recorded it.
"""

from .advice import Advice, DeletedAdvice
from .personas import Expectation, Persona, PersonaOutcome
from .questionnaire import Choice, Effect, Question, Share, Theme

__all__ = [
    "Advice",
    "Choice",
    "DeletedAdvice",
    "Effect",
    "Expectation",
    "Persona",
    "PersonaOutcome",
    "Question",
    "Share",
    "Theme",
]

"""The questionnaire as data, and the advice that was given.

A **Theme** is a priority shown to the visitor, made of features with **Shares**
that sum to one. A **Question** offers **Choices**; what a choice does to the
ranking stands in its **Effects** and nowhere else. A **Preset** suggests points
for a project, a **Conflict** warns of two answers that pull against each other,
a **Kinship** says how far knowing one framework helps with another. **Advice** is
the stored result of one submission and never changes.
"""

from .advice import Advice
from .guidance import Conflict, Kinship, Preset, PresetPoints
from .questionnaire import Choice, Effect, Question, Share, Theme

__all__ = [
    "Advice",
    "Choice",
    "Conflict",
    "Effect",
    "Kinship",
    "Preset",
    "PresetPoints",
    "Question",
    "Share",
    "Theme",
]

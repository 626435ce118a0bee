"""The questionnaire and the stored advice in the editors' admin."""

from . import advice, questionnaire

__all__ = ["advice", "questionnaire"]

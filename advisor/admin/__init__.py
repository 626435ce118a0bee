"""The questionnaire, its personas and the stored advice in the editors' admin."""

from . import advice, personas, questionnaire

__all__ = ["advice", "personas", "questionnaire"]

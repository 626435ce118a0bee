"""The questionnaire, its personas and the stored advice in the editors' admin."""

from advisor.admin import advice, personas, questionnaire

__all__ = ["advice", "personas", "questionnaire"]

"""The questionnaire, its personas and the stored advice in the editors' admin."""

from advisor.admin import advice, navigation, personas, questionnaire

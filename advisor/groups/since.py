"""What changed since a group's result was given, and what that does to it."""

from advisor.groups.result import result_for_group
from advisor.models import GroupAdvice
from advisor.questionnaire.reading import Questionnaire
from advisor.results.since import WhatChanged, lost_answers, offered, what_changed


def changes_since_for_group(advice: GroupAdvice) -> WhatChanged:
    """Return what changed since the ``advice`` of a group was stored, likewise."""
    questionnaire = Questionnaire.current()
    lost = [
        change
        for said in advice.answers
        for kept in [offered(said["answers"], questionnaire)]
        for change in lost_answers(f"{said['name']}’s", said["answers"], kept)
    ]
    fresh = result_for_group(questionnaire, advice.answers).result
    return what_changed(advice.result, fresh, lost, _weight_in_words)


def _weight_in_words(theme):
    return f"{100 * theme['weight']:.3g} % of the weight"

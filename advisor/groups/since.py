"""What changed since a group's result was given, and what that does to it."""

from advisor.groups.result import GroupResult
from advisor.questionnaire.reading import Questionnaire
from advisor.results.since import _answers, _changes, _offered


def changes_since_for_group(advice):
    """Return what changed since the ``advice`` of a group was stored, likewise."""
    questionnaire = Questionnaire.current()
    gone = [
        change
        for said in advice.answers
        for offered in [_offered(said["answers"], questionnaire)]
        for change in _answers(f"{said['name']}’s", said["answers"], offered)
    ]
    fresh = GroupResult(questionnaire, advice.answers)
    return _changes(advice, fresh, gone)

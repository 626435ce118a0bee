"""Which answer, given otherwise, would put another framework first; as plain JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.questionnaire.candidates import Known, candidates, ranking_of
from advisor.questionnaire.changes import Change, ChangeKind, single_changes
from advisor.questionnaire.preferences import Preferences
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.firsts import FirstPlace, first_places
from advisor.ranking.order import Ranking

# How many changes are told, each with another framework first.
MOST_CHANGES = 3


def changes_of_first(
    questionnaire: Questionnaire,
    answers: Mapping[str, Sequence[str]],
    preferences: Preferences,
    ranking: Ranking,
    known: Known,
) -> list[dict[str, Any]]:
    """Return the smallest changes of one answer that put others first.

    Each is ranked, none is solved for: its ``answers``, posted, put ``framework``
    first, and none of those that are first now. Each names another framework; the
    fewest steps count, then the larger lead. Empty if no single answer does it.
    """
    if not (preferences.criteria and ranking.standings):
        return []
    first = {standing.candidate.slug for standing in ranking.leaders}
    behind = [s for s in ranking.standings if s.candidate.slug not in first]
    second = behind[0].candidate.slug if behind else None
    changes = list(single_changes(questionnaire, answers, preferences, second))
    means = [questionnaire.preferences(change.answers) for change in changes]
    found = [
        (change, changed, place)
        for change, changed, place in zip(
            changes, means, _first_places(questionnaire, means, known), strict=True
        )
        if place.leaders and first.isdisjoint(place.leaders)
    ]
    found.sort(key=lambda each: (each[0].steps, -round(each[2].lead, 9)))
    smallest: dict[str, tuple[Change, Preferences]] = {}
    for change, changed, place in found:
        smallest.setdefault(place.leaders[0], (change, changed))
    return [
        _told(change, ranking_of(questionnaire, changed, known), ranking)
        for change, changed in list(smallest.values())[:MOST_CHANGES]
    ]


def _first_places(questionnaire, means, known):
    """Return the first place for each of ``means``, what changed answers mean."""
    found: dict[int, FirstPlace] = {}
    alike: dict[tuple[frozenset[str], ...], list[int]] = {}
    for number, each in enumerate(means):
        key = each.candidates, *(own.known for own in each.familiarity)
        alike.setdefault(key, []).append(number)
    for numbers in alike.values():
        frameworks = candidates(questionnaire, means[numbers[0]], known)
        cases = [means[number] for number in numbers]
        found |= zip(numbers, first_places(frameworks, cases), strict=True)
    return [found[number] for number in range(len(means))]


def _told(change, after, before):
    first, *others = after.standings
    old = before.standings[0].candidate
    now = next((other for other in others if other.candidate.slug == old.slug), None)
    figures = (
        f"{first.shown_score}, {old.name} {now.shown_score}"
        if now
        else (f"{first.shown_score}, {old.name} is left out")
    )
    level = [leader.candidate.name for leader in after.leaders]
    places = " and ".join(level)
    verb = "come" if len(level) > 1 else "comes"
    known_as = {
        standing.candidate.slug: standing.candidate.name for standing in after.standings
    }
    condition = _condition(change, known_as)
    return {
        "kind": change.kind,
        "about": change.about,
        "before": change.before,
        "after": change.after,
        "answers": {name: list(values) for name, values in change.answers.items()},
        "framework": first.candidate.slug,
        "name": first.candidate.name,
        "score": first.shown_score,
        "sentence": f"{condition}, {places} {verb} first ({figures}).",
    }


def _condition(change: Change, names: Mapping[str, str]) -> str:
    about = f"“{change.about}”"
    return {
        ChangeKind.PRIORITY: (
            f"With {about} {change.after.lower()} instead of {change.before.lower()}"
        ),
        ChangeKind.WEAKER: f"If a good package will do for {about}",
        ChangeKind.STRICTER: f"If {about} has to be in the box",
        ChangeKind.DROPPED: f"Without the must-have {about}",
        ChangeKind.TEAM_KNOWS: f"If your team knew {names.get(change.after)}",
    }[change.kind]

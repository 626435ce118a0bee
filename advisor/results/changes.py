"""Which answer, given otherwise, would put another framework first; as plain JSON."""

from collections.abc import Mapping
from typing import Any

from advisor.questionnaire.candidates import Known, candidates
from advisor.questionnaire.changes import Change, ChangeKind, single_changes
from advisor.questionnaire.elicitation import Answers
from advisor.questionnaire.preferences import Preferences
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.order import Ranking, rank, sums

# How many changes are told, each with another framework first.
MOST_CHANGES = 3


def changes_of_first(
    questionnaire: Questionnaire,
    answers: Answers,
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
    found = [
        (change, after)
        for change, after in _rankings(
            questionnaire, changes, preferences, first, known
        )
        if after.leaders
        and first.isdisjoint(leader.candidate.slug for leader in after.leaders)
    ]
    found.sort(key=lambda each: (each[0].steps, -round(_lead(each[1]), 9)))
    smallest: dict[str, tuple[Change, Ranking]] = {}
    for change, after in found:
        smallest.setdefault(after.leaders[0].candidate.slug, (change, after))
    return [
        _told(change, after, ranking)
        for change, after in list(smallest.values())[:MOST_CHANGES]
    ]


def _rankings(questionnaire, changes, before, first, known):
    """Yield each change that may put others first, with the ranking that it makes.

    Where the must-haves stay, one of the ``first`` that has the best score stays first.
    """
    alike: dict[tuple[frozenset[str], ...], list[tuple[Change, Preferences]]] = {}
    for change in changes:
        after = questionnaire.preferences(change.answers)
        key = after.candidates, *(own.known for own in after.familiarity)
        if after.criteria:
            alike.setdefault(key, []).append((change, after))
    for pairs in alike.values():
        frameworks = candidates(questionnaire, pairs[0][1], known)
        scores, *_ = sums([after.criteria for _, after in pairs], frameworks)
        for (change, after), best in zip(pairs, scores.argmax(axis=0), strict=True):
            has_others = after.requirements != before.requirements
            if has_others or frameworks[best].slug not in first:
                yield change, rank(after.criteria, frameworks, after.requirements)


def _lead(ranking):
    """Return how many points the first is ahead; all where it is alone."""
    first, *others = ranking.standings
    return first.score - others[0].score if others else 100.0


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

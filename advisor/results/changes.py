"""Which answer, given otherwise, would put another framework first; as plain JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.questionnaire.candidates import Known, candidates
from advisor.questionnaire.changes import Change, ChangeKind, single_changes
from advisor.questionnaire.reading import Preferences, Questionnaire
from advisor.ranking.order import Ranking, rank

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
    found = []
    for change in single_changes(questionnaire, answers, preferences, second):
        changed = questionnaire.preferences(change.answers)
        after = rank(
            changed.criteria,
            candidates(questionnaire, changed, known),
            changed.requirements,
        )
        leaders = [standing.candidate.slug for standing in after.leaders]
        if changed.criteria and leaders and first.isdisjoint(leaders):
            found.append((change, after))
    found.sort(key=lambda pair: (pair[0].steps, -_lead(pair[1])))
    told: dict[str, dict[str, Any]] = {}
    for change, after in found:
        told.setdefault(
            after.standings[0].candidate.slug, _told(change, after, ranking)
        )
    return list(told.values())[:MOST_CHANGES]


def _lead(after):
    """Return by how many points the first leads."""
    scores = [standing.score for standing in after.standings[:2]]
    return scores[0] - scores[1] if len(scores) > 1 else 100.0


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

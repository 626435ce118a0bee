"""What changed since a result was stored: then against today, in plain records.

The stored result is compared with a fresh one for the same answers, which is
kept in memory. Only what the stored result rests on is looked at: its findings,
its must-haves, its weights, and its answers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from advisor.models import Advice
from advisor.questionnaire.elicitation import Answers
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.order import UNKNOWN
from advisor.results.format import as_dict, complete
from advisor.results.result import Result, result_for


@dataclass(frozen=True, kw_only=True)
class ThenAndNow:
    """One thing that a result rests on or says: what it was, and what it is."""

    what: str
    then: str
    now: str
    # Where the finding stands, if it is one; and its note, if that is new.
    framework: str = ""
    feature: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class WhatChanged:
    """All that changed, and the answers of one visitor that can still be given."""

    causes: Sequence[ThenAndNow]
    # The places and scores of the frameworks.
    moves: Sequence[ThenAndNow]
    verdict: str
    answers: Answers = field(default_factory=dict)

    def __bool__(self):
        return bool(self.causes or self.moves)


def changes_since(advice: Advice) -> WhatChanged:
    """Return what changed since ``advice`` was stored.

    Runs the same answers on today's knowledge, in a fixed number of queries,
    and stores nothing.
    """
    questionnaire = Questionnaire.current()
    kept = offered(advice.answers, questionnaire)
    lost = lost_answers("Your", advice.answers, kept, complete(advice.result)["echo"])
    fresh = result_for(questionnaire, advice.answers)
    return replace(
        what_changed(advice.result, fresh, lost, points_in_words), answers=kept
    )


def what_changed(
    stored: dict[str, Any],
    fresh: Result,
    lost: Iterable[ThenAndNow],
    in_words: Callable[[Mapping[str, Any]], str],
) -> WhatChanged:
    """Return how a ``stored`` result differs from a ``fresh`` one.

    ``lost`` are the answers that cannot be given any more; ``in_words`` says how
    much a theme counts.
    """
    then, now = complete(stored), complete(as_dict(fresh))
    return WhatChanged(
        causes=[
            *lost,
            *_must_haves(then, now),
            *_differences(_themes(then, in_words), _themes(now, in_words)),
            *_differences(_shares(then, now), _shares(now, then)),
            *_findings(then, now, fresh.grounds),
        ],
        moves=_differences(_places(then), _places(now), "not listed", "not listed"),
        verdict=now["verdict"],
    )


def points_in_words(theme: Mapping[str, Any]) -> str:
    """Return in words how much ``theme`` counts for one visitor."""
    return f"{theme['points']:g} point{'s' * (theme['points'] != 1)}"


def offered(answers: Answers, questionnaire: Questionnaire) -> Answers:
    """Return the ``answers`` that the questionnaire still offers."""
    # Which suggestion was followed is no question, and is kept with the answers.
    presets = {"preset": [preset.slug for preset in questionnaire.presets]}
    choices = questionnaire.offered | presets
    kept = {
        question: [value for value in values if value in choices.get(question, ())]
        for question, values in answers.items()
    }
    return {question: values for question, values in kept.items() if values}


def lost_answers(
    whose: str, answers: Answers, kept: Answers, echo: Iterable[Mapping[str, Any]] = ()
) -> list[ThenAndNow]:
    """Return the ``answers`` that are not ``kept``, as ``echo`` put them then."""
    texts = {said["question"]: said["text"] for said in echo}
    labels = {
        said["question"]: dict(
            zip(said.get("values", []), said["answers"], strict=False)
        )
        for said in echo
    }
    return [
        ThenAndNow(
            what=f"{whose} answer to “{texts.get(question, question)}”",
            then=labels.get(question, {}).get(value, value),
            now="no longer offered",
        )
        for question, values in answers.items()
        for value in values
        if question != "preset" and value not in kept.get(question, ())
    ]


def _must_haves(then, now):
    if then["format"] < 2:
        # It does not say which levels were required.
        return []
    required = (
        {
            must_have["feature"]: (
                f"Must-have: {must_have['name']}",
                f"{must_have['required_label']} or better",
            )
            for must_have in result["must_haves"]
        }
        for result in (then, now)
    )
    return _differences(*required)


def _themes(result, in_words):
    """Return how much each theme counts, in words."""
    return {
        theme["slug"]: (f"Theme: {theme['name']}", in_words(theme))
        for theme in result["themes"]
    }


def _shares(result, other):
    """Return each feature's share of its theme in words, of themes in both results."""
    if not (result["ranking"] and other["ranking"]):
        return {}
    weights = {theme["slug"]: theme["weight"] for theme in result["themes"]}
    kept = {theme["slug"] for theme in other["themes"]}
    return {
        (part["theme"], part["feature"]): (
            f"{part['name']} in “{part['theme_name']}”",
            f"{100 * part['weight'] / weights[part['theme']]:.3g} %",
        )
        for part in result["ranking"][0]["contributions"]
        if part["theme"] in kept
    }


def _differences(then, now, new="did not count", gone="no longer counts"):
    """Return what differs between two mappings to (what, words)."""
    return [
        ThenAndNow(
            what=(then.get(key) or now[key])[0],
            then=then[key][1] if key in then else new,
            now=now[key][1] if key in now else gone,
        )
        for key in then | now
        if then.get(key, ["", ""])[1] != now.get(key, ["", ""])[1]
    ]


def _findings(then, now, grounds):
    """The findings that say something else today, or say it otherwise."""
    counting = {feature for _, feature in _statements(now)}
    changed = []
    for (framework, feature), old in _statements(then).items():
        if framework not in grounds.frameworks or feature not in counting:
            continue
        new = grounds.statement(framework, feature)
        says_otherwise = "note" in old and old["note"] != new["note"]
        # The first format has the level only where it shows it.
        is_worth_the_same = all(
            old.get(key, new[key]) == new[key] for key in ("level", "low", "high")
        )
        if says_otherwise or not is_worth_the_same:
            changed.append(
                ThenAndNow(
                    what=f"{old['framework_name']}: {old['name']}",
                    then=_in_words(old),
                    now=_in_words(new),
                    framework=framework,
                    feature=feature,
                    note=new["note"] if says_otherwise else "",
                )
            )
    return changed


def _statements(result):
    """Return all findings that ``result`` rests on, by framework and feature."""
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def add(standing, part):
        key = (standing["framework"], part["feature"])
        name = {"framework_name": standing["name"]}
        found[key] = found.get(key, {}) | part | name

    for standing in result["ranking"]:
        for kind in ("contributions", "reasons", "doubts", "open"):
            for part in standing[kind]:
                if part["is_finding"]:
                    add(standing, part)
    for must_have in result["must_haves"]:
        for standing in _rows(result):
            answer = must_have["answers"][standing["framework"]]
            name = {"feature": must_have["feature"], "name": must_have["name"]}
            add(standing, answer | name)
    for standing in result["excluded"]:
        for part in standing["failed"]:
            add(standing, part)
    return found


def _in_words(statement):
    low, high = statement.get("low"), statement.get("high")
    label = statement.get("level_label")
    if label is None:
        return f"worth {(low + high) / 2:.2f} of 1"
    is_narrowed = low != high and (low, high) != UNKNOWN
    return f"{label}, worth {low:g} to {high:g}" if is_narrowed else label


def _places(result):
    """Return where each framework stands, in words."""

    def place(row):
        if row in result["excluded"]:
            return "left out by a must-have"
        if row in result["unranked"]:
            return "not ranked"
        unverified = ", not verified" * (row["tier"] != "fits")
        return f"place {row['rank']}, {row['score']} points{unverified}"

    return {row["framework"]: (row["name"], place(row)) for row in _rows(result)}


def _rows(result):
    return [*result["ranking"], *result["excluded"], *result["unranked"]]

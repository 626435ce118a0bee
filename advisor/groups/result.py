"""The result of a group: that of one visitor, and who wants what.

What each member knows is a feature of its own, so that the group's score is
exactly the mean of what the members' own weights give.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from advisor.choices import QuestionKind
from advisor.questionnaire.candidates import candidates
from advisor.questionnaire.reading import Preferences, Questionnaire
from advisor.questionnaire.shortlist import shortlist
from advisor.ranking.flips import flips_of_rivals
from advisor.ranking.together import (
    GroupRanking,
    Member,
    mean_criteria,
    rank_for_group,
    theme_weights,
)
from advisor.results.format import as_dict
from advisor.results.grounds import read_grounds
from advisor.results.result import Answers, Result, names, quoted


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member with what their answers mean, and whom they alone would put first."""

    name: str
    answers: Answers
    preferences: Preferences

    @property
    def member(self) -> Member:
        """The person as the calculation takes one."""
        return Member(
            name=self.name,
            criteria=self.preferences.criteria,
            requirements=self.preferences.requirements,
            choices=self.preferences.candidates,
        )


@dataclass(frozen=True, kw_only=True)
class GroupResult:
    """What the answers of several people come to."""

    questionnaire: Questionnaire
    people: Sequence[Person]
    found: GroupRanking
    result: Result


def result_for_group(
    questionnaire: Questionnaire, said: Sequence[Mapping[str, Any]]
) -> GroupResult:
    """Return what the ``name`` and ``answers`` of each, at least one, come to.

    Nobody's points are the group's, so what moves is weight, or a fact.
    """
    people = [
        _person(questionnaire, number, each) for number, each in enumerate(said, 1)
    ]
    preferences = _together(questionnaire, people)
    offered = questionnaire.chosen_frameworks(preferences)
    grounds = read_grounds(shortlist(offered, preferences), preferences)
    chosen = candidates(questionnaire, preferences, grounds.known)
    found = rank_for_group([person.member for person in people], chosen)
    flips = flips_of_rivals(found.ranking, preferences.weighable, preferences.shares)
    return GroupResult(
        questionnaire=questionnaire,
        people=people,
        found=found,
        result=Result(
            preferences=preferences,
            candidates=chosen,
            ranking=found.ranking,
            acceptability=found.acceptability,
            rivals={slug: replace(each, themes=[]) for slug, each in flips.items()},
            others=len(offered) - len(chosen),
            grounds=grounds.quoting(quoted(found.ranking)),
            names=names(questionnaire, preferences, [each.answers for each in people]),
        ),
    )


def group_as_dict(group: GroupResult) -> dict[str, Any]:
    """Return the result of a group as it is stored."""
    told = as_dict(group.result)
    for relaxation in told["relaxations"]:
        relaxation["set_by"] = _set_by(group, relaxation["features"])
    members = zip(group.people, group.found.first_places, strict=True)
    return told | {
        "group": {
            "members": [_member(group, *pair) for pair in members],
            "must_haves": [
                {
                    "feature": must_have.feature.slug,
                    "name": must_have.feature.name,
                    "required_label": must_have.level.label,
                    "set_by": list(group.found.set_by[must_have.requirement]),
                }
                for must_have in group.result.preferences.must_haves
            ],
            "divide": _divide(group),
            "compromise": _compromise(group),
        }
    }


def _person(questionnaire, number, said):
    """Return a person of whom what they know has a feature of its own."""
    name, preferences = said["name"], questionnaire.preferences(said["answers"])
    own = {
        known.feature: replace(
            known,
            feature=f"{known.feature}-{number}",
            name=f"{known.name} ({name})",
            by=name,
        )
        for known in preferences.familiarity
    }
    criteria = [
        replace(criterion, feature=own[criterion.feature].feature)
        if criterion.feature in own
        else criterion
        for criterion in preferences.criteria
    ]
    return Person(
        name=name,
        answers=said["answers"],
        preferences=replace(
            preferences, criteria=criteria, familiarity=list(own.values())
        ),
    )


def _together(questionnaire, people):
    """Return what all answers mean together; points are percent of the weight."""
    own = [person.preferences for person in people]
    criteria = mean_criteria([each.criteria for each in own if each.criteria])
    shares = {}
    for criterion in criteria:
        shares.setdefault(criterion.theme, {})[criterion.feature] = criterion.weight
    points = {
        theme: 100 * math.fsum(features.values()) for theme, features in shares.items()
    }
    choices = [each.candidates for each in own]
    return Preferences(
        criteria=criteria,
        points=dict(sorted(points.items(), key=lambda item: (-item[1], item[0]))),
        shares={t: f for t, f in questionnaire.shares().items() if f} | shares,
        must_haves=list(
            dict.fromkeys(must for each in own for must in each.must_haves)
        ),
        familiarity=[known for each in own for known in each.familiarity],
        # Nothing is left out that somebody chooses from.
        candidates=frozenset().union(*choices) if all(choices) else frozenset(),
    )


def _member(group, person, first_place):
    return {
        "name": person.name,
        "projects": [
            label
            for question in group.questionnaire.questions
            if question.kind == QuestionKind.PROJECT
            for label in group.questionnaire.labels(question, person.answers).values()
        ],
        "first": [_named(group, slug) for slug in first_place],
        "weights": theme_weights(person.preferences.criteria),
        "must_haves": [must.feature.name for must in person.preferences.must_haves],
    }


def _divide(group):
    divide = group.found.divide
    if divide is None:
        return None
    weights = sorted(
        zip(divide.weights, divide.members, strict=True), key=lambda pair: pair[0]
    )
    return {
        "theme": divide.theme,
        "name": group.result.names.themes[divide.theme],
        "spread": divide.spread,
        "least": dict(zip(("weight", "name"), weights[0], strict=True)),
        "most": dict(zip(("weight", "name"), weights[-1], strict=True)),
    }


def _compromise(group):
    compromise = group.found.compromise
    return compromise and {
        "frameworks": [_named(group, slug) for slug in compromise.frameworks],
        "worst_rank": compromise.worst_rank,
    }


def _named(group, slug):
    return {"framework": slug, "name": group.result.names.frameworks[slug]}


def _set_by(group, features):
    """Return who set the must-haves of ``features``, in the order of members."""
    return [
        person.name
        for person in group.people
        if any(must.feature in features for must in person.preferences.requirements)
    ]

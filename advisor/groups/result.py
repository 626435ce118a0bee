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
from advisor.questionnaire.elicitation import Answers
from advisor.questionnaire.preferences import Preferences
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.draws import TIE
from advisor.ranking.order import rank, weigh
from advisor.ranking.together import (
    GroupRanking,
    Member,
    mean_criteria,
    rank_for_group,
    theme_weights,
)
from advisor.results.format import as_dict
from advisor.results.grounds import read_grounds
from advisor.results.result import Result, bundled, names, quoted
from advisor.results.wording import listed


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
            person=self.preferences.person,
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
    """Return what the ``name`` and ``answers`` of each, at least one, come to."""
    people = [
        _person(questionnaire, number, each) for number, each in enumerate(said, 1)
    ]
    preferences = _together(questionnaire, people)
    grounds = read_grounds(questionnaire, preferences)
    chosen = candidates(questionnaire, preferences, grounds.known)
    found = rank_for_group(
        [person.member for person in people], chosen, grounds.known.evidence
    )
    return GroupResult(
        questionnaire=questionnaire,
        people=people,
        found=found,
        result=Result(
            questionnaire=questionnaire,
            preferences=preferences,
            candidates=chosen,
            ranking=found.ranking,
            acceptability=found.acceptability,
            certainty=found.certainty,
            doubts=found.draws.doubts(),
            grounds=grounds.quoting(
                quoted(found.ranking), bundled(found.ranking, preferences, grounds)
            ),
            names=names(questionnaire, preferences, [each.answers for each in people]),
        ),
    )


def group_as_dict(group: GroupResult) -> dict[str, Any]:
    """Return the result of a group as it is stored."""
    told = as_dict(group.result)
    for relaxation in told["relaxations"]:
        relaxation["set_by"] = _set_by(group, relaxation["features"])
    members = zip(group.people, group.found.first_places, strict=True)
    found = {veto.requirement: veto for veto in group.found.vetoes}
    vetoes = [
        (must_have, found[must_have.requirement])
        for must_have in group.result.preferences.must_haves
    ]
    return told | {
        "group": {
            "members": [_member(group, *pair) for pair in members],
            "must_haves": [_must_have(group, *pair) for pair in vetoes],
            "decides": _decides(group),
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
    shares = {
        theme: {
            own[feature].feature if feature in own else feature: share
            for feature, share in features.items()
        }
        for theme, features in preferences.shares.items()
    }
    return Person(
        name=name,
        answers=said["answers"],
        preferences=replace(
            preferences,
            criteria=weigh(preferences.points, shares),
            shares=shares,
            familiarity=list(own.values()),
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
        shares={t: f for t, f in questionnaire.shares.items() if f} | shares,
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


def _must_have(group, must_have, veto):
    """Return who set a must-have, whom it leaves out, and who is first without it."""
    return {
        "feature": must_have.feature.slug,
        "name": must_have.feature.name,
        "required_label": must_have.level.label,
        "set_by": list(veto.set_by),
        "leaves_out": [_named(group, slug) for slug in veto.leaves_out],
        "first_without": [_named(group, slug) for slug in veto.first_without],
        "decides": veto.decides,
    }


def _divide(group):
    divide = group.found.divide
    if divide is None:
        return None
    names = group.result.names.themes
    weights = sorted(
        zip(divide.weights, divide.members, strict=True), key=lambda pair: pair[0]
    )
    return {
        "theme": divide.themes[0],
        "themes": len(divide.themes),
        "name": listed(f"{names[theme]}" for theme in divide.themes),
        "spread": divide.spread,
        "least": dict(zip(("weight", "name"), weights[0], strict=True)),
        "most": dict(zip(("weight", "name"), weights[-1], strict=True)),
    }


def _decides(group):
    """Return the theme without which others would come first, by the largest lead.

    Of the members it counts who gives it more weight than the group, and who less;
    None if no theme decides alone.
    """
    result, first = group.result, group.found.ranking.leaders
    found = []
    for theme in result.preferences.points:
        others = [c for c in result.preferences.criteria if c.theme != theme]
        total = math.fsum(criterion.weight for criterion in others)
        even = [replace(c, weight=c.weight / total) for c in others]
        ranking = rank(even, result.candidates, result.preferences.requirements)
        scores = {each.candidate.slug: each.score for each in ranking.standings}
        now = [standing.candidate.slug for standing in ranking.leaders]
        if even and first and all(each.candidate.slug not in now for each in first):
            lead = scores[now[0]] - scores[first[0].candidate.slug]
            found.append((lead, theme, now))
    if not found:
        return None
    _, theme, now = max(found)
    weights = [
        theme_weights(person.preferences.criteria).get(theme, 0.0)
        for person in group.people
        if person.preferences.criteria
    ]
    mean = math.fsum(weights) / len(weights)
    return {
        "theme": theme,
        "name": result.names.themes[theme],
        "first_without": [_named(group, slug) for slug in now],
        "more": sum(weight > mean + TIE for weight in weights),
        "less": sum(weight < mean - TIE for weight in weights),
    }


def _compromise(group):
    compromise = group.found.compromise
    return compromise and {
        "frameworks": [_named(group, slug) for slug in compromise.frameworks],
        "worst_rank": compromise.worst_rank,
        "vetoes": [
            {**_named(group, slug), "left_out_by": list(names)}
            for slug, names in compromise.vetoes.items()
            if names
        ],
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

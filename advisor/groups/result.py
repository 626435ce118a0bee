"""The result of a group, as plain JSON: that of one person, and who wants what.

What each member knows is a criterion of its own, so that the group's score is
exactly the mean of what the members' own weights give.
"""

import math
from dataclasses import dataclass, replace

from advisor.choices import QuestionKind, ThemeBasis
from advisor.questionnaire.candidates import candidates
from advisor.questionnaire.reading import Preferences
from advisor.ranking.together import (
    Member,
    mean_criteria,
    rank_for_group,
    theme_weights,
)
from advisor.results.evidence import Familiarity
from advisor.results.prospects import Prospects
from advisor.results.result import Result


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member with what their answers mean; ``number`` tells them apart."""

    number: int
    name: str
    answers: dict
    preferences: Preferences
    team_themes: frozenset[str]

    @property
    def member(self):
        """The person as the calculation takes one."""
        return Member(
            name=self.name,
            criteria=[
                replace(criterion, feature=self.feature(criterion.theme))
                if criterion.theme in self.team_themes
                else criterion
                for criterion in self.preferences.criteria
            ],
            requirements=[must.requirement for must in self.preferences.must_haves],
            choices=self.preferences.candidates,
        )

    def feature(self, team_theme):
        """Return the slug that stands for what this person knows."""
        return f"{team_theme}-{self.number}"


class GroupProspects(Prospects):
    """What would change the ranking of a group.

    Nobody's points are the group's, so what moves is weight, or a fact.
    """

    def hinge(self):
        return ""

    def first_by_theme(self):
        return []

    def _told(self, found):
        return replace(found, themes=[])


class GroupResult(Result):
    """Ranks the frameworks for several people, and says who wants what.

    ``answers`` is a list of the ``name`` and ``answers`` of each, at least one.
    """

    prospects_class = GroupProspects

    def __init__(self, questionnaire, answers):
        team_themes = frozenset(
            theme.slug
            for theme in questionnaire.themes
            if theme.basis == ThemeBasis.TEAM
        )
        self.people = [
            Person(
                number=number,
                name=said["name"],
                answers=said["answers"],
                preferences=questionnaire.preferences(said["answers"]),
                team_themes=team_themes,
            )
            for number, said in enumerate(answers, start=1)
        ]
        self.members = [person.member for person in self.people]
        super().__init__(questionnaire, answers)

    def as_dict(self):
        result = super().as_dict()
        for relaxation in result["relaxations"]:
            relaxation["set_by"] = self._set_by(relaxation["features"])
        return result | {"group": self._group()}

    def _preferences(self):
        """What all answers mean together; points are percent of the weight."""
        criteria = mean_criteria([m for m in self.members if m.criteria])
        shares = {}
        for criterion in criteria:
            shares.setdefault(criterion.theme, {})[criterion.feature] = criterion.weight
        points = {
            theme: 100 * math.fsum(features.values())
            for theme, features in shares.items()
        }
        points = dict(sorted(points.items(), key=lambda item: (-item[1], item[0])))
        shares = {t: f for t, f in self.questionnaire.shares().items() if f} | shares
        choices = [person.preferences.candidates for person in self.people]
        return Preferences(
            criteria=criteria,
            points=points,
            weighable=(dict.fromkeys(shares, 0) | points, shares),
            must_haves=list(
                dict.fromkeys(
                    must_have
                    for person in self.people
                    for must_have in person.preferences.must_haves
                )
            ),
            # Nothing is left out that somebody chooses from.
            candidates=frozenset().union(*choices) if all(choices) else frozenset(),
        )

    def _team(self):
        names = {theme.slug: theme.name for theme in self.questionnaire.themes}
        return {
            person.feature(theme): Familiarity(
                name=f"{names[theme]} ({person.name})",
                preferences=person.preferences,
                by=person.name,
            )
            for person in self.people
            for theme in sorted(person.team_themes)
        }

    def _candidates(self):
        everyone = candidates(
            self.questionnaire, self.preferences, self.evidence.bounds()
        )
        return [
            replace(candidate, bounds=candidate.bounds | self._known(candidate.slug))
            for candidate in everyone
        ]

    def _known(self, framework):
        """Return what knowing ``framework`` is worth, by person."""
        return {
            feature: (worth, worth)
            for feature, familiarity in self.team.items()
            for worth in [familiarity.preferences.familiarity.get(framework, 0.0)]
        }

    def _rank(self):
        self.found = rank_for_group(self.members, self.candidates)
        return self.found.ranking, self.found.acceptability

    def _echo(self):
        return []

    def _what_if(self):
        return None

    def _theme_names(self):
        """The names of the themes; that of a project lists what the members chose."""
        names = {
            question.slug: ", ".join(
                dict.fromkeys(
                    label
                    for person in self.people
                    for label in self._said(question, person)
                )
            )
            for question in self.questionnaire.questions
        }
        return names | {theme.slug: theme.name for theme in self.questionnaire.themes}

    def _said(self, question, person):
        given = person.answers.get(question.slug, [])
        return [
            label
            for value, label, _ in self.questionnaire.choices(question)
            if value in given
        ]

    def _group(self):
        return {
            "members": [
                self._person(*pair)
                for pair in zip(self.people, self.found.first_places, strict=True)
            ],
            "must_haves": [
                {
                    "feature": must_have.feature.slug,
                    "name": must_have.feature.name,
                    "required_label": must_have.level.label,
                    "set_by": list(shared.set_by),
                }
                for must_have, shared in zip(
                    self.preferences.must_haves, self.found.requirements, strict=True
                )
            ],
            "divide": self._divide(),
            "compromise": self._compromise(),
        }

    def _person(self, person, first_place):
        projects = [
            label
            for question in self.questionnaire.questions
            if question.kind == QuestionKind.PROJECT
            for label in self._said(question, person)
        ]
        return {
            "name": person.name,
            "projects": projects,
            "first": [self._named(slug) for slug in first_place.frameworks],
            "weights": theme_weights(person.preferences.criteria),
            "must_haves": [
                must_have.feature.name for must_have in person.preferences.must_haves
            ],
        }

    def _divide(self):
        divide = self.found.divide
        if divide is None:
            return None
        weights = sorted(
            zip(divide.weights, divide.members, strict=True), key=lambda pair: pair[0]
        )
        return {
            "theme": divide.theme,
            "name": self.theme_names[divide.theme],
            "spread": divide.spread,
            "least": dict(zip(("weight", "name"), weights[0], strict=True)),
            "most": dict(zip(("weight", "name"), weights[-1], strict=True)),
        }

    def _compromise(self):
        compromise = self.found.compromise
        return compromise and {
            "frameworks": [self._named(slug) for slug in compromise.frameworks],
            "worst_rank": compromise.worst_rank,
        }

    def _named(self, slug):
        return {"framework": slug, "name": self.evidence.frameworks[slug].name}

    def _set_by(self, features):
        """Return who set the must-haves of ``features``, in the order of members."""
        return [
            person.name
            for person in self.people
            if any(
                must_have.feature.slug in features
                for must_have in person.preferences.must_haves
            )
        ]

"""The result of one set of answers, as plain JSON.

It holds all that its page shows, so that what was shared stays as it was,
whatever editors change later. ``complete`` fills in what results of an earlier
format lack, so that they can still be shown.
"""

from advisor.choices import QuestionKind, ThemeBasis
from advisor.questionnaire.candidates import candidates
from advisor.ranking.order import rank
from advisor.ranking.robustness import DRAWS, acceptability
from advisor.results import wording
from advisor.results.evidence import Evidence, Familiarity
from advisor.results.prospects import Prospects
from advisor.results.whatif import what_if
from comparisons.models import Feature

# Rises whenever a key is added; stored with each result.
FORMAT = 2
# How many reasons, doubts and open facts a framework's card shows.
SHOWN = 3

_EMPTY = {
    "format": 1,
    "ranking": [],
    "unranked": [],
    "excluded": [],
    "relaxations": [],
    "verdict": "",
    "certainty": None,
    "draws": DRAWS,
    "leaders": [],
    "necessary_winner": None,
    "flips": [],
    "changes": [],
    "hinge": "",
    "first_by_theme": [],
    "facts": [],
    "themes": [],
    "must_haves": [],
    "warnings": [],
    "echo": [],
    "what_if": None,
    "sources": [],
}


def complete(stored):
    """Return a ``stored`` result of any format with all keys of the present one."""
    return _EMPTY | stored


class Result:
    """Ranks the frameworks for ``answers`` and collects what the page shows.

    Reads the published knowledge, in a fixed number of queries, and stores
    nothing.
    """

    prospects_class = Prospects

    def __init__(self, questionnaire, answers):
        self.questionnaire = questionnaire
        self.answers = answers
        self.preferences = self._preferences()
        self.team = self._team()
        self.evidence = Evidence(
            questionnaire.chosen_frameworks(self.preferences), self.team
        )
        self.requirements = [
            must_have.requirement for must_have in self.preferences.must_haves
        ]
        self.candidates = self._candidates()
        self.ranking, self.acceptability = self._rank()
        self.possible_winners = self.ranking.possible_winners()
        self.echo = self._echo()
        self.features = self._features()
        self.feature_names = {
            slug: feature.name for slug, feature in self.features.items()
        } | {feature: familiarity.name for feature, familiarity in self.team.items()}
        self.theme_names = self._theme_names()
        self.prospects = self.prospects_class(
            ranking=self.ranking,
            candidates=self.candidates,
            preferences=self.preferences,
            names={candidate.slug: candidate.name for candidate in self.candidates},
            theme_names=self.theme_names,
            features=self.features,
        )

    def _preferences(self):
        return self.questionnaire.preferences(self.answers)

    def _team(self):
        """Return what asks for nothing but whether the team knows a framework."""
        return {
            theme.slug: Familiarity(name=theme.name, preferences=self.preferences)
            for theme in self.questionnaire.themes
            if theme.basis == ThemeBasis.TEAM
        }

    def _candidates(self):
        return candidates(self.questionnaire, self.preferences, self.evidence.bounds())

    def _rank(self):
        """Return the ranking, and how sure it is."""
        ranking = rank(self.preferences.criteria, self.candidates, self.requirements)
        return ranking, acceptability(ranking.standings)

    def as_dict(self):
        has_signal = bool(self.preferences.criteria)
        standings = self.ranking.standings
        self.evidence.cite(self._quoted())
        result = {
            "format": FORMAT,
            "ranking": [],
            "unranked": [] if has_signal else [self._name(s) for s in standings],
            "verdict": self._verdict(has_signal),
            "themes": self._themes(),
            "must_haves": [self._must_have(m) for m in self.preferences.must_haves],
            "warnings": list(self.preferences.warnings),
            "echo": self.echo,
        }
        if has_signal and standings:
            result |= self._ranked()
        # After the ranking, because sources are numbered as they are named.
        return result | {
            "excluded": [self._excluded(s) for s in self.ranking.excluded],
            "relaxations": self.prospects.relaxations(),
            "sources": self.evidence.sources(),
        }

    def _ranked(self):
        necessary = self.ranking.necessary_winner()
        return {
            "ranking": [self._standing(s) for s in self.ranking.standings],
            "certainty": self._certainty(),
            "draws": DRAWS,
            "leaders": self.acceptability.leaders(),
            "necessary_winner": necessary and necessary.candidate.slug,
            "flips": self.prospects.flips(),
            "changes": self.prospects.sentences(),
            "hinge": self.prospects.hinge(),
            "first_by_theme": self.prospects.first_by_theme(),
            "facts": self.prospects.open_facts(),
            "what_if": self._what_if(),
        }

    def _what_if(self):
        """The numbers for ranking again in the browser, where they add up.

        The points of an order count while its themes tie, so with one no change
        of another answer has an effect of its own.
        """
        if any(
            question.kind == QuestionKind.TIE_BREAK and question.slug in self.answers
            for question in self.questionnaire.questions
        ):
            return None
        return what_if(
            self.questionnaire,
            self.answers,
            self.preferences,
            [standing.candidate for standing in self.ranking.standings],
        )

    def _themes(self):
        total = sum(self.preferences.points.values())
        return [
            {
                "slug": theme,
                "name": self.theme_names[theme],
                "points": points,
                "weight": points / total,
            }
            for theme, points in self.preferences.points.items()
        ]

    def _quoted(self):
        """The findings that the page quotes: (framework, feature)."""
        for standing in self.ranking.standings:
            for parts in _highlights(standing).values():
                for part in parts:
                    yield standing.candidate.slug, part.criterion.feature
        for standing in self.ranking.excluded:
            for requirement in standing.failed:
                yield standing.candidate.slug, requirement.feature

    def _standing(self, standing):
        slug = standing.candidate.slug
        return {
            **self._name(standing),
            "rank": standing.rank,
            "score": standing.shown_score,
            "exact": standing.score,
            "low": round(standing.low, 6),
            "high": round(standing.high, 6),
            "coverage": round(standing.coverage, 6),
            "is_too_little_known": standing.is_too_little_known,
            "is_possible_winner": standing in self.possible_winners,
            "first_share": self.acceptability.first_share(slug),
            "why_not": self.prospects.why_not(slug),
            "unverified": [
                {
                    "feature": requirement.feature,
                    "name": self.feature_names[requirement.feature],
                }
                for requirement in standing.unverified
            ],
            "by_theme": standing.by_theme(),
            "contributions": [
                self._contribution(slug, part) for part in standing.contributions
            ],
            **{
                kind: [self._reason(slug, part) for part in parts]
                for kind, parts in _highlights(standing).items()
            },
        }

    def _name(self, standing):
        candidate = standing.candidate
        return {
            "framework": candidate.slug,
            "name": candidate.name,
            "tagline": self.evidence.frameworks[candidate.slug].tagline,
            "tier": standing.tier,
        }

    def _contribution(self, framework, part):
        feature, theme = part.criterion.feature, part.criterion.theme
        return {
            **self.evidence.answer(framework, feature),
            "feature": feature,
            "name": self.feature_names[feature],
            "theme": theme,
            "theme_name": self.theme_names[theme],
            "is_finding": feature not in self.team,
            "weight": part.criterion.weight,
            "share": part.criterion.weight * 100,
            "low": part.low,
            "high": part.high,
            "value": part.value,
            "points": part.points,
        }

    def _reason(self, framework, part):
        feature = part.criterion.feature
        return {
            **self.evidence.statement(framework, feature),
            "feature": feature,
            "name": self.feature_names[feature],
            "theme": self.theme_names[part.criterion.theme],
            "is_finding": feature not in self.team,
            "points": part.points,
            "lost": part.lost,
            "spread": part.spread,
        }

    def _must_have(self, must_have):
        feature = must_have.feature.slug
        return {
            "feature": feature,
            "name": must_have.feature.name,
            "required": must_have.level,
            "required_label": must_have.level.label,
            "answers": {
                framework: self.evidence.answer(framework, feature)
                for framework in self.evidence.frameworks
            },
        }

    def _excluded(self, standing):
        levels = {
            must_have.requirement: must_have.level
            for must_have in self.preferences.must_haves
        }
        slug = standing.candidate.slug
        return {
            **self._name(standing),
            "why_not": self.prospects.why_not(slug),
            "failed": [
                {
                    **self.evidence.statement(slug, requirement.feature),
                    "feature": requirement.feature,
                    "name": self.feature_names[requirement.feature],
                    "required": levels[requirement],
                    "required_label": levels[requirement].label,
                }
                for requirement in standing.failed
            ],
        }

    def _features(self):
        """The features that the answers touch or could touch, by slug."""
        _, shares = self.preferences.weighable
        touched = {feature for features in shares.values() for feature in features}
        touched |= {requirement.feature for requirement in self.requirements}
        features = Feature.objects.filter(slug__in=touched - self.team.keys())
        return {feature.slug: feature for feature in features}

    def _theme_names(self):
        """The names of the themes; points for a feature are named by their answer."""
        names = {said["question"]: ", ".join(said["answers"]) for said in self.echo}
        return names | {theme.slug: theme.name for theme in self.questionnaire.themes}

    def _echo(self):
        """The visitor's answers in words, in the order of the form."""
        echo = []
        for question in self.questionnaire.questions:
            given = self.answers.get(question.slug, [])
            labels = {
                value: label
                for value, label, _ in self.questionnaire.choices(question)
                if value in given
            }
            echo.append(
                {
                    "question": question.slug,
                    "text": question.text,
                    "topic": question.theme.name if question.theme else question.text,
                    "values": list(labels),
                    "answers": list(labels.values()),
                    "given_by": self._given_by(question),
                }
            )
        return echo

    def _given_by(self, question):
        """Who gave the points of a priority; empty for any other question."""
        if question.theme is None:
            return ""
        given_by = self.preferences.provenance.get(question.theme.slug)
        return given_by.label if given_by else ""

    def _verdict(self, has_signal):
        if not has_signal:
            return wording.NO_SIGNAL
        if not self.ranking.standings:
            return wording.NOTHING_LEFT
        return wording.verdict(self.ranking, self._certainty(), self._leaders())

    def _certainty(self):
        leader = self.ranking.standings[0]
        return self.acceptability.certainty(leader.candidate.slug)

    def _leaders(self):
        frameworks = self.evidence.frameworks
        return [frameworks[slug].name for slug in self.acceptability.leaders()]


def _highlights(standing):
    """Return what a framework's card shows: its reasons, doubts and open facts."""
    known = [part for part in standing.contributions if part.is_known]
    strengths = [part for part in known if part.value > 0.5]
    weaknesses = [part for part in known if part.value <= 0.5]
    return {
        "reasons": _largest(strengths, lambda part: part.points),
        "doubts": _largest(weaknesses, lambda part: part.lost),
        "open": _largest(standing.contributions, lambda part: part.spread),
    }


def _largest(contributions, size):
    """Return the few contributions of the largest ``size`` that is worth showing."""
    worth_showing = [part for part in contributions if size(part) >= 0.5]
    return sorted(worth_showing, key=size, reverse=True)[:SHOWN]

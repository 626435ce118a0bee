"""From answers to stored advice.

The stored result holds all that its page shows, so that what was shared stays
as it was, whatever editors change later.
"""

from dataclasses import asdict

from django.db import transaction
from django.db.models import Prefetch

from comparisons.choices import Level
from comparisons.models import Feature, Finding, Framework, KnowledgeVersion

from . import wording
from .choices import ThemeBasis
from .models import Advice
from .ranking import Candidate, rank, relaxations
from .robustness import acceptability, flips

# How many reasons, doubts and open facts a framework's card shows.
SHOWN = 3


@transaction.atomic
def advise(questionnaire, answers):
    """Rank the frameworks for ``answers``, store the result and return the Advice."""
    preferences = questionnaire.preferences(answers)
    result = _Result(questionnaire, answers, preferences).as_dict()
    return Advice.objects.create(
        answers=answers,
        result=result,
        data_version=KnowledgeVersion.current(),
    )


class _Result:
    """Collects what the page of a result shows, as plain JSON."""

    def __init__(self, questionnaire, answers, preferences):
        self.questionnaire = questionnaire
        self.answers = answers
        self.preferences = preferences
        self.team_themes = {
            theme.slug: theme.name
            for theme in questionnaire.themes
            if theme.basis == ThemeBasis.TEAM
        }
        self.frameworks = {
            framework.slug: framework for framework in self._frameworks()
        }
        self.findings = {
            (framework.slug, finding.feature.slug): finding
            for framework in self.frameworks.values()
            for finding in framework.published_findings
        }
        self.requirements = [
            must_have.requirement for must_have in preferences.must_haves
        ]
        self.candidates = [
            Candidate(slug=slug, name=framework.name, bounds=self._bounds(framework))
            for slug, framework in self.frameworks.items()
        ]
        self.ranking = rank(preferences.criteria, self.candidates, self.requirements)
        self.acceptability = acceptability(self.ranking.standings)
        self.possible_winners = self.ranking.possible_winners()
        self.echo = self._echo()
        self.feature_names = self._feature_names()
        self.theme_names = self._theme_names()

    def as_dict(self):
        has_signal = bool(self.preferences.criteria)
        standings = self.ranking.standings
        return {
            "ranking": [self._standing(s) for s in standings] if has_signal else [],
            "unranked": [] if has_signal else [self._name(s) for s in standings],
            "excluded": [self._excluded(s) for s in self.ranking.excluded],
            "relaxations": self._relaxations(),
            "verdict": self._verdict(has_signal),
            "flips": self._flips() if has_signal and standings else [],
            "certainty": self._certainty() if has_signal and standings else None,
            "themes": [
                {
                    "slug": theme,
                    "name": self.theme_names[theme],
                    "points": points,
                    "weight": points / sum(self.preferences.points.values()),
                }
                for theme, points in self.preferences.points.items()
            ],
            "echo": self.echo,
        }

    def _frameworks(self):
        frameworks = Framework.objects.published().prefetch_related(
            Prefetch(
                "findings",
                Finding.objects.published().with_parents().with_citations(),
                to_attr="published_findings",
            )
        )
        if self.preferences.candidates:
            frameworks = frameworks.filter(slug__in=self.preferences.candidates)
        return frameworks

    def _bounds(self, framework):
        bounds = {
            finding.feature.slug: finding.bounds
            for finding in framework.published_findings
        }
        worth, _ = self.preferences.familiarity.get(framework.slug, (0.0, None))
        return bounds | dict.fromkeys(self.team_themes, (worth, worth))

    def _standing(self, standing):
        slug = standing.candidate.slug
        known = [part for part in standing.contributions if part.is_known]
        strengths = [part for part in known if part.value > 0.5]
        weaknesses = [part for part in known if part.value <= 0.5]
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
            "unverified": [
                {
                    "feature": requirement.feature,
                    "name": self.feature_names[requirement.feature],
                }
                for requirement in standing.unverified
            ],
            "by_theme": standing.by_theme(),
            "contributions": [self._contribution(c) for c in standing.contributions],
            "reasons": [
                self._reason(slug, part)
                for part in _largest(strengths, lambda part: part.points)
            ],
            "doubts": [
                self._reason(slug, part)
                for part in _largest(weaknesses, lambda part: part.lost)
            ],
            "open": [
                self._reason(slug, part)
                for part in _largest(standing.contributions, lambda part: part.spread)
            ],
        }

    def _name(self, standing):
        candidate = standing.candidate
        return {
            "framework": candidate.slug,
            "name": candidate.name,
            "tagline": self.frameworks[candidate.slug].tagline,
            "tier": standing.tier,
        }

    def _contribution(self, part):
        feature, theme = part.criterion.feature, part.criterion.theme
        return {
            "feature": feature,
            "name": self.feature_names[feature],
            "theme": theme,
            "theme_name": self.theme_names[theme],
            "is_finding": feature not in self.team_themes,
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
            "feature": feature,
            "name": self.feature_names[feature],
            "theme": self.theme_names[part.criterion.theme],
            "is_finding": feature not in self.team_themes,
            "points": part.points,
            "lost": part.lost,
            "spread": part.spread,
            **self._evidence(framework, feature),
        }

    def _excluded(self, standing):
        levels = {
            must_have.feature.slug: must_have.level
            for must_have in self.preferences.must_haves
        }
        slug = standing.candidate.slug
        return {
            **self._name(standing),
            "failed": [
                {
                    "feature": requirement.feature,
                    "name": self.feature_names[requirement.feature],
                    "required": levels[requirement.feature],
                    "required_label": levels[requirement.feature].label,
                    **self._evidence(slug, requirement.feature),
                }
                for requirement in standing.failed
            ],
        }

    def _evidence(self, framework, feature):
        """What the finding says, and which sources it names."""
        if feature in self.team_themes:
            label, note = wording.familiarity(
                framework, self.preferences.known, self.preferences.kinships
            )
            return {"level_label": label, "glyph": "", "note": note, "sources": []}
        finding = self.findings.get((framework, feature))
        level = finding.answer if finding else Level.UNKNOWN
        supporting = finding.supporting if finding else []
        sources = {citation.source.slug: citation.source for citation in supporting}
        return {
            "level": level,
            "level_label": level.label,
            "glyph": level.glyph,
            "note": finding.note if finding else "",
            "is_contested": bool(finding and finding.is_contested),
            "sources": [
                {"slug": slug, "title": source.title}
                for slug, source in list(sources.items())[:SHOWN]
            ],
        }

    def _relaxations(self):
        """How many frameworks each must-have keeps out, if none is left."""
        if self.ranking.standings or not self.requirements:
            return []
        return [
            {
                "feature": requirement.feature,
                "name": self.feature_names[requirement.feature],
                "comes_back": count,
            }
            for requirement, count in relaxations(
                self.candidates, self.requirements
            ).items()
        ]

    def _feature_names(self):
        """The names of all features that the answers touch."""
        features = {must_have.feature for must_have in self.preferences.must_haves}
        names = {feature.slug: feature.name for feature in features}
        touched = {criterion.feature for criterion in self.preferences.criteria}
        names |= dict(
            Feature.objects.filter(slug__in=touched).values_list("slug", "name")
        )
        return names | self.team_themes

    def _theme_names(self):
        """The names of the themes; points for a feature are named by their answer."""
        names = {said["question"]: ", ".join(said["answers"]) for said in self.echo}
        return names | {theme.slug: theme.name for theme in self.questionnaire.themes}

    def _echo(self):
        """The visitor's answers in words, in the order of the form."""
        return [
            {
                "question": question.slug,
                "text": question.text,
                "answers": [
                    label
                    for value, label, _ in self.questionnaire.choices(question)
                    if value in self.answers.get(question.slug, [])
                ],
            }
            for question in self.questionnaire.questions
        ]

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
        return [self.frameworks[slug].name for slug in self.acceptability.leaders()]

    def _flips(self):
        """What would let the nearest challengers draw level with the leader."""
        leader, *others = self.ranking.standings
        challengers = [
            standing
            for standing in others
            if standing.tier == leader.tier and standing.rank > 1
        ][: wording.MOST_FLIPS]
        by_theme, shares = self.preferences.weighable
        return [
            {
                "challenger": standing.candidate.slug,
                "sentence": wording.flip_sentence(
                    standing.candidate.name, found, self.theme_names
                ),
                "dominated": found.is_dominated,
                "themes": [asdict(flip) for flip in found.themes],
                "transfer": found.transfer and asdict(found.transfer),
                "facts": [asdict(flip) for flip in found.facts],
            }
            for standing in challengers
            for found in [flips(leader.candidate, standing.candidate, by_theme, shares)]
        ]


def _largest(contributions, size):
    """Return the few contributions of the largest ``size`` that is worth showing."""
    worth_showing = [part for part in contributions if size(part) >= 0.5]
    return sorted(worth_showing, key=size, reverse=True)[:SHOWN]

"""What a set of answers comes to: who is ranked, for what, and on what grounds.

Data alone, gathered in a fixed number of queries from the published knowledge.
``format`` makes of it what is stored and shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from advisor.choices import Provenance
from advisor.questionnaire.candidates import candidates
from advisor.questionnaire.changes import move_must_have, would_take
from advisor.questionnaire.elicitation import Answers, heed, is_asked, provenance
from advisor.questionnaire.preferences import PACKAGE_WILL_DO, WISHES, Preferences
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.draws import Doubt
from advisor.ranking.order import (
    Candidate,
    Contribution,
    Ranking,
    Requirement,
    Standing,
    rank,
)
from advisor.ranking.robustness import (
    Acceptability,
    Certainty,
    Draws,
    Settled,
    certainty,
)
from advisor.results.changes import changes_of_first
from advisor.results.grounds import Grounds, read_grounds
from advisor.results.pair import pair_for
from advisor.results.whatif import what_if
from advisor.results.wording import Names

# How many reasons, doubts and open facts a framework's card shows.
SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Result:
    """A ranking with all that can be said about it."""

    questionnaire: Questionnaire
    preferences: Preferences
    candidates: Sequence[Candidate]
    ranking: Ranking
    acceptability: Acceptability
    # How sure the first place is; None where there is no choice.
    certainty: Certainty | None
    grounds: Grounds
    names: Names
    # Of one visitor alone: the answers, in words too, and the numbers for ranking
    # again in the browser.
    answers: Answers | None = None
    echo: Sequence[Mapping[str, Any]] = ()
    what_if: Mapping[str, Any] | None = None
    # How often each doubt alone would take the first place away, 0 to 1.
    doubts: Mapping[Doubt, float] = field(default_factory=dict)
    changes: Sequence[Mapping[str, Any]] = ()
    settled: Settled = Settled()
    # Two frameworks that serve several projects better than one, if any do.
    pair: Mapping[str, Any] | None = None

    def weakened(
        self, requirements: Iterable[Requirement], *, is_dropped: bool
    ) -> Answers | None:
        """Return the answers with weaker must-haves, or without them.

        None where no single visitor gave them, or the form would not take them: it
        limits how many it asks for.
        """
        if self.answers is None:
            return None
        answers = self.answers
        for must_have in self.preferences.must_haves:
            if must_have.requirement in requirements:
                to = None if is_dropped else PACKAGE_WILL_DO
                answers = move_must_have(answers, must_have, to)
        return answers if would_take(self.questionnaire, answers) else None


def result_for(questionnaire: Questionnaire, answers: Answers) -> Result:
    """Return what ``answers`` come to; stores nothing."""
    preferences = questionnaire.preferences(answers)
    grounds = read_grounds(questionnaire, preferences)
    chosen = candidates(questionnaire, preferences, grounds.known)
    ranking = rank(preferences.criteria, chosen, preferences.requirements)
    draws = Draws(ranking.standings, [preferences.person], grounds.known.evidence)
    drawn = draws.acceptability()
    return Result(
        questionnaire=questionnaire,
        preferences=preferences,
        candidates=chosen,
        ranking=ranking,
        acceptability=drawn,
        certainty=certainty(ranking, drawn, len(preferences.points)),
        doubts=draws.doubts(),
        changes=changes_of_first(
            questionnaire, answers, preferences, ranking, grounds.known
        ),
        settled=draws.settled(),
        pair=pair_for(questionnaire, preferences, ranking, grounds.known),
        grounds=grounds.quoting(
            quoted(ranking), bundled(ranking, preferences, grounds)
        ),
        names=names(questionnaire, preferences, [answers]),
        answers=answers,
        echo=_echo(questionnaire, preferences, answers),
        what_if=what_if(questionnaire, answers, preferences, ranking),
    )


def names(
    questionnaire: Questionnaire,
    preferences: Preferences,
    everybodys_answers: Iterable[Answers],
) -> Names:
    """Return the names of all that a result could speak of.

    A question whose answers are a theme of their own, the project, is named by what
    was answered.
    """
    known = {known.feature: known.name for known in preferences.familiarity}
    answered = {
        question.slug: ", ".join(
            dict.fromkeys(
                label
                for answers in everybodys_answers
                for label in questionnaire.labels(question, answers).values()
            )
        )
        for question in questionnaire.questions
    }
    return Names(
        frameworks={f.slug: f.name for f in questionnaire.frameworks},
        themes={theme.slug: theme.name for theme in questionnaire.themes}
        | answered
        | {WISHES: "What must be there"},
        features=questionnaire.feature_names | known,
    )


def quoted(ranking: Ranking) -> Iterator[tuple[str, str]]:
    """Yield what a page quotes, in its order: framework and feature."""
    for standing in ranking.standings:
        for parts in highlights(standing).values():
            for part in parts:
                yield standing.candidate.slug, part.criterion.feature
    for standing in ranking.excluded:
        for requirement in standing.failed:
            yield standing.candidate.slug, requirement.feature


def bundled(
    ranking: Ranking, preferences: Preferences, grounds: Grounds
) -> Iterator[tuple[str, str]]:
    """Yield the must-haves that packages provide: framework and feature."""
    for standing in ranking.standings:
        for must_have in preferences.must_haves:
            key = standing.candidate.slug, must_have.feature.slug
            finding = grounds.known.findings.get(key)
            if finding and finding.level.needs_extension:
                yield key


def highlights(standing: Standing) -> dict[str, list[Contribution]]:
    """Return what a framework's card shows: its reasons, doubts and open facts."""
    parts = _by_feature(standing.contributions)
    known = [part for part in parts if part.is_known]
    strengths = [part for part in known if part.value > 0.5]
    weaknesses = [part for part in known if part.value <= 0.5]
    return {
        "reasons": _largest(strengths, lambda part: part.points),
        "doubts": _largest(weaknesses, lambda part: part.lost),
        "open": _largest(parts, lambda part: part.spread),
    }


def _by_feature(contributions):
    """Return the contributions, those of one feature in several themes as one."""
    found = {}
    for part in contributions:
        feature = part.criterion.feature
        if feature in found:
            weight = found[feature].criterion.weight + part.criterion.weight
            part = replace(part, criterion=replace(part.criterion, weight=weight))
        found[feature] = part
    return found.values()


def _largest(contributions, size):
    """Return the few contributions of the largest ``size`` that is worth showing."""
    worth_showing = [part for part in contributions if size(part) >= 0.5]
    return sorted(worth_showing, key=size, reverse=True)[:SHOWN]


def _echo(questionnaire, preferences, answers):
    """Return what the visitor was asked, and answered in words, in the form's order."""
    echo, counted = [], heed(questionnaire, answers).answers
    by_editors = dict.fromkeys(preferences.points, Provenance.DEFAULT)
    givers = by_editors | provenance(questionnaire, counted)
    for question in questionnaire.questions:
        labels = questionnaire.labels(question, answers)
        if not (labels or is_asked(questionnaire, question, answers)):
            continue
        theme = question.theme
        given_by = theme and givers.get(theme.slug)
        echo.append(
            {
                "question": question.slug,
                "text": question.text,
                "topic": theme.name if theme else question.text,
                "values": list(labels),
                "answers": list(labels.values()),
                # Who gave the points of a priority; empty for any other question.
                "given_by": given_by.label if given_by else "",
            }
        )
    return echo

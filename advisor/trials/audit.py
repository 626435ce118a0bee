"""What is wrong with the questionnaire as a whole.

Random answers show which frameworks can come first and which questions change
nothing; the tables themselves show what is counted twice, sums wrongly or has
no effect. Plain numbers and sentences: no request, no HTML.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import fmean

import numpy as np

from advisor.choices import QuestionKind
from advisor.models import Question, Theme
from advisor.models.faults import question_faults, theme_faults
from advisor.questionnaire.candidates import candidates
from advisor.questionnaire.elicitation import heed
from advisor.ranking.order import ENOUGH_KNOWN, GUARD, UNKNOWN
from advisor.trials.answers import Trial
from advisor.trials.dominance import what_dominates
from comparisons.public import shown_states

# How many places are looked at when answers are compared.
TOP = 3
# How many of the answer sets a question may leave alone before it is called dead.
TRIES = 200
# Two features, or coverage and score, that correlate above this say one thing.
SAME = 0.9
# Two themes, or a theme and a project, that correlate above this order alike.
ALIKE = 0.85
# Fewer pairs than this correlate by chance.
ENOUGH_PAIRS = 4


class Severity(StrEnum):
    """How bad it is; what is broken is not published."""

    BROKEN = "broken"
    WARNING = "warning"
    NOTE = "note"


class FlawKind(StrEnum):
    """What is wrong."""

    NEVER_FIRST = "never first"
    DEAD_QUESTION = "dead question"
    IDLE_MUST_HAVE = "idle must-have"
    ALIKE = "alike"
    DOUBLE_COUNTING = "double counting"
    COVERAGE = "coverage"
    ACQUIESCENCE = "acquiescence"
    THEME = "theme"
    QUESTION = "question"
    NO_FINDING = "no finding"

    @property
    def severity(self) -> Severity:
        if self in (FlawKind.ACQUIESCENCE, FlawKind.THEME, FlawKind.QUESTION):
            return Severity.BROKEN
        if self in (FlawKind.DOUBLE_COUNTING, FlawKind.IDLE_MUST_HAVE, FlawKind.ALIKE):
            return Severity.NOTE
        return Severity.WARNING


@dataclass(frozen=True)
class Flaw:
    """One finding of the audit: what is wrong with what, in a sentence."""

    kind: FlawKind
    subject: str
    message: str

    @property
    def severity(self) -> Severity:
        return self.kind.severity


def audit(trial: Trial) -> list[Flaw]:
    """Return all that is wrong with the questionnaire of ``trial``, the worst first."""
    flaws = [
        *find_faults(),
        *_never_first(trial),
        *_dead_questions(trial),
        *_idle_must_haves(trial),
        *_double_counting(trial),
        *_alike(trial),
        *_coverage(trial),
        *_acquiescence(trial),
        *_no_finding(trial),
    ]
    order = list(Severity)
    return sorted(flaws, key=lambda flaw: order.index(flaw.severity))


def find_faults() -> list[Flaw]:
    """Return what is broken in the themes and questions that are published.

    Looks past the door, behind which a question about a draft is not asked.
    """
    states = shown_states()
    themes = Theme.objects.filter(status__in=states).prefetch_related("shares__feature")
    questions = Question.objects.filter(status__in=states).prefetch_related(
        "theme",
        "shown_if__question",
        "choices__effects__theme",
        "choices__effects__feature",
    )
    return [
        Flaw(kind, str(row), fault)
        for kind, rows, faults_of in (
            (FlawKind.THEME, themes, theme_faults),
            (FlawKind.QUESTION, questions, question_faults),
        )
        for row in rows
        for fault in faults_of(row)
    ]


def _never_first(trial) -> Iterator[Flaw]:
    shares = trial.questionnaire.shares
    criteria = {
        **{theme.name: shares.get(theme.slug) for theme in trial.questionnaire.themes},
        **{name: {slug: 1.0} for slug, name in _acted_on(trial).items()},
    }
    criteria = {name: features for name, features in criteria.items() if features}
    for reach in trial.reaches:
        if not reach.share and trial.answers:
            reason = what_dominates(reach.slug, trial.names, criteria, trial.bounds)
            yield Flaw(FlawKind.NEVER_FIRST, reach.name, reason)


def _dead_questions(trial) -> Iterator[Flaw]:
    for question in trial.questionnaire.questions:
        answered = [
            (answers, ranking)
            for answers, ranking in trial.told
            if question.slug in answers and _counts(trial, question, answers)
        ][:TRIES]
        if answered and not any(
            _changes_top(trial, question, *pair) for pair in answered
        ):
            yield Flaw(
                FlawKind.DEAD_QUESTION,
                str(question),
                f"None of {len(answered)} answers changed the first three.",
            )


def _counts(trial, question, answers):
    """Whether an answer to ``question`` counts: an order of themes needs a tie."""
    if question.kind != QuestionKind.TIE_BREAK:
        return True
    return question.slug in heed(trial.questionnaire, answers).answers


def _changes_top(trial, question, answers, ranking):
    """Whether leaving ``question`` open changes the first three.

    The first answer of all makes a ranking, whatever it says.
    """
    without = trial.rank({q: a for q, a in answers.items() if q != question.slug})
    return bool(without) and _order(without)[:TOP] != _order(ranking)[:TOP]


def _order(ranking):
    return [standing.candidate.slug for standing in ranking.standings]


def _idle_must_haves(trial) -> Iterator[Flaw]:
    """The must-haves that leave nobody out: ticking one says nothing."""
    for question in trial.questionnaire.questions:
        if question.kind != QuestionKind.MUST_HAVES:
            continue
        for choice in question.choices.all():
            answers = {question.slug: [choice.slug]}
            preferences = trial.questionnaire.preferences(answers)
            frameworks = candidates(trial.questionnaire, preferences, trial.known)
            if not any(
                framework.verdict(requirement) is False
                for framework in frameworks
                for requirement in preferences.requirements
            ):
                message = f"“{choice}” leaves out no framework."
                yield Flaw(FlawKind.IDLE_MUST_HAVE, str(question), message)


def _double_counting(trial) -> Iterator[Flaw]:
    names = trial.questionnaire.feature_names
    shares = trial.questionnaire.shares
    for theme in trial.questionnaire.themes:
        for one, other in combinations(shares.get(theme.slug, ()), 2):
            known = [
                (of[one][0], of[other][0])
                for of in trial.bounds.values()
                if _is_known(of, one) and _is_known(of, other)
            ]
            alike = _correlation(known)
            if alike > SAME:
                yield Flaw(
                    FlawKind.DOUBLE_COUNTING,
                    theme.name,
                    f"{names[one]} and {names[other]} say nearly the same of "
                    f"all frameworks (correlation {alike:.2f}).",
                )


def effective_themes(trial: Trial) -> float:
    """Return of how many independent themes the themes are worth.

    That is (Σλ)²/Σλ² over the eigenvalues λ of their correlations: all of them if
    none says what another says, and 1 if all order the frameworks alike.
    """
    values = np.array([*_theme_values(trial).values()])
    varied = values[values.std(axis=1) > GUARD] if len(values) else values
    if len(varied) < 2 or varied.shape[1] < ENOUGH_PAIRS:
        return float(len(varied))
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(varied))
    return float(eigenvalues.sum() ** 2 / (eigenvalues**2).sum())


def _alike(trial) -> Iterator[Flaw]:
    """Themes that order the frameworks as another theme does, or as a project."""
    themes, projects = _theme_values(trial), _project_values(trial)
    pairs = [
        *combinations(themes.items(), 2),
        *((theme, project) for theme in themes.items() for project in projects.items()),
    ]
    for (name, values), (other, others) in pairs:
        alike = _correlation(list(zip(values, others, strict=True)))
        if alike > ALIKE:
            yield Flaw(
                FlawKind.ALIKE,
                name,
                f"It orders frameworks as “{other}” does (correlation {alike:.2f}).",
            )


def _theme_values(trial):
    """Return the value of each theme, by name, for every framework."""
    shares = trial.questionnaire.shares
    return {
        theme.name: _values(trial, shares[theme.slug])
        for theme in trial.questionnaire.themes
        if shares.get(theme.slug)
    }


def _project_values(trial):
    return {
        effect.feature.name: _values(trial, {effect.feature.slug: 1.0})
        for question in trial.questionnaire.questions
        if question.kind == QuestionKind.PROJECT
        for choice in question.choices.all()
        for effect in choice.effects.all()
        if effect.feature
    }


def _values(trial, features):
    """Return the middle of what ``features`` are worth together, by framework."""
    return [
        sum(share * fmean(of.get(slug, UNKNOWN)) for slug, share in features.items())
        for of in trial.bounds.values()
    ]


def _is_known(bounds, feature):
    low, high = bounds.get(feature, UNKNOWN)
    return low == high


def _coverage(trial) -> Iterator[Flaw]:
    known, scores = ({slug: [] for slug in trial.names} for _ in range(2))
    for _, ranking in trial.told:
        for standing in [*ranking.standings, *ranking.excluded]:
            known[standing.candidate.slug].append(standing.coverage)
            scores[standing.candidate.slug].append(standing.score)
    if not trial.told:
        return
    coverage = {slug: fmean(parts) for slug, parts in known.items()}
    alike = _correlation([(coverage[slug], fmean(scores[slug])) for slug in coverage])
    if alike > SAME:
        yield Flaw(
            FlawKind.COVERAGE,
            "All answers",
            "Frameworks of which more is known score higher "
            f"(correlation {alike:.2f}).",
        )
    for slug, share in coverage.items():
        if share < ENOUGH_KNOWN:
            yield Flaw(
                FlawKind.COVERAGE,
                trial.names[slug],
                f"Only {share:.0%} of the weight rests on known facts.",
            )


def _acquiescence(trial) -> Iterator[Flaw]:
    """The same answer to every priority must give the same order at every step."""
    offered = {
        question.slug: trial.questionnaire.offered[question.slug]
        for question in trial.questionnaire.questions
        if question.kind == QuestionKind.PRIORITY
    }
    first = next(iter(offered.values()), [])
    steps = [step for step in first if all(step in each for each in offered.values())]
    rankings = [trial.rank({slug: [step] for slug in offered}) for step in steps]
    orders = [_order(ranking) for ranking in rankings if ranking]
    if any(order != orders[0] for order in orders):
        yield Flaw(
            FlawKind.ACQUIESCENCE,
            "All priorities alike",
            f"The order differs between the steps {', '.join(steps)}.",
        )


def _no_finding(trial) -> Iterator[Flaw]:
    for slug, name in sorted(trial.questionnaire.feature_names.items()):
        if trial.bounds and not any(
            _is_known(of, slug) for of in trial.bounds.values()
        ):
            yield Flaw(
                FlawKind.NO_FINDING,
                name,
                "It can be weighed or required, and nobody knows it of any.",
            )


def _acted_on(trial):
    """Return the names of the features that a choice acts on directly."""
    return {
        effect.feature.slug: effect.feature.name
        for question in trial.questionnaire.questions
        for choice in question.choices.all()
        for effect in choice.effects.all()
        if effect.feature
    }


def _correlation(pairs):
    """Return how alike two columns are, -1 to 1; 0 where that cannot be told."""
    one, other = zip(*pairs, strict=True) if pairs else ((), ())
    if len(pairs) < ENOUGH_PAIRS or np.ptp(one) < GUARD or np.ptp(other) < GUARD:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])

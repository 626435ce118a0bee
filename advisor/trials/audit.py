"""What is wrong with the questionnaire as a whole.

Random answers show which frameworks can come first and which questions change
nothing; the tables themselves show what is counted twice, sums wrongly or has
no effect. Plain numbers and sentences: no request, no HTML.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np

from advisor.choices import QuestionKind, ThemeBasis
from advisor.models import Question, Theme
from advisor.models.faults import question_faults, theme_faults
from advisor.questionnaire.candidates import Bounds
from advisor.questionnaire.elicitation import heed
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.order import ENOUGH_KNOWN, GUARD
from advisor.trials.answers import Reach, Trial, random_answers, top
from advisor.trials.dominance import what_dominates
from comparisons.public import shown_states

ANSWER_SETS = 2000
# How many of the answer sets a question may leave alone before it is called dead.
TRIES = 200
# Two features, or coverage and score, that correlate above this say one thing.
SAME = 0.9
# Fewer pairs than this correlate by chance.
ENOUGH_PAIRS = 4


class FlawKind(StrEnum):
    """What is wrong."""

    NEVER_FIRST = "never first"
    DEAD_QUESTION = "dead question"
    DOUBLE_COUNTING = "double counting"
    COVERAGE = "coverage"
    ACQUIESCENCE = "acquiescence"
    THEME = "theme"
    QUESTION = "question"
    NO_FINDING = "no finding"


class Severity(StrEnum):
    """How bad it is; what is broken is not published."""

    BROKEN = "broken"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One finding of the audit."""

    kind: FlawKind
    severity: Severity
    subject: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The flaws, the worst first, and how far each framework can get."""

    flaws: Sequence[Flaw]
    reaches: Sequence[Reach]


def audit(questionnaire: Questionnaire, bounds: Bounds, sets=ANSWER_SETS) -> Audit:
    """Return the audit of ``questionnaire`` over ``sets`` random answer sets.

    The random numbers are fixed: the same tables have the same audit.
    """
    trial = Trial(questionnaire, bounds, random_answers(questionnaire, sets))
    flaws = [
        *_never_first(trial),
        *_dead_questions(trial),
        *_double_counting(trial),
        *_coverage(trial),
        *_acquiescence(trial),
        *_no_finding(trial),
    ]
    return Audit(flaws=by_severity(flaws), reaches=trial.reaches)


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
        *(
            _broken(FlawKind.THEME, theme, fault)
            for theme in themes
            for fault in theme_faults(theme)
        ),
        *(
            _broken(FlawKind.QUESTION, question, fault)
            for question in questions
            for fault in question_faults(question)
        ),
    ]


def by_severity(flaws):
    """Return ``flaws``, the worst first."""
    order = list(Severity)
    return sorted(flaws, key=lambda flaw: order.index(flaw.severity))


def _never_first(trial) -> Iterator[Flaw]:
    names = [framework.name for framework in trial.frameworks]
    for column, reach in enumerate(trial.reaches):
        if not reach.share and trial.answers:
            yield Flaw(
                kind=FlawKind.NEVER_FIRST,
                severity=Severity.WARNING,
                subject=reach.name,
                message=what_dominates(column, names, *trial.criteria),
            )


def _dead_questions(trial) -> Iterator[Flaw]:
    before = top(trial.scores, trial.tiers)
    for question in trial.questionnaire.questions:
        answered = [
            row
            for row, answers in enumerate(trial.answers)
            if question.slug in answers and _counts(trial, question, answers)
        ][:TRIES]
        if not answered or _changes_top(trial, question, answered, before):
            continue
        yield Flaw(
            kind=FlawKind.DEAD_QUESTION,
            severity=Severity.WARNING,
            subject=str(question),
            message=f"None of {len(answered)} answers changed the first three.",
        )


def _counts(trial, question, answers):
    """Whether an answer to ``question`` counts: an order of themes needs a tie."""
    if question.kind != QuestionKind.TIE_BREAK:
        return True
    return question.slug in heed(trial.questionnaire, answers).answers


def _changes_top(trial, question, answered, before):
    """Whether leaving ``question`` open changes the first three anywhere.

    Looks at few answer sets first: a question that is alive shows it soon.
    """
    for start, stop in ((0, 10), (10, TRIES)):
        rows = answered[start:stop]
        if not rows:
            return False
        without = [
            {slug: a for slug, a in trial.answers[row].items() if slug != question.slug}
            for row in rows
        ]
        scores, tiers, _ = trial.stand(without)
        # The first answer of all makes a ranking, whatever it says.
        ranked = ~np.isnan(scores).any(axis=1)
        if (top(scores, tiers) != before[rows])[ranked].any():
            return True
    return False


def _double_counting(trial) -> Iterator[Flaw]:
    low, high = trial.values
    names = _feature_names(trial)
    for theme in trial.questionnaire.themes:
        for one, other in combinations(trial.shares.get(theme.slug, ()), 2):
            columns = [trial.column[one], trial.column[other]]
            known = (low[:, columns] == high[:, columns]).all(axis=1)
            alike = _correlation(*low[known][:, columns].T)
            if alike > SAME:
                yield Flaw(
                    kind=FlawKind.DOUBLE_COUNTING,
                    severity=Severity.NOTE,
                    subject=theme.name,
                    message=f"{names[one]} and {names[other]} say nearly the same of "
                    f"all frameworks (correlation {alike:.2f}).",
                )


def _coverage(trial) -> Iterator[Flaw]:
    if not trial.answers:
        return
    told = ~np.isnan(trial.scores).any(axis=1)
    scores, coverage = trial.scores[told], trial.coverage[told]
    if not len(scores):
        return
    alike = _correlation(coverage.mean(axis=0), scores.mean(axis=0))
    if alike > SAME:
        yield Flaw(
            kind=FlawKind.COVERAGE,
            severity=Severity.WARNING,
            subject="All answers",
            message="Frameworks of which more is known score higher "
            f"(correlation {alike:.2f}).",
        )
    for column, framework in enumerate(trial.frameworks):
        known = coverage[:, column].mean()
        if known < ENOUGH_KNOWN:
            yield Flaw(
                kind=FlawKind.COVERAGE,
                severity=Severity.WARNING,
                subject=framework.name,
                message=f"Only {known:.0%} of the weight rests on known facts.",
            )


def _acquiescence(trial) -> Iterator[Flaw]:
    """The same answer to every priority must give the same order at every step."""
    priorities = [
        question
        for question in trial.questionnaire.questions
        if question.kind == QuestionKind.PRIORITY
    ]
    offered = [
        [value for value, *_ in trial.questionnaire.choices(question)]
        for question in priorities
    ]
    steps = [
        step
        for step in (offered[0] if offered else [])
        if all(step in values for values in offered)
    ]
    answers = [{question.slug: [step] for question in priorities} for step in steps]
    scores, tiers, _ = trial.stand(answers)
    told = ~np.isnan(scores).any(axis=1)
    orders = top(scores[told], tiers[told], size=len(trial.frameworks))
    if len(orders) and (orders != orders[0]).any():
        yield Flaw(
            kind=FlawKind.ACQUIESCENCE,
            severity=Severity.BROKEN,
            subject="All priorities alike",
            message=f"The order differs between the steps {', '.join(steps)}.",
        )


def _no_finding(trial) -> Iterator[Flaw]:
    low, high = trial.values
    names = _feature_names(trial)
    for slug, column in trial.column.items():
        if len(trial.frameworks) and (low[:, column] < high[:, column]).all():
            yield Flaw(
                kind=FlawKind.NO_FINDING,
                severity=Severity.WARNING,
                subject=names[slug],
                message="It can be weighed or required, and nobody knows it of any.",
            )


def _feature_names(trial):
    shared = {
        share.feature.slug: share.feature.name
        for theme in trial.questionnaire.themes
        if theme.basis == ThemeBasis.FEATURES
        for share in theme.shares.all()
    }
    return shared | {slug: feature.name for slug, feature in trial.acted_on.items()}


def _correlation(one, other):
    """Return how alike two rows are, -1 to 1; 0 where that cannot be told."""
    if len(one) < ENOUGH_PAIRS or np.ptp(one) < GUARD or np.ptp(other) < GUARD:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _broken(kind, row, fault):
    return Flaw(kind=kind, severity=Severity.BROKEN, subject=str(row), message=fault)

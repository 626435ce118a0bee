"""What is wrong with the questionnaire as a whole.

Random answers show which frameworks can come first and which questions change
nothing; the tables themselves show what is counted twice, sums wrongly or has
no effect. Plain numbers and sentences: no request, no HTML.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations

import numpy as np

from .candidates import Bounds
from .choices import QuestionKind, ThemeBasis
from .faults import question_faults, theme_faults
from .models import Question, Theme
from .questionnaire import Questionnaire
from .ranking import ENOUGH_KNOWN, GUARD, UNKNOWN

ANSWER_SETS = 2000
SEED = 20261127
# How many of the answer sets a question may leave alone before it is called dead.
TRIES = 200
TOP = 3
# Two features, or coverage and score, that correlate above this say one thing.
SAME = 0.9
# Fewer pairs than this correlate by chance.
ENOUGH_PAIRS = 4
# The most must-haves of a random answer set: more leave hardly a framework.
MOST_MUST_HAVES = 2


class FlawKind(StrEnum):
    """What an editor should look at."""

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
class Reach:
    """How often a framework comes first, and for which answers.

    ``share`` is between 0 and 1, shared first places split. ``answers`` are the
    fewest for which it stands first alone, if there are any.
    """

    slug: str
    name: str
    share: float
    answers: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The flaws, the worst first, and how far each framework can get."""

    flaws: Sequence[Flaw]
    reaches: Sequence[Reach]

    @property
    def is_broken(self):
        return any(flaw.severity == Severity.BROKEN for flaw in self.flaws)


def audit(questionnaire: Questionnaire, bounds: Bounds, sets=ANSWER_SETS) -> Audit:
    """Return the audit of ``questionnaire`` over ``sets`` random answer sets.

    The random numbers are fixed: the same tables have the same audit.
    """
    trial = _Trial(questionnaire, bounds, random_answers(questionnaire, sets))
    flaws = [
        *_never_first(trial),
        *_dead_questions(trial),
        *_double_counting(trial),
        *_coverage(trial),
        *_acquiescence(trial),
        *_no_finding(trial),
    ]
    return Audit(flaws=by_severity(flaws), reaches=trial.reaches)


def find_faults(questions=None, themes=None) -> list[Flaw]:
    """Return what is broken in the rows of the published questionnaire."""
    themes = Theme.objects.published() if themes is None else themes
    questions = Question.objects.published() if questions is None else questions
    return [
        *(
            _broken(FlawKind.THEME, theme, fault)
            for theme in themes.prefetch_related("shares__feature")
            for fault in theme_faults(theme)
        ),
        *(
            _broken(FlawKind.QUESTION, question, fault)
            for question in questions.prefetch_related(
                "theme", "choices__effects__theme", "choices__effects__feature"
            )
            for fault in question_faults(question)
        ),
    ]


def by_severity(flaws):
    """Return ``flaws``, the worst first."""
    order = list(Severity)
    return sorted(flaws, key=lambda flaw: order.index(flaw.severity))


def random_answers(questionnaire, sets) -> list[dict[str, list[str]]]:
    """Return ``sets`` random answer sets: a project, priorities and must-haves.

    Each question is left open in every second one, because visitors who say
    everything say little. Those about the visitor's own frameworks stay open.
    """
    random = np.random.RandomState(SEED)
    return [
        {
            question.slug: answer
            for question in questionnaire.questions
            if (answer := _random_answer(random, questionnaire, question))
        }
        for _ in range(sets)
    ]


def _random_answer(random, questionnaire, question):
    kind = QuestionKind(question.kind)
    if kind.asks_for_frameworks:
        return []
    values = [value for value, *_ in questionnaire.choices(question)]
    if not values or not random.randint(2):
        return []
    if not question.takes_several:
        return [values[random.randint(len(values))]]
    most = min(question.most or MOST_MUST_HAVES, MOST_MUST_HAVES, len(values))
    picked = random.choice(len(values), 1 + random.randint(most), replace=False)
    return [values[index] for index in sorted(picked)]


class _Trial:
    """Answer sets, and how all frameworks stand for each of them."""

    def __init__(self, questionnaire, bounds, answers):
        self.questionnaire = questionnaire
        self.bounds = bounds
        self.answers = answers
        self.frameworks = sorted(questionnaire.frameworks, key=lambda f: f.slug)
        self.scores, self.tiers, self.coverage = self.stand(answers)

    def stand(self, answers):
        """Return scores (0 to 100), tiers (0 fits … 2 excluded) and coverage.

        All have the shape answer set × framework. A set without a signal has
        scores of NaN.
        """
        preferences = [self.questionnaire.preferences(answer) for answer in answers]
        low, high = self.values
        weights = np.zeros((len(answers), len(self.features)))
        tiers = np.zeros((len(answers), len(self.frameworks)), dtype=int)
        for row, preference in enumerate(preferences):
            for criterion in preference.criteria:
                if criterion.feature in self.column:
                    weights[row, self.column[criterion.feature]] += criterion.weight
            for must_have in preference.must_haves:
                requirement = must_have.requirement
                column = self.column[requirement.feature]
                open_ = low[:, column] < requirement.threshold
                failed = high[:, column] < requirement.threshold
                tiers[row] = np.maximum(tiers[row], open_.astype(int) + failed)
        total = weights.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            weights = weights / np.where(total > GUARD, total, np.nan)
        known = (low == high).T.astype(float)
        return 100 * weights @ (low + high).T / 2, tiers, weights @ known

    @cached_property
    def features(self):
        """The slugs of all features that an answer could weigh or require."""
        shared = {feature for part in self.shares.values() for feature in part}
        return sorted(shared | set(self.acted_on))

    @cached_property
    def acted_on(self):
        """The features that a choice acts on directly, by slug."""
        return {
            effect.feature.slug: effect.feature
            for question in self.questionnaire.questions
            for choice in question.choices.all()
            for effect in choice.effects.all()
            if effect.feature
        }

    @cached_property
    def shares(self):
        return self.questionnaire.shares()

    @cached_property
    def column(self):
        return {feature: column for column, feature in enumerate(self.features)}

    @cached_property
    def values(self):
        """The lowest and the highest values, each framework × feature."""
        pairs = np.array(
            [
                [self.bounds[f.slug].get(slug, UNKNOWN) for slug in self.features]
                for f in self.frameworks
            ]
        ).reshape(len(self.frameworks), len(self.features), 2)
        return pairs[..., 0], pairs[..., 1]

    @cached_property
    def firsts(self):
        """The share of the first place, answer set × framework."""
        return first_places(self.scores, self.tiers)

    @cached_property
    def reaches(self):
        return [
            Reach(
                slug=framework.slug,
                name=framework.name,
                share=float(self.firsts[:, column].mean()) if self.answers else 0.0,
                answers=self._fewest(self.firsts[:, column] == 1),
            )
            for column, framework in enumerate(self.frameworks)
        ]

    def _fewest(self, sets):
        """Return the answers that say least, of those ``sets`` that are chosen."""
        telling = [
            {
                question: values
                for question, values in self.answers[row].items()
                if values != ["0"]
            }
            for row in np.flatnonzero(sets)
        ]
        return min(telling, key=lambda answer: sum(map(len, answer.values())), default=None)


def first_places(scores, tiers):
    """Return who takes the first place, split among those who share it.

    A framework that fits stands before one that is not verified, and what is
    excluded takes no place; scores are compared as they are shown.
    """
    shown = np.floor(scores + 0.5 + GUARD)
    # Shown scores are at most 100, so that a tier weighs more than any score.
    keys = np.where((tiers < 2) & ~np.isnan(shown), shown - 1000 * tiers, -np.inf)
    best = keys.max(axis=1, keepdims=True, initial=-np.inf)
    leads = (keys == best) & np.isfinite(keys)
    return leads / np.maximum(leads.sum(axis=1, keepdims=True), 1)


def top(scores, tiers, size=TOP):
    """Return the ``size`` best columns of each row, by score before rounding."""
    keys = np.where((tiers < 2) & ~np.isnan(scores), scores - 1000 * tiers, -np.inf)
    # Rounded, so that the order of summation cannot decide a tie.
    order = np.argsort(-np.round(keys, 9), axis=1, kind="stable")[:, :size]
    return np.where(np.isfinite(np.take_along_axis(keys, order, axis=1)), order, -1)


def _never_first(trial) -> Iterator[Flaw]:
    for column, reach in enumerate(trial.reaches):
        if not reach.share and trial.answers:
            yield Flaw(
                kind=FlawKind.NEVER_FIRST,
                severity=Severity.WARNING,
                subject=reach.name,
                message=_what_dominates(trial, column),
            )


def _what_dominates(trial, column):
    """Say which framework, or which set of them, is at least as good throughout."""
    names, values = _criteria(trial)
    own = values[:, column, 1]
    others = [index for index in range(len(trial.frameworks)) if index != column]
    if not others:
        return "is never first."
    better = {
        # Where it could be better than the other one, at its best.
        index: [
            name
            for name, mine, theirs in zip(
                names, own, values[:, index, 0], strict=True
            )
            if mine > theirs + GUARD
        ]
        for index in others
    }
    closest = min(others, key=lambda index: (len(better[index]), index))
    name = trial.frameworks[closest].name
    if not better[closest]:
        return f"is never first: {name} is at least as good in every criterion."
    leading = _covering_set(better, names)
    where = ", ".join(better[closest][:TOP])
    text = f"is never first: {name} comes closest, and falls behind only in {where}"
    if leading:
        together = ", ".join(trial.frameworks[index].name for index in leading)
        return f"{text}; in every criterion one of {together} is at least as good."
    return f"{text}. In no case are the others all behind."


def _covering_set(better, names):
    """Return frameworks of which one is at least as good in every criterion."""
    left, chosen = set(names), []
    while left:
        gain, index = max(
            ((len(left - set(behind)), -index) for index, behind in better.items()),
        )
        if not gain:
            return []
        chosen.append(-index)
        left &= set(better[-index])
    return chosen


def _criteria(trial):
    """Return what a visitor can weigh: names, and low and high per framework."""
    low, high = trial.values
    parts = [
        *((theme.name, trial.shares[theme.slug]) for theme in trial.questionnaire.themes
          if trial.shares.get(theme.slug)),
        *((feature.name, {slug: 1.0}) for slug, feature in trial.acted_on.items()),
    ]
    values = np.empty((len(parts), len(trial.frameworks), 2))
    for row, (_, shares) in enumerate(parts):
        columns = [trial.column[slug] for slug in shares]
        weights = np.array(list(shares.values())) / sum(shares.values())
        values[row, :, 0] = low[:, columns] @ weights
        values[row, :, 1] = high[:, columns] @ weights
    return [name for name, _ in parts], values


def _dead_questions(trial) -> Iterator[Flaw]:
    before = top(trial.scores, trial.tiers)
    for question in trial.questionnaire.questions:
        answered = [
            row
            for row, answers in enumerate(trial.answers)
            if question.slug in answers
        ][:TRIES]
        if not answered or _changes_top(trial, question, answered, before):
            continue
        yield Flaw(
            kind=FlawKind.DEAD_QUESTION,
            severity=Severity.WARNING,
            subject=str(question),
            message=f"none of {len(answered)} answers changed the first three.",
        )


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
        if (top(scores, tiers) != before[rows]).any():
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
            message="frameworks of which more is known score higher "
            f"(correlation {alike:.2f}).",
        )
    for column, framework in enumerate(trial.frameworks):
        known = coverage[:, column].mean()
        if known < ENOUGH_KNOWN:
            yield Flaw(
                kind=FlawKind.COVERAGE,
                severity=Severity.WARNING,
                subject=framework.name,
                message=f"only {known:.0%} of the weight rests on known facts.",
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
    steps = [value for value in offered[0]] if offered else []
    steps = [step for step in steps if all(step in values for values in offered)]
    answers = [{question.slug: [step] for question in priorities} for step in steps]
    scores, tiers, _ = trial.stand(answers)
    told = ~np.isnan(scores).any(axis=1)
    orders = top(scores[told], tiers[told], size=len(trial.frameworks))
    if len(orders) and (orders != orders[0]).any():
        yield Flaw(
            kind=FlawKind.ACQUIESCENCE,
            severity=Severity.BROKEN,
            subject="All priorities alike",
            message=f"the order differs between the steps {', '.join(steps)}.",
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
                message="can be weighed or required, and no framework's is known.",
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
    return Flaw(
        kind=kind, severity=Severity.BROKEN, subject=str(row), message=fault
    )

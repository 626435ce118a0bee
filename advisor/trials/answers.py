"""The questionnaire on trial: random answers, and who comes first for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from advisor.choices import QuestionKind
from advisor.questionnaire.candidates import Bounds, Known, ranking_of, read_known
from advisor.questionnaire.elicitation import Answers
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.order import Ranking
from advisor.ranking.robustness import Certainty, Draws, certainty

ANSWER_SETS = 2000
SEED = 20261127
# The most must-haves of a random answer set: more leave hardly a framework.
MOST_MUST_HAVES = 2


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How often a framework comes first, and for which answers.

    ``share`` is that of the answer sets that rank anything, 0 to 1, with shared
    first places split. ``answers`` are the fewest for which it is first, alone if
    there are any; None if it never is.
    """

    slug: str
    name: str
    share: float
    answers: Answers | None = None

    @property
    def percent(self):
        return 100 * self.share


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
    values = questionnaire.offered[question.slug]
    if not values or not random.randint(2):
        return []
    if kind == QuestionKind.PROJECT or not question.takes_several:
        return [values[random.randint(len(values))]]
    most = min(question.most or MOST_MUST_HAVES, MOST_MUST_HAVES, len(values))
    picked = random.choice(len(values), 1 + random.randint(most), replace=False)
    return [values[index] for index in sorted(picked)]


def ranking_for(questionnaire, answers, known) -> Ranking | None:
    """Return the ranking for ``answers``; None if they do not say what matters."""
    preferences = questionnaire.preferences(answers)
    if not preferences.criteria:
        return None
    return ranking_of(questionnaire, preferences, known)


def certainty_of(preferences, ranking, known) -> Certainty | None:
    """Return how sure the first place is, which ``preferences`` make of ``known``."""
    draws = Draws(ranking.standings, [preferences.person], known.evidence)
    return certainty(ranking, draws.acceptability(), len(preferences.points))


def random_trial(questionnaire, sets=ANSWER_SETS) -> "Trial":
    """Return the trial of ``questionnaire`` on random answers, always the same ones."""
    known = read_known(questionnaire)
    return Trial(questionnaire, known, random_answers(questionnaire, sets))


@dataclass(frozen=True)
class Trial:
    """Answer sets, and the ranking that each gives, if it gives any."""

    questionnaire: Questionnaire
    known: Known
    answers: Sequence[Answers]

    @property
    def bounds(self) -> Bounds:
        return self.known.bounds

    @cached_property
    def told(self) -> list[tuple[Answers, Ranking]]:
        """The answer sets that give a ranking, with it."""
        pairs = [(answers, self.rank(answers)) for answers in self.answers]
        return [(answers, ranking) for answers, ranking in pairs if ranking]

    def rank(self, answers) -> Ranking | None:
        return ranking_for(self.questionnaire, answers, self.known)

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of the frameworks, in the order of their slugs."""
        return dict(sorted((f.slug, f.name) for f in self.questionnaire.frameworks))

    @cached_property
    def reaches(self) -> list[Reach]:
        first = {slug: [] for slug in self.names}
        for answers, ranking in self.told:
            for leader in ranking.leaders:
                first[leader.candidate.slug].append((answers, len(ranking.leaders)))
        decided = max(sum(bool(ranking.leaders) for _, ranking in self.told), 1)
        return [
            Reach(
                slug=slug,
                name=self.names[slug],
                share=sum(1 / leaders for _, leaders in found) / decided,
                answers=_fewest(found),
            )
            for slug, found in first.items()
        ]


def _fewest(found):
    """Return the answers that say least, of those for which the fewest are first."""
    telling = [
        (leaders > 1, sum(map(len, said.values())), number, said)
        for number, (answers, leaders) in enumerate(found)
        for said in [{q: values for q, values in answers.items() if values != ["0"]}]
    ]
    return min(telling)[-1] if telling else None

"""What other priorities would do, for a browser to work out.

A score is the sum over the themes of weight times value, so the values of each
framework by theme are all that has to be known to rank again.
"""

from typing import Any

import numpy as np

from advisor.choices import NO_ANSWER, QuestionKind
from advisor.questionnaire.elicitation import Answers
from advisor.questionnaire.preferences import Preferences
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.order import Ranking, sums, weigh


def what_if(
    questionnaire: Questionnaire,
    answers: Answers,
    preferences: Preferences,
    ranking: Ranking,
) -> dict[str, Any] | None:
    """Return the numbers from which other points give another ranking.

    ``points`` are the present ones by theme, ``questions`` the priorities with
    what each option adds to them, and ``values`` the lowest value, the highest
    and the share that is known, each 0 to 1, by framework and theme.

    None if the answers put themes in an order: its points count while the themes
    tie, so that no change of another answer has an effect of its own.
    """
    if any(
        question.kind == QuestionKind.TIE_BREAK and question.slug in answers
        for question in questionnaire.questions
    ):
        return None
    return {
        "points": dict(preferences.points),
        "questions": [
            _question(questionnaire, question, answers, preferences.points)
            for question in questionnaire.questions
            if question.kind == QuestionKind.PRIORITY
        ],
        "values": _values(ranking, preferences.shares),
    }


def _question(questionnaire, question, answers, points):
    chosen = next(iter(answers.get(question.slug, [])), "")
    options = [*questionnaire.choices(question), ("", NO_ANSWER, "")]
    return {
        "question": question.slug,
        "name": question.theme.name,
        "chosen": chosen,
        "options": [
            {
                "value": value,
                "label": label,
                "adds": {}
                if value == chosen
                else _added(
                    points,
                    questionnaire.points({**answers, question.slug: [value]}),
                ),
            }
            for value, label, _ in options
        ],
    }


def _added(before, after):
    """Return the points that are added to each theme, negative if taken away."""
    differences = {
        theme: after.get(theme, 0) - before.get(theme, 0)
        for theme in before.keys() | after.keys()
    }
    return {theme: added for theme, added in sorted(differences.items()) if added}


def _values(ranking, shares):
    """Return what each theme would give if it alone counted, by framework."""
    candidates = [standing.candidate for standing in ranking.standings]
    cases = [weigh({theme: 1}, shares) for theme in shares]
    _, low, high, coverage = sums(cases, candidates)
    # Candidate × theme × number, as short as they can be stored.
    numbers = np.stack([low / 100, high / 100, coverage], axis=2).round(12)
    return {
        candidate.slug: dict(zip(shares, own, strict=True))
        for candidate, own in zip(candidates, numbers.tolist(), strict=True)
    }

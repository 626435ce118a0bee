"""Whether two frameworks would serve several projects better than one; plain JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.choices import QuestionKind
from advisor.questionnaire.candidates import Known, ranking_of
from advisor.questionnaire.preferences import project_parts
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.pairs import best_pair
from advisor.results.wording import listed


def pair_for(
    questionnaire: Questionnaire, answers: Mapping[str, Sequence[str]], known: Known
) -> dict[str, Any] | None:
    """Return the two that serve the projects of ``answers`` clearly better than one.

    ``score`` is that of both, ``alone`` that of the best single one, ``serves`` which
    of them is better for each project. None for one project, or where one will do.
    """
    question = next(
        (each for each in questionnaire.questions if each.kind == QuestionKind.PROJECT),
        None,
    )
    if question is None:
        return None
    labels = questionnaire.labels(question, answers)
    chosen = [each for each in answers.get(question.slug, ()) if each in labels]
    if len(chosen) < 2:
        return None
    scores: dict[str, dict[str, float]] = {}
    names: dict[str, str] = {}
    for project in chosen:
        alone = questionnaire.preferences({**answers, question.slug: [project]})
        for standing in ranking_of(questionnaire, alone, known).standings:
            names[standing.candidate.slug] = standing.candidate.name
            own = scores.setdefault(standing.candidate.slug, dict.fromkeys(chosen, 0.0))
            own[project] = standing.score
    pair = best_pair(scores, project_parts(chosen))
    if pair is None:
        return None
    served: dict[str, list[str]] = {}
    for project, slug in pair.serves.items():
        served.setdefault(names[slug], []).append(f"“{labels[project]}”")
    uses = listed(f"{name} for {listed(own)}" for name, own in served.items())
    return {
        "frameworks": list(pair.frameworks),
        "score": round(pair.score, 6),
        "alone": round(pair.alone, 6),
        "serves": dict(pair.serves),
        "sentence": (
            f"Two frameworks would serve you better: {uses}, "
            f"{pair.score:.0f} points together against {pair.alone:.0f} for one."
        ),
    }

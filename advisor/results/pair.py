"""Whether two frameworks would serve several projects better than one; plain JSON."""

from typing import Any

from advisor.choices import QuestionKind
from advisor.questionnaire.candidates import Known
from advisor.questionnaire.preferences import Preferences
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.order import Ranking
from advisor.ranking.pairs import clear_pair
from advisor.results.wording import listed


def pair_for(
    questionnaire: Questionnaire,
    preferences: Preferences,
    ranking: Ranking,
    known: Known,
) -> dict[str, Any] | None:
    """Return the two that serve the projects clearly better than one, if two do.

    ``score`` is that of both, ``alone`` that of the best single one, ``serves`` which
    of them is better for each project.
    """
    person = preferences.person
    for question in questionnaire.questions:
        if question.kind == QuestionKind.PROJECT:
            pair = clear_pair(ranking, person, question.slug, known.evidence)
            if pair:
                return _told(pair, questionnaire, ranking)
    return None


def _told(pair, questionnaire, ranking):
    names = {s.candidate.slug: s.candidate.name for s in ranking.standings}
    served: dict[str, list[str]] = {name: [] for name in pair.frameworks}
    for feature, slug in pair.serves.items():
        served[slug].append(f"“{questionnaire.feature_names[feature]}”")
    uses = [f"{names[slug]} for {listed(own)}" for slug, own in served.items()]
    return {
        "frameworks": list(pair.frameworks),
        "score": round(pair.score, 6),
        "alone": round(pair.alone, 6),
        "serves": dict(pair.serves),
        "sentence": (
            f"Two frameworks would serve you better: {', and '.join(uses)}, "
            f"{pair.score:.0f} points together against {pair.alone:.0f} for one. "
            "They cost a second stack to learn, to deploy and to keep up to date."
        ),
    }

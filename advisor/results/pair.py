"""Whether two frameworks would serve several projects better than one; plain JSON."""

from typing import Any

from advisor.choices import QuestionKind
from advisor.questionnaire.candidates import Known
from advisor.questionnaire.preferences import Preferences
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.order import GUARD, Ranking
from advisor.ranking.pairs import LITTLE, MUCH, SOME, worthy_pair
from advisor.results.wording import listed

# Where it is worth what a second framework costs, by the points it gains at least.
WORTH = [
    (MUCH, "even where it costs a lot"),
    (SOME, "unless it costs a lot"),
    (LITTLE, "only where it costs little"),
]


def pair_for(
    questionnaire: Questionnaire,
    preferences: Preferences,
    ranking: Ranking,
    known: Known,
) -> dict[str, Any] | None:
    """Return the two that serve the projects better than one, if that is worth it.

    ``score`` is that of both, ``alone`` that of the best single one, ``serves`` which
    of them is better for each project. What a second framework may cost is said.
    """
    person = preferences.person
    for question in questionnaire.questions:
        if question.kind == QuestionKind.PROJECT:
            pair = worthy_pair(ranking, person, question.slug, known.evidence)
            if pair:
                return _told(pair, questionnaire, ranking)
    return None


def _told(pair, questionnaire, ranking):
    names = {s.candidate.slug: s.candidate.name for s in ranking.standings}
    served: dict[str, list[str]] = {name: [] for name in pair.frameworks}
    for feature, slug in pair.serves.items():
        served[slug].append(f"“{questionnaire.feature_names[feature]}”")
    uses = [f"{names[slug]} for {listed(own)}" for slug, own in served.items()]
    gain = pair.score - pair.alone + GUARD
    where = next(words for least, words in WORTH if gain >= least)
    return {
        "frameworks": list(pair.frameworks),
        "score": round(pair.score, 6),
        "alone": round(pair.alone, 6),
        "serves": dict(pair.serves),
        "sentence": (
            f"Two frameworks would serve you better: {', and '.join(uses)}, "
            f"{pair.score:.0f} points together against {pair.alone:.0f} for one. "
            f"That is worth a second stack {where} to learn, to deploy and to keep up "
            "to date."
        ),
    }

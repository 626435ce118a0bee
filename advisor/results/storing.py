"""From answers to stored advice, and from stored advice to what it shows."""

from typing import Any

from advisor.models import Advice
from advisor.models.codes import digest_of, new_code
from advisor.questionnaire.elicitation import Answers
from advisor.questionnaire.reading import Questionnaire
from advisor.results.format import as_dict, complete
from advisor.results.result import result_for
from comparisons.models import KnowledgeVersion

# What of a result its open format says.
OPEN = (
    "verdict certainty doubts leaders necessary_winner ranking excluded changes "
    "next_question pair sources"
)


def advise(questionnaire: Questionnaire, answers: Answers) -> Advice:
    """Rank the frameworks for ``answers``, store the result and return the Advice.

    Its ``deletion_code`` is known now and never again.
    """
    # Read first: a change that comes in between is reported rather than missed.
    data_version = KnowledgeVersion.current()
    # Outside of a transaction, in which SQLite would let nobody else write.
    result = as_dict(result_for(questionnaire, answers))
    code = new_code()
    advice = Advice.objects.create(
        answers=answers,
        result=result,
        data_version=data_version,
        deletion_digest=digest_of(code),
    )
    advice.deletion_code = code
    return advice


def as_json(advice: Advice) -> dict[str, Any]:
    """Return stored advice in the open format."""
    result = complete(advice.result)
    return {
        "id": str(advice.pk),
        "format": result["format"],
        "created_at": advice.created_at.isoformat(),
        "expires_at": advice.expires_at.isoformat(),
        "data_version": advice.data_version,
        "answers": advice.answers,
        **{key: result[key] for key in OPEN.split()},
        # The name that changes had in the first two formats.
        "flips": [
            {"challenger": change["framework"], "sentence": change["sentence"]}
            for change in result["changes"]
        ],
    }

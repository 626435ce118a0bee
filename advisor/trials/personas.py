"""What the advisor says to the personas, now or with a questionnaire's drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from advisor.models import Persona, PersonaOutcome
from advisor.questionnaire.candidates import read_known
from advisor.trials.answers import ranking_for
from comparisons.models import KnowledgeVersion


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a questionnaire says to one persona.

    ``places`` are those of the frameworks, best first: the ``framework``, its
    ``name``, its ``rank``, and its ``score`` as shown.
    """

    persona: Persona
    places: Sequence[dict[str, Any]]
    # Answers that the questionnaire does not offer, as (question, value).
    not_offered: Sequence[tuple[str, str]] = ()

    @property
    def winners(self):
        """Those that share the first place."""
        return [place["framework"] for place in self.places if place["rank"] == 1]

    @property
    def holds(self):
        """Whether an expected framework is first, or shares the first place."""
        return not self.not_offered and not self._expected.isdisjoint(self.winners)

    def moved(self, before):
        """Return the places that differ from ``before``, as (earlier, now).

        One of the two is None where a framework was, or is, left out.
        """
        earlier = {place["framework"]: place for place in before}
        now = {place["framework"]: place for place in self.places}
        return [
            (earlier.get(framework), now.get(framework))
            for framework in dict.fromkeys([*now, *earlier])
            if earlier.get(framework) != now.get(framework)
        ]

    @property
    def _expected(self):
        return {framework.slug for framework in self.persona.expected.all()}


def try_personas(questionnaire, personas=None, known=None) -> list[Outcome]:
    """Return what ``questionnaire`` says to all personas, in a few queries."""
    if personas is None:
        personas = list(Persona.objects.prefetch_related("expected"))
    if known is None:
        known = read_known(questionnaire)
    return [_try(questionnaire, persona, known) for persona in personas]


@transaction.atomic
def record(outcomes: Sequence[Outcome]):
    """Store ``outcomes``, so that a later edit can be compared with them."""
    version = KnowledgeVersion.current()
    PersonaOutcome.objects.bulk_create(
        PersonaOutcome(
            persona=outcome.persona, places=outcome.places, data_version=version
        )
        for outcome in outcomes
    )


def not_offered(questionnaire, answers) -> list[tuple[str, str]]:
    """Return the (question, value) pairs of ``answers`` that no form could post."""
    offered = questionnaire.offered
    return [
        (question, value)
        for question, values in answers.items()
        for value in values or [""]
        if question not in offered or (value and value not in offered[question])
    ]


def _try(questionnaire, persona, known):
    answers = persona.answered
    places = []
    if ranking := ranking_for(questionnaire, answers, known):
        places = [
            {
                "framework": standing.candidate.slug,
                "name": standing.candidate.name,
                "rank": standing.rank,
                "score": standing.shown_score,
            }
            for standing in ranking.standings
        ]
    return Outcome(
        persona=persona, places=places, not_offered=not_offered(questionnaire, answers)
    )

from django.core.management.base import BaseCommand

from advisor.questionnaire.reading import Questionnaire
from advisor.trials.personas import record, try_personas


class Command(BaseCommand):
    help = "Records the personas' outcomes, so that later edits can be compared."

    def handle(self, **options):
        outcomes = try_personas(Questionnaire.current())
        record(outcomes)
        for outcome in outcomes:
            winners = ", ".join(outcome.winners) or "nothing"
            state = "as expected" if outcome.holds else "not as expected"
            self.stdout.write(f"{outcome.persona}: {winners}, {state}.")

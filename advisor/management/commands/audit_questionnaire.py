from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from advisor.questionnaire.reading import Questionnaire
from advisor.trials.answers import random_trial
from advisor.trials.audit import Severity, audit, effective_themes
from advisor.trials.personas import try_personas


class Command(BaseCommand):
    help = "Audits the published questionnaire; fails if something is broken."

    def handle(self, **options):
        questionnaire = Questionnaire.current()
        trial = random_trial(questionnaire)
        flaws = audit(trial)
        for flaw in flaws:
            self.stdout.write(
                f"{flaw.severity}: {flaw.kind}: {flaw.subject}: {flaw.message}"
            )
        for reach in sorted(trial.reaches, key=lambda reach: -reach.share):
            self.stdout.write(
                f"{reach.name} is first for {reach.share:.2%} of random answers."
            )
        self.stdout.write(
            f"The {len(questionnaire.shares)} themes are worth "
            f"{effective_themes(trial):.1f} independent ones."
        )
        outcomes = try_personas(questionnaire, known=trial.known)
        held = sum(outcome.holds for outcome in outcomes)
        self.stdout.write(f"{held} of {len(outcomes)} personas hold.")
        counts = Counter(flaw.severity for flaw in flaws)
        self.stdout.write(
            ", ".join(f"{counts[severity]} {severity}" for severity in Severity) + "."
        )
        if counts[Severity.BROKEN]:
            raise CommandError("The questionnaire is broken.")

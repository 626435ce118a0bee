"""Which framework suits me, and why?

The app turns the answers to a short form into a ranked recommendation: the
questionnaire is data that editors keep, the ranking a plain calculation over
the findings of ``comparisons``, and each result is stored and never changes.
"""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AdvisorConfig(AppConfig):
    """Adds the questionnaire to the knowledge and guards stored advice."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "advisor"

    def ready(self):
        from comparisons import groups, triggers
        from comparisons.knowledge.documents import LIBRARY
        from comparisons.queue import SECTIONS

        from .documents import QUESTIONNAIRE
        from .guards import TRIGGERS
        from .research import OPEN_FACTS

        LIBRARY.add(*QUESTIONNAIRE)
        SECTIONS.append(OPEN_FACTS)

        def drop(**kwargs):
            triggers.drop(using=kwargs["using"], triggers=TRIGGERS)

        def install(**kwargs):
            triggers.install(using=kwargs["using"], triggers=TRIGGERS)

        pre_migrate.connect(drop, sender=self, weak=False)
        post_migrate.connect(install, sender=self, weak=False)
        post_migrate.connect(groups.grant, sender=self)

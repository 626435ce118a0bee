"""Which framework suits me, and why?

The app turns the answers to a short form into a ranked recommendation: the
questionnaire is data that editors keep, the ranking a plain calculation over
the findings of ``comparisons``, and each result is stored and never changes.
"""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AdvisorConfig(AppConfig):
    """Adds the questionnaire to the knowledge and guards stored advice."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "advisor"

    def ready(self):
        from advisor import triggers
        from advisor.groups import triggers as groups
        from advisor.questionnaire.catalogue import QUESTIONNAIRE
        from advisor.questionnaire.themes import shares_by_theme
        from advisor.queue import WANTED_FACTS
        from comparisons import triggers as promises
        from comparisons.editing import roles
        from comparisons.knowledge.catalogue import LIBRARY
        from comparisons.pages.plot import THEMES
        from comparisons.queue import SECTIONS

        LIBRARY.add(*QUESTIONNAIRE)
        SECTIONS.append(WANTED_FACTS)
        THEMES.append(shares_by_theme)

        promises.OTHERS.extend([triggers.triggers, groups.triggers])
        post_migrate.connect(roles.grant, sender=self)

"""What is known about web frameworks, and who says so.

The app holds the knowledge base (frameworks, features, findings, pros and
cons, sources and the citations that join them), the pages that show it and the
admin in which editors curate it. It knows nothing of the advisor.
"""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ComparisonsConfig(AppConfig):
    """Registers the database triggers that guard what CHECK constraints cannot."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "comparisons"

    def ready(self):
        """Drop the triggers before migrations and put them back afterwards."""
        from . import triggers

        pre_migrate.connect(triggers.drop, sender=self)
        post_migrate.connect(triggers.install, sender=self)

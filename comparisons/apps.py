"""What is known about web frameworks, and who says so.

The app holds the knowledge base (frameworks, features, findings, pros and
cons, sources and the citations that join them), the pages that show it and the
admin in which editors curate it. It knows nothing of the advisor.
"""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate, pre_delete


class ComparisonsConfig(AppConfig):
    """Wires what the database guards by itself, what is recorded, and who may edit."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "comparisons"

    def ready(self):
        from comparisons import installing, notices, triggers
        from comparisons.accounts import log
        from comparisons.editing import roles
        from comparisons.history import recording
        from comparisons.search import index
        from comparisons.web import typed

        triggers.OTHERS.append(index.triggers)
        # Its tables come before the triggers that keep them.
        post_migrate.connect(index.install, sender=self)
        post_migrate.connect(installing.install, sender=self)
        post_migrate.connect(roles.grant, sender=self)
        pre_delete.connect(recording.note_lost_links)
        user_logged_in.connect(typed.keep_token)
        log.connect()
        notices.connect()

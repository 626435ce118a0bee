from django.apps import apps
from django.core.management.base import BaseCommand
from django.utils import timezone

from advisor.models.advice import Expiring


class Command(BaseCommand):
    help = (
        "Deletes stored advice and groups that have expired. For a scheduler, once a "
        "day."
    )

    def handle(self, **options):
        for model in apps.get_app_config("advisor").get_models():
            if issubclass(model, Expiring):
                _, deleted = model.objects.expired(timezone.now()).delete()
                count = deleted.get(model._meta.label, 0)
                name = model._meta.verbose_name_plural
                self.stdout.write(f"Deleted {count} expired {name}.")

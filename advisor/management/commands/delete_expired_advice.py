from django.core.management.base import BaseCommand
from django.utils import timezone

from advisor.models import Advice, AdviceGroup


class Command(BaseCommand):
    """Delete the advice and groups whose time is over; for a scheduler, once a day."""

    help = "Deletes stored advice and groups that have expired."

    def handle(self, **options):
        counts = []
        for model, noun in ((Advice, "result"), (AdviceGroup, "group")):
            _, deleted = model.objects.expired(timezone.now()).delete()
            count = deleted.get(model._meta.label, 0)
            counts.append(f"{count} expired {noun}{'s' * (count != 1)}")
        self.stdout.write(f"Deleted {' and '.join(counts)}.")

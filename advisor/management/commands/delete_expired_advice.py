from django.core.management.base import BaseCommand
from django.utils import timezone

from advisor.models import Advice


class Command(BaseCommand):
    """Delete the advice whose time is over; for a scheduler, once a day."""

    help = "Deletes stored advice that has expired."

    def handle(self, **options):
        deleted, _ = Advice.objects.expired(timezone.now()).delete()
        self.stdout.write(f"Deleted {deleted} expired result{'s' * (deleted != 1)}.")

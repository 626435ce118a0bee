from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from comparisons.suggestions.deciding import CONTACT_DAYS, forget_contacts


class Command(BaseCommand):
    help = (
        f"Deletes e-mail addresses from suggestions that were decided over "
        f"{CONTACT_DAYS} days ago and whose answer could not be sent."
    )

    def handle(self, **options):
        forgotten = forget_contacts(
            before=timezone.now() - timedelta(days=CONTACT_DAYS)
        )
        self.stdout.write(f"Forgot {forgotten} address{'es' * (forgotten != 1)}.")

from django.core.management.base import BaseCommand
from django.utils import timezone

from comparisons.notices import send_digests


class Command(BaseCommand):
    help = (
        "Mails what waits for a decision to each account that asked for it, once a "
        "day and only if there is anything."
    )

    def handle(self, **options):
        told = send_digests(timezone.localdate())
        self.stdout.write(f"Told {told} account{'s' * (told != 1)} what waits.")

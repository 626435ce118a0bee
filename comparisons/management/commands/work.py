from django.core.management.base import BaseCommand

from comparisons.models import Work
from comparisons.work.driving import drive


class Command(BaseCommand):
    help = (
        "Goes on with imports, bulk actions and checks whose process was ended. Meant "
        "for a scheduler; two at once do no harm."
    )

    def handle(self, **options):
        for work in Work.objects.left().order_by("pk"):
            drive(work)
            self.stdout.write(f"{work}: {work.progress.lower()}")

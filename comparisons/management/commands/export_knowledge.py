from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from comparisons.knowledge.exporting import export
from comparisons.knowledge.parts import KnowledgeError


class Command(BaseCommand):
    help = "Writes the knowledge base to fixtures/, the same bytes for the same rows."

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", nargs="?", type=Path, default=settings.KNOWLEDGE_DIR
        )

    def handle(self, *, folder, **options):
        try:
            changed = export(folder)
        except KnowledgeError as error:
            raise CommandError(str(error)) from error
        for path in changed:
            self.stdout.write(str(path))
        self.stdout.write(f"{len(changed)} files changed.")

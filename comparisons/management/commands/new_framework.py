from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from comparisons.knowledge.parts import KnowledgeError
from comparisons.knowledge.skeleton import new_framework
from comparisons.triggers import explain


class Command(BaseCommand):
    help = "Writes fixtures/frameworks/SLUG.yaml with all that can stand in it."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument(
            "folder", nargs="?", type=Path, default=settings.KNOWLEDGE_DIR
        )

    def handle(self, *, slug, folder, **options):
        try:
            path = new_framework(folder, slug)
        except (KnowledgeError, ValidationError) as error:
            raise CommandError(explain(error)) from error
        self.stdout.write(f"Fill in {path}; CONTRIBUTING.md says how.")

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from comparisons.accounts import factors


class Command(BaseCommand):
    help = "Takes the second factor from an account; its owner sets up another one."

    def add_arguments(self, parser):
        parser.add_argument("name")

    def handle(self, name, **options):
        users = get_user_model()
        try:
            user = users.objects.get_by_natural_key(name)
        except users.DoesNotExist:
            raise CommandError(f"No account is called “{name}”.") from None
        if not factors.reset(user):
            raise CommandError(f"“{name}” has no second factor.")
        self.stdout.write(f"“{name}” signs in with the password alone now.")

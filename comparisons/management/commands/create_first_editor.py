from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string

NAME = "editor"


class Command(BaseCommand):
    help = "Creates an editor account while there is none, and prints its password."

    def handle(self, **options):
        users = get_user_model()
        if users.objects.exists():
            return
        password = get_random_string(16)
        users.objects.create_superuser(NAME, password=password)
        self.stdout.write(
            f"The first editor is “{NAME}” with the password {password}\n"
            "It is shown this once; change it in the admin."
        )

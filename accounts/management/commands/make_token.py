"""`manage.py make_token USER`: a token for a person's program, printed once."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.models import ApiToken, User


class Command(BaseCommand):
    help = "Make an API token for a person and print it. It is kept as a hash and cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="user name or e-mail address")
        parser.add_argument("--label", default="", help="what the token is for (at most 60 characters)")

    def handle(self, *args: object, **options: str) -> None:
        wanted, label = options["user"], options["label"]
        if len(label) > ApiToken._meta.get_field("label").max_length:
            raise CommandError("--label: use at most 60 characters.")
        active = User.objects.filter(is_active=True)
        user = active.filter(username=wanted).first() or active.filter(email__iexact=wanted).first()
        if user is None:
            raise CommandError(f"No active account has the user name or address {wanted!r}.")
        _, token = ApiToken.objects.create(user=user, label=label)
        self.stdout.write(token)

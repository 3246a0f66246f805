"""Give a person a seeded role from the server's own shell: the first lead, before anybody can agree."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.grants import give
from accounts.models import User
from accounts.roles import ROLES


class Command(BaseCommand):
    help = "Give a person a role in the name of the system, without a second person: for a new installation. Audited."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=[role.code for role in ROLES])
        parser.add_argument("--reason", required=True, help="stays with the role, for instance a decision's number")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.")
        held = give(user, options["role"], reason=options["reason"])
        self.stdout.write(f"{user.username}: {held.group.name}, {held.valid_from:%d/%m/%Y} –")

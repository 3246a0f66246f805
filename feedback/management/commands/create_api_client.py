"""Open the API to another system and print its token, once."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.services import issue_token, open_client
from common.exceptions import InvalidInput
from feedback.models import Channel


class Command(BaseCommand):
    help = "Open the API to another system: make its account and print its token. The token is shown only now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the system's account: small letters, digits, dots, dashes")
        parser.add_argument("--read", action="store_true", help="may read cases")
        parser.add_argument("--send", action="store_true", help="may send feedback")
        parser.add_argument("--channel", default="", help="code of the channel of what it sends")
        parser.add_argument("--expires", type=date.fromisoformat, help="first day on which the token no longer works")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["read"] or options["send"]):
            raise CommandError("Say what the system may do: --read, --send or both.")
        channel = options["channel"]
        if channel and not Channel.objects.valid_on(timezone.localdate()).filter(code=channel).exists():
            raise CommandError(f"There is no channel {channel} in use. See /api/v1/channels/ or the console.")
        if options["expires"] and options["expires"] <= timezone.localdate():
            raise CommandError("--expires must lie in the future.")
        try:
            client = open_client(
                options["name"],
                may_read=options["read"],
                may_send=options["send"],
                channel_code=channel,
                expires_on=options["expires"],
            )
        except InvalidInput as refusal:
            raise CommandError(" ".join(sentence for each in refusal.fields.values() for sentence in each)) from None
        self.stderr.write(f"{client.name} may now call /api/v1/. Its token, shown only now:")
        self.stdout.write(issue_token(client))

"""What a message says before its values are filled in."""

from dataclasses import dataclass

from django.utils.functional import Promise

from notifications.choices import Kind


@dataclass(frozen=True)
class Template:
    """Title and body before the values are filled in, and the kind that people choose their ways of hearing by."""

    title: str | Promise
    body: str | Promise
    kind: Kind = Kind.WORK

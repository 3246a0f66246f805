"""Systems that send: under which name their submissions are kept."""

from typing import Any

from accounts.services import DOORS


def source_of(user: Any) -> str:
    """The account's name; a stand-in for one that would not fit or would pass for a door of our own."""
    name = str(user.username)
    return name if len(name) <= 40 and name not in DOORS else f"api-client-{user.client.id}"

"""The unread messages of whoever is looking, asked once a page."""

from django.http import HttpRequest

from common.keyset import capped_counts
from notifications.models import InboxItem

_KEPT = "_unread_messages"


def unread(request: HttpRequest) -> int:
    """How many unread messages the reader has, counted up to the cap. One index-only query, once per request."""
    if not hasattr(request, _KEPT):
        items = InboxItem.objects.visible_to(request.user).unread()
        setattr(request, _KEPT, capped_counts({"": items})[""])
    return int(getattr(request, _KEPT))

"""Ringing the numbers that facilities post."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing
from common.text import clean, has_unstorable
from facilities.choices import CallResult
from facilities.models import Hotline, HotlineCall

MAY_VERIFY = "facilities.verify_hotline"
SAME_PRESS = timedelta(seconds=30)  # nobody rings a number through twice in that time
NOTE_LENGTH = 300


@transaction.atomic
def note_call(hotline: Hotline, result: str, *, note: str, by: Any) -> HotlineCall:
    """Note what a call to a posted number found. The same press twice is one call. Raises `RightMissing`,
    `InvalidInput`, `MoveRefused` for a number that is no longer in use."""
    if not by.has_perm(MAY_VERIFY):
        raise RightMissing
    if result not in CallResult.values:
        raise InvalidInput({"result": [_("Choose one of the offered values.")]})
    if has_unstorable(note) or len(clean(note)) > NOTE_LENGTH:
        raise InvalidInput({"note": [_("At most %(count)s characters.") % {"count": NOTE_LENGTH}]})
    locked = Hotline.objects.select_for_update(of=("self",)).get(pk=hotline.pk)
    if not locked.is_active:
        raise MoveRefused(_("This number is no longer in use."))
    at = timezone.now()
    before = locked.calls.filter(by=by, result=result, at__gte=at - SAME_PRESS).first()
    return before or HotlineCall.objects.create(hotline=locked, at=at, by=by, result=result, note=clean(note))

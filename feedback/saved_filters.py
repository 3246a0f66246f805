"""Keeping filters of the case list, and putting them away. Nothing is deleted."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing
from common.text import clean, has_unstorable
from feedback.models import SavedFilter
from feedback.visibility import sees_as_facility

MOST = 12  # of one's own, and of the shared ones that a list shows
LEAD = "feedback.lead_working_group"


def offered(user: Any) -> list[SavedFilter]:
    """What this person's list offers: their own, then those that others share. One query."""
    kept = list(SavedFilter.objects.visible_to(user).kept().order_by("name", "id")[: 10 * MOST])
    own = [row for row in kept if row.owner_id == user.pk]
    return own[:MOST] + [row for row in kept if row.owner_id != user.pk][:MOST]


@transaction.atomic
def keep(name: str, words: Mapping[str, str], *, is_shared: bool, by: Any) -> SavedFilter:
    """Keep filters under a name. Raises `InvalidInput`, `MoveRefused` where there are too many, `RightMissing` where
    somebody outside the department would share."""
    name = "" if has_unstorable(name) else clean(name)
    if not name or len(name) > 60:
        raise InvalidInput({"name": [_("Give a name of at most 60 characters.")]})
    if not words:
        raise InvalidInput({"name": [_("Choose filters first.")]})
    if is_shared and sees_as_facility(by):
        raise RightMissing
    if SavedFilter.objects.filter(owner=by).kept().count() >= MOST:
        raise MoveRefused(_("You have %(count)s filters already. Put one away first.") % {"count": MOST})
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(owner=by, name=name, words=dict(words), is_shared=is_shared)
    except IntegrityError as fault:
        raise InvalidInput({"name": [_("You have a filter of this name already.")]}) from fault


@transaction.atomic
def put_away(pk: int, *, by: Any) -> SavedFilter:
    """Take a filter out of the lists: one's own, or as the lead a shared one. Raises `Http404`, `RightMissing`."""
    row = SavedFilter.objects.visible_to(by).kept().select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise Http404
    if row.owner_id != by.pk and not by.has_perm(LEAD):
        raise RightMissing
    row.is_kept = False
    row.save(update_fields=["is_kept"])
    return row

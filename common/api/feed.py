"""What changed, so that a consumer who follows it never misses a change and never gets one twice.

Changes are handed out in the order of (`updated_at`, id). The danger is a transaction still under way: it has stamped
its row with a moment that passed, and its row appears only when it commits; whoever read on beyond that moment in
between would never see it. So nothing is handed out that is younger than the oldest transaction which is writing.

The horizon is read in a statement of its own *before* the rows (READ COMMITTED takes a snapshot per statement): what
was still writing then holds it back, what had committed by then is visible to the rows' statement, and what begins
later stamps a later moment. `LAG` allows for clocks of web servers that differ from the database's.

The moments at which others' transactions began are shown to few roles: a function of the owner reads them, and fails
loudly where the owner may not (deploy/README.md). Limits: a record that somebody may no longer see does not come again;
it just stops changing. What changes twice between two looks comes once, as it is now. Notes are no change of the
case."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.db import connection
from django.db.models import DateTimeField
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from common.api.filters import MomentField
from common.api.paging import Order, Page, Source, feed_of, told_of
from common.api.views import ListView
from common.exceptions import InvalidInput
from common.statements import Slot

LAG = timedelta(seconds=5)
ORDER = Order("changed", "updated_at")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def horizon() -> datetime:
    """The moment before which no change can appear any more. One small query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT feedback_oldest_writer()")  # of any table: the first feed gave it its name
        found: datetime = cursor.fetchone()[0]
    return found - LAG


class FollowedList(ListView):
    """A list, or with `ordering=changed` what changed of it, in the order of changes. Its rows have `updated_at`, and
    an index over (`updated_at`, id)."""

    parameters: ClassVar[Mapping[str, Any]] = {
        "ordering": _("received (left out) or changed."),
        "changed_since": _("Follow changes from this moment or day on; goes with ordering=changed."),
    }

    def source(self, request: Request) -> Source:
        source = super().source(request)
        if self.since(request) is None:
            return source
        return replace(source, rows=lambda: source.rows().filter(updated_at__lt=Slot("horizon", DateTimeField())))

    def page(self, request: Request, cursor: str, size: int) -> Page:
        since = self.since(request)
        if since is None:
            return super().page(request, cursor, size)
        until = horizon()  # before the rows: see above
        start = (told_of(since), 0)
        return feed_of(self.source(request), ORDER, size=size, cursor=cursor, start=start, horizon=until)

    def since(self, request: Request) -> Any:
        """From when on changes are wanted; None when the newest records are."""
        ordering, since = request.GET.get("ordering"), request.GET.get("changed_since")
        if ordering not in (None, "received", "changed") or (ordering == "received" and since is not None):
            raise InvalidInput({"ordering": [_("Give received or changed; changed_since goes with changed.")]})
        if since is not None:
            return MomentField().clean_named("changed_since", since)
        return BEGINNING if ordering == "changed" else None

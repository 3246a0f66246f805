"""What changed, so that a consumer who follows it never misses a change and never gets one twice.

Changes are handed out in the order of (`updated_at`, id). The danger is a transaction still under way: it has stamped
its row with a moment that passed, and its row appears only when it commits; whoever read on beyond that moment in
between would never see it. So nothing is handed out that is younger than the oldest transaction which is writing.

The horizon is read in a statement of its own *before* the rows (READ COMMITTED takes a snapshot per statement): what
was still writing then holds it back, what had committed by then is visible to the rows' statement, and what begins
later stamps a later moment. `LAG` allows for clocks of web servers that differ from the database's.

The moments at which others' transactions began are shown to few roles: a function of the owner reads them, and fails
loudly where the owner may not (deploy/README.md). Limits: a case that somebody may no longer see does not come again;
it just stops changing. What changes twice between two looks comes once, as it is now. Notes are no change of the
case."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from common.api.paging import Order

LAG = timedelta(seconds=5)
ORDER = Order("changed", "updated_at")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def horizon() -> datetime:
    """The moment before which no change can appear any more. One small query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT feedback_oldest_writer()")
        found: datetime = cursor.fetchone()[0]
    return found - LAG

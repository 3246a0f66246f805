"""Files of cases and lists of source systems, of the planted world. Nothing in them is about anybody."""

from typing import Any

from django.utils import timezone

from feedback.imports import work
from feedback.models import Channel, Difference, ReceivedMail
from feedback.reconciling import comparing, stating

LIST = "Mã tại nguồn;Ngày gửi\nso-la-1;\nso-la-2;\n"
FILE = "Mã tại nguồn;Nội dung\nthu-1;Chờ lâu.\nthu-2;Chờ lâu hơn.\n"


def plant(world: Any) -> None:
    """A list that the lead uploaded, one that a system handed in, a file of cases that waits for its confirmation."""
    lead, today = world.by("lead"), timezone.localdate()
    days = {"since": today, "until": today}
    uploaded = stating.by_file(LIST.encode(), "1022.csv", source="tong-dai-1022", by=lead, **days)
    sent = stating.by_system(
        [stating.Stated("so-la-3")], key="k-doi-soat", source="tong-dai-1022", by=world.by("api_intake"), **days
    )
    world.reconciliations = {"uploaded": uploaded, "sent": sent}
    for run in world.reconciliations.values():
        run.since = run.until = today.replace(year=today.year - 1)  # days on which nothing was received here
        comparing.compare(run)
    world.difference = Difference.objects.filter(about=uploaded).order_by("pk")[0]
    world.mails = {
        name: ReceivedMail.objects.create(
            mark=name, sender=name, at=timezone.now(), outcome="case" if name else "auto", case=world.cases.get(name)
        )
        for name in ("", "new", "forwarded_a", "confidential")
    }
    channel = Channel.objects.get(code="LETTER")
    world.case_import = work.keep(FILE.encode(), "thu.csv", source="import", channel=channel, by=lead)
    work.work_next()

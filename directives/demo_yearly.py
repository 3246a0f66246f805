"""An invented score round, a proposal and a frozen pack, on what the demonstration's reports gave."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import User
from common.papers.layout import digest_of
from directives.emulation import merits, scoring
from directives.models import Assignment, ReportPack, ScoreRound
from directives.yearly import deeds
from directives.yearly.content import drawn_up
from facilities.models import Facility

MAKER, SECOND = "thao.nghiep-vu-y", "to.truong"
PRAISED = "DEMO001"


def load() -> None:
    """Score this year so far, publish that, propose a commendation, and freeze the pack of the year."""
    if ScoreRound.objects.exists() or ReportPack.objects.exists():
        return
    maker, second = User.objects.get(username=MAKER), User.objects.get(username=SECOND)
    today = timezone.localdate()
    found = scoring.draw_up(date(today.year, 1, 1), today, by=maker, note="Chấm thử theo trọng số đề xuất.")
    scoring.publish(found, by=second, version=found.version)
    _propose(found, maker)
    as_of = timezone.now()
    deeds.freeze(
        today.year, as_of=as_of, digest=digest_of(drawn_up(today.year, as_of, "")), reason="", by=maker,
        findings="Các đơn vị đã gửi báo cáo đúng mẫu; cần đôn đốc các đơn vị chưa báo cáo.",
    )  # fmt: skip


def _propose(found: ScoreRound, maker: Any) -> None:
    facility = Facility.objects.filter(code=PRAISED).first()
    if facility is None:
        return
    duties: list[Assignment] = list(merits.duties_of(found, facility, maker).filter(status="accepted")[:5])
    if duties:
        merits.propose(found, facility, "commend", "Báo cáo đầy đủ, có minh chứng, được chấp nhận.", duties, by=maker)

"""Where the invented cases of the press stand in public, and what their facilities reported at once. Outlets, pages and
links are invented as well."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from accounts.services import engine
from deadlines.choices import State
from feedback.choices import PRESS_CHANNEL, PressKind
from feedback.models import Appearance, Case, PressEvent, PromptReport
from feedback.press.addresses import mark_of
from feedback.press.listing import clocks
from feedback.press.reporting import Said

BATCH = 2000


@dataclass(frozen=True)
class Outlet:
    """An invented newspaper, page or place."""

    kind: PressKind
    name: str
    site: str = ""


OUTLETS = (
    Outlet(PressKind.PRESS, "Báo Bình Minh Phương Nam", "https://binhminh.example.vn/suc-khoe/bai-{number}.html"),
    Outlet(PressKind.PRESS, "Báo Nhịp Phố", "https://nhippho.example.vn/doi-song/{number}"),
    Outlet(PressKind.PRESS, "Truyền hình Sông Xanh", "https://songxanh.example.vn/ban-tin/{number}"),
    Outlet(PressKind.SOCIAL, "Nhóm “Hàng xóm kể chuyện”", "https://mangmau.example.vn/groups/hangxom/posts/{number}"),
    Outlet(PressKind.SOCIAL, "Trang “Góc phố hôm nay”", "https://mangmau.example.vn/gocpho/videos/{number}"),
    Outlet(PressKind.OPINION, "Cử tri nêu tại buổi tiếp xúc ở phường"),
    Outlet(PressKind.OPINION, "Người dân truyền tai nhau quanh bệnh viện"),
)
SAID = (
    Said(
        "Đã xác minh ngay với khoa liên quan: vụ việc có thật, xảy ra trong ca trực chiều.",
        "Giám đốc đã họp khẩn, phân công phòng Quản lý chất lượng liên hệ gia đình; báo cáo đầy đủ trong 24 giờ.",
        "Bệnh viện ghi nhận thông tin báo nêu, đang xác minh và sẽ thông tin chính thức sau khi có kết quả.",
    ),
    Said(
        "Nội dung bài đăng đúng một phần: người bệnh chờ lâu do hệ thống máy tính gián đoạn khoảng 40 phút.",
        "Đã khôi phục hệ thống, tăng bàn tiếp nhận, cử người hướng dẫn tại sảnh.",
    ),
    Said(
        "Hình ảnh trong bài là thật nhưng chụp từ trước khi khu nhà được sửa chữa.",
        "Đang chụp lại hiện trạng và mời phóng viên đến xem; rà soát các khu vực tương tự.",
        "Khu nhà trong ảnh đã sửa xong; bệnh viện mời bạn đọc và báo chí đến kiểm chứng.",
    ),
)


def add(*, seed: int) -> None:
    """Write the events of all cases of the press; a few statements for each two thousand of them."""
    random = Random(f"{seed} press")
    somebody = engine()
    cases = Case.objects.filter(channel__code=PRESS_CHANNEL, press=None).order_by("pk")
    found = list(cases.only("pk", "title", "received_at", "facility", "recorded_by"))
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        appearances = [one for case in part for one in _appearances(case, random, somebody)]
        first = {one.case_id: one for one in reversed(appearances)}
        PressEvent.objects.bulk_create(
            PressEvent(
                case=case,
                kind=first[case.pk].kind,
                at=case.received_at,
                published_at=first[case.pk].published_at,
                facility_id=case.facility_id,
            )
            for case in part
        )
        Appearance.objects.bulk_create(appearances)
    PromptReport.objects.bulk_create(_reports(random), batch_size=BATCH)


def _appearances(case: Case, random: Random, somebody: Any) -> Iterator[Appearance]:
    """Most stand in one place, some were shared on."""
    published_at = case.received_at - timedelta(minutes=random.randrange(20, 300))
    for nth, outlet in enumerate(random.sample(OUTLETS, 1 if random.random() < 0.7 else 2)):
        link = outlet.site.format(number=100_000 + case.pk * 3 + nth)
        yield Appearance(
            case=case,
            kind=outlet.kind,
            outlet=outlet.name,
            title=case.title,
            link=link,
            mark=mark_of(link),
            published_at=published_at + timedelta(minutes=15 * nth),
            seen_at=case.received_at - timedelta(minutes=4),
            at=case.received_at,
            by_id=case.recorded_by_id or somebody.pk,
        )


def _reports(random: Random) -> Iterator[PromptReport]:
    """The reports behind the clocks that facilities met before they answered in full."""
    met = clocks().filter(state=State.DONE).order_by("pk")
    cases = Case.objects.filter(pk__in=met.values("about_id"), facility__isnull=False)
    facilities = dict(cases.values_list("pk", "facility"))
    answered = set(cases.filter(answers__isnull=False).values_list("pk", "answers__at"))
    for case, at, by in met.values_list("about_id", "finished_at", "ended_by"):
        if at and case in facilities and (case, at) not in answered:
            said = random.choice(SAID)
            yield PromptReport(
                case_id=case,
                number=1,
                facility_id=facilities.pop(case),
                at=at,
                by_id=by,
                happened=said.happened,
                doing=said.doing,
                statement=said.statement,
            )

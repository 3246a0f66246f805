"""One incident in real browsers, its whole round: a quality officer files NC3 on a page as wide as a telephone, both
directors are told within a sweep, the department returns the analysis, the officer completes it, an action is verified
and found effective; then the same cause comes back, and the review opens again by itself."""

import re
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.files import PDF

WRITER, CHECKER = "cbql.lam-kieu", "thao.nghiep-vu-y"
WITHIN = 30  # seconds: a sweep comes every three, and the machine of the tests may be busy
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
CAUSE = "CA5.2"  # no invented incident names it


def moment(**ago: int) -> str:
    return (datetime.now(HERE) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M")


def day(ahead: int) -> str:
    return (datetime.now(HERE).date() + timedelta(days=ahead)).isoformat()


def filled(page: Page, **values: Any) -> None:
    """Type, choose and tick as a person would; a list ticks boxes."""
    for name, value in values.items():
        field = page.locator(f"[name={name}]")
        if isinstance(value, list):
            for code in value:
                page.check(f"[name={name}][value='{code}']")
        elif field.first.evaluate("one => one.type") == "radio":
            page.check(f"[name={name}][value='{value}']")
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def step(page: Page, to: str, reason: str = "", **more: Any) -> None:
    """Make one step by its button and its form."""
    page.click(f"[data-move={to}]")
    if reason:
        page.fill("[name=reason]", reason)
    filled(page, **more)
    page.click("form[data-form=deed] button[type=submit]")


def filed(writer: Any, **values: Any) -> str:
    """A report is filed and sent; gives the path of its page. A page for telephones may stand in for this."""
    page = writer.open("/console/incidents/incident/moi/")
    page.click("form[data-form=start] button[type=submit]")
    told = dict.fromkeys(("told_physician", "is_in_record", "told_family", "told_patient"), "yes")
    filled(
        page,
        **{"subject": "SUB1", "ward": "Khoa Xét nghiệm", "occurred_at": moment(), "detected_at": moment(), **told}
        | {"treatment": "Dừng máy, xét nghiệm lại.", "reporter_role": "REP1"}
        | values,
    )
    page.click("form[data-form=incident] button[type=submit]")
    step(page, "submitted")
    expect(page.locator(".ln-case-head [data-status=submitted]")).to_be_visible()
    return page.url.removeprefix(writer.stack.address)


def analysed(writer: Any, incident: str) -> None:
    """The expert group's analysis is written and sent."""
    page = writer.open(incident)
    page.click("#phan-tich form button")
    today, told = day(0), {"discussed": "yes", "conforms": "no"}
    group = {"experts_0_name": "Nguyễn Văn Bách", "experts_0_signed_on": today} | {
        "experts_1_name": "Phạm Thị Cúc",
        "experts_1_signed_on": today,
    }
    filled(
        page,
        timeline_0_at=moment(), timeline_0_text="Máy báo lỗi, vẫn chạy tiếp.",
        timeline_1_at=moment(), timeline_1_text="Phát hiện kết quả sai.",
        types=["IT05.2"], causes=[CAUSE], whys_0_text="Máy sai số.", whys_1_text="Chưa hiệu chuẩn.",
        root_cause="Máy quá hạn hiệu chuẩn.", corrective="Hiệu chuẩn máy.", advice="Hiệu chuẩn trước khi dùng lại.",
        findings="Không có lịch hiệu chuẩn.", **told, **group,
    )  # fmt: skip
    page.fill(f"[name='factor_{CAUSE}']", "Máy mới chưa được kiểm định.")
    page.check("[name=experts_0_is_head]")
    page.click("form[data-form=analysis] button[type=submit]:not([name=more])")
    step(page, "submitted")


def action_of(writer: Any, incident: str) -> str:
    """An action is planned, done and reported with its evidence; gives the path of its page."""
    page = writer.open(incident)
    page.click("#hanh-dong a.ln-edit")
    expect(page.locator(f"[name=causes][value='{CAUSE}']")).to_be_checked()
    filled(
        page, title="Khoá máy khi quá hạn hiệu chuẩn", kind="S3", details="Phần mềm chặn máy quá hạn.",
        due_on=day(7), measure="Số lần chạy máy quá hạn.", check_on=day(60),
    )  # fmt: skip
    page.click("form[data-form=action] button[type=submit]")
    expect(page.locator("[data-lacks]")).to_be_visible()
    page.click("#tien-do a.ln-edit")
    page.fill("[name=text]", "Đã cài khoá, thử trên ba máy.")
    page.set_input_files("[name=files]", {"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.click("form[data-form=deed] button[type=submit]")
    step(page, "done")
    return re.sub(r"#.*", "", page.url.removeprefix(writer.stack.address))


def told(person: Any, reference: str) -> None:
    """Somebody finds the incident in their inbox, as soon as the worker's next sweep has come."""
    asked_at = time.monotonic()
    inbox = person.open("/console/notifications/inboxitem/")
    while reference not in inbox.locator("#content-main").inner_text():
        assert time.monotonic() - asked_at < WITHIN, f"nobody was told of {reference}"
        time.sleep(1)
        inbox.reload()


def test_an_incident_from_its_report_to_the_day_its_cause_comes_back(somebody: Any) -> None:
    department, facility = somebody("director"), somebody("facility_director")
    phone, checker = somebody(WRITER, width=360, height=740), somebody(CHECKER)
    severe = {"harm": "G", "serious_item": "6", "reporter_name": "Trần Ngọc Mai"}
    incident = filed(phone, description="Máy xét nghiệm sai số, dùng nhầm liều.", types=["IT05.2"], **severe)
    width = "document.documentElement.scrollWidth"
    assert phone.page.evaluate(width) <= 360, "the page of an incident is wider than a telephone"
    phone.shot("incident-on-a-phone", full=True)
    reference = phone.page.locator(".ln-ref-big").first.inner_text()
    for director in (facility, department):
        told(director, reference)

    writer = somebody(WRITER)
    analysed(writer, incident)

    page = checker.open(f"{incident.replace('/change/', '/phan-tich/')}")
    step(page, "returned", "Cần làm rõ", a4="Vì sao không ai thấy máy quá hạn?")
    page = writer.open(incident.replace("/change/", "/phan-tich/sua/"))
    expect(page.get_by_text("Vì sao không ai thấy máy quá hạn?").first).to_be_visible()
    page.fill("[name=root_cause]", "Không có ai theo dõi hạn hiệu chuẩn của máy.")
    page.click("form[data-form=analysis] button[type=submit]:not([name=more])")
    step(page, "submitted")
    page = checker.open(f"{incident.replace('/change/', '/phan-tich/')}")
    step(page, "accepted")

    action = action_of(writer, incident)
    page = checker.open(action)
    step(page, "verified")
    page.click(".ln-steps [data-move=effect]")
    filled(page, found="Ba tuần không có lần nào.", result="effective")
    page.click("form[data-form=deed] button[type=submit]")
    expect(page.locator(".ln-case-head [data-status=effective]")).to_be_visible()

    again = filed(writer, description="Máy khác sai số.", harm="C", causes=[CAUSE])
    page = checker.open(action)
    expect(page.locator(".ln-case-head [data-status=reopened]")).to_be_visible()
    checker.shot("action-reopened", full=True)
    page = checker.open(again)
    expect(page.locator("[data-relation=recurred_as]")).to_have_count(2)  # the action, and the first incident

"""A whole round on real parts: a letter becomes a duty, a hospital reports on it with evidence, gets it back, reports
again, and the report is accepted; another leaves it alone, is reminded, and is reported to the lead by the worker."""

import re
import time

from playwright.sync_api import expect

from tests.files import PDF

LETTER = """SỞ Y TẾ TỈNH LAM GIANG          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 77/SYT-NVY                        Độc lập - Tự do - Hạnh phúc
V/v tăng cường an toàn người bệnh     Lam Giang, ngày 02 tháng 3 năm 2026

Kính gửi: Các bệnh viện trên địa bàn tỉnh.

Sở Y tế yêu cầu các bệnh viện thực hiện các nội dung sau:
1. Tập huấn an toàn người bệnh cho toàn bộ nhân viên, báo cáo kết quả về Sở Y tế trước ngày 20/12 hằng năm.
2. Niêm yết quy trình báo cáo sự cố tại từng khoa.

Nơi nhận:
- Như trên;
- Lưu: VT, NVY.
                                      GIÁM ĐỐC
                                      Trần Giả Định
"""


# Time passes for one clock: all its moments move back, so that the step of this number is due now, and the running
# sweep takes it. The ladder is rows: its steps wait neither for the morning nor for a digest.
UNTIL_STEP = """
from django.db import transaction
from django.utils import timezone
from deadlines.models import Deadline, LadderStep
from directives.subject import on_moved
LadderStep.objects.filter(ladder__code='nhiem-vu').update(keeps_quiet=False, is_urgent=True)
with transaction.atomic():
    clock = Deadline.objects.select_for_update().get(
        about_type__app_label='directives', about_id={about}, state='running', obligation='report_duty')
    span = clock.moments[{step}] - timezone.now()
    if clock.step <= {step}:
        clock.moments = [moment - span for moment in clock.moments]
        clock.next_at = clock.moments[clock.step]
        clock.starts_at, clock.planned_at, clock.due_at = (
            moment - span for moment in (clock.starts_at, clock.planned_at, clock.due_at))
        clock.save(update_fields=['moments', 'next_at', 'starts_at', 'planned_at', 'due_at'])
        on_moved([{about}])
"""
REMINDER, TO_LEAD = 0, 3  # of the ladder of duties


def until(page, words: str, seconds: int = 60) -> None:
    """Wait for the sweep and the delivery of messages, which the page does not know of."""
    since = time.monotonic()
    while words not in page.locator("body").inner_text() and time.monotonic() - since < seconds:
        time.sleep(1)
        page.reload()
    expect(page.locator("body")).to_contain_text(words)


def left_alone(stack, facility, address: str, name: str) -> None:
    """The day comes near, and the facility is reminded."""
    stack.manage("shell", "-c", UNTIL_STEP.format(about=number_in(address), step=REMINDER))
    inbox = facility.open("/console/notifications/inboxitem/")
    until(inbox, name)
    facility.shot("duty-reminded")
    page = facility.open("/console/directives/assignment/?queue=soon")
    expect(page.locator(".ln-list a", has_text="77/SYT-NVY.1")).to_have_count(1)


def reported_to_the_lead(stack, facility, lead, address: str, name: str) -> None:
    """The day passes, and the lead hears of it: a message, and the level on the duty's page."""
    stack.manage("shell", "-c", UNTIL_STEP.format(about=number_in(address), step=TO_LEAD))
    until(lead.open("/console/notifications/inboxitem/"), name)
    lead.shot("duty-inbox-lead")
    page = lead.open(address)
    expect(page.locator("#thoi-han [data-level='2']")).to_be_visible()
    lead.shot("duty-escalated", full=True)
    page = facility.open("/console/directives/assignment/?queue=late")
    expect(page.locator(".ln-list a", has_text="77/SYT-NVY.1")).to_have_count(1)
    expect(facility.open(address).locator("#thoi-han [data-level]")).to_have_count(0)


def number_in(address: str) -> str:
    return address.strip("/").split("/")[-2]


def press(page, status: str, reason: str = "") -> None:
    """Make one move on the assignment that is open."""
    page.locator(f"[data-move={status}]").first.click()
    form = page.locator("form[data-form=deed]")
    if reason:
        form.locator("[name=reason]").fill(reason)
    form.locator("button[type=submit]").click()
    expect(page.locator("#dien-bien")).to_be_visible()


def report(page, address: str, text: str, file: str = "") -> None:
    """Write the report and hand it in."""
    page.goto(address)
    page.locator("#bao-cao a.ln-edit").click()
    page.fill("[name=narrative]", text)
    if file:
        page.set_input_files("[name=upload]", {"name": file, "mimeType": "application/pdf", "buffer": PDF})
    page.locator("[name=hand_in]").click()
    page.locator("form[data-form=deed] button[type=submit]").click()
    expect(page.locator("#dien-bien")).to_be_visible()


def test_a_letter_becomes_a_duty_one_report_is_accepted_and_one_left_alone_reaches_the_lead(stack, somebody) -> None:
    officer = somebody("division_officer")
    page = officer.open("/console/directives/directive/nhap/")
    page.fill("[name=text]", LETTER)
    page.locator("form[data-form=letter] button[type=submit]").click()
    expect(page.locator("[name=facts-number]")).to_have_value("77/SYT-NVY")
    for place in range(page.locator(".ln-proposed").count()):
        page.locator(f"[name='{place}-decision'][value=take]").check()
    officer.shot("letter-read-in", full=True)
    page.locator("[name=confirm]").click()
    expect(page.locator("#nhiem-vu article").first).to_be_visible()
    assert page.locator("#nhiem-vu article").count() == 2
    officer.shot("directive", full=True)
    stack.manage("shell", "-c", "from directives.tasks import expand_obligations; expand_obligations()")

    idle = somebody("cbql.truc-van")
    page = idle.open("/console/directives/assignment/?queue=all")
    page.locator(".ln-list a", has_text=re.compile("77/SYT-NVY.1")).first.click()
    name = page.locator(".ln-ref-big").inner_text()
    alone = page.url.removeprefix(stack.address)
    left_alone(stack, idle, alone, name)

    hospital = somebody("facility_officer")
    page_of = hospital.open("/console/directives/assignment/?queue=all")
    found = page_of.locator(".ln-list a", has_text=re.compile("77/SYT-NVY.1")).first
    found.click()
    address = page_of.url
    report(page_of, address, "Đã tập huấn toàn bộ nhân viên.", "danh-sach.pdf")
    hospital.shot("duty-handed-in", full=True)

    page = officer.open(address.removeprefix(stack.address))
    press(page, "returned", "Thiếu danh sách khoa Khám bệnh.")
    report(page_of, address, "Đã bổ sung danh sách khoa Khám bệnh.")
    page = officer.open(address.removeprefix(stack.address))
    assert page.locator("[data-report]").count() == 2
    press(page, "accepted")
    page_of.goto(address)
    expect(page_of.locator(".ln-case-badges .ln-pill")).to_have_attribute("data-tone", "good")
    page = officer.open("/console/directives/assignment/ban-do/")
    expect(page.locator(".ln-heat td[data-s=done]").first).to_be_visible()
    officer.shot("heat-map")
    reported_to_the_lead(stack, idle, somebody("lead"), alone, name)
    assert not officer.complaints and not hospital.complaints

"""The main job on real parts: a phone call that ends as a confirmed, published answer, and an urgent one that nobody
touches, which the running worker reports to the lead."""

import re
import time

from playwright.sync_api import expect

STORY = (
    "Khám tai mũi họng chỉ năm phút mà ngồi chờ in toa thuốc hơn ba tiếng."
    " Hỏi quầy nào cũng bảo chờ, không ai giải thích."
)
URGENT = "Phòng khám giữ bệnh nhân không cho về, bắt trả thêm tiền. Người nhà đang đứng ngoài cổng."
FIRST_ANSWER = "Bệnh viện ghi nhận phản ánh."
SECOND_ANSWER = (
    "Thư ký y khoa bỏ sót danh sách đã khám xong nên toa không được in."
    " Bệnh viện đã xin lỗi người bệnh và sửa quy trình."
)
PUBLIC_SUMMARY = "Phản ánh đúng. Bệnh viện đã chấn chỉnh quy trình in và trả toa thuốc."


def record_call(operator, *, body: str, facility: str = "", category: str = "", urgency: str = "") -> str:
    """Type a call in by keyboard, as an operator does; returns the reference that is read to the caller."""
    page = operator.open("/console/ghi-nhan/")
    page.fill("#id_phone", "0900 000 123")
    page.keyboard.press("Tab")
    page.keyboard.type(body)
    if facility:
        page.locator("#id_facility_said").press_sequentially(facility, delay=15)
        page.locator("#id_facility_said_offers li").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    if category:
        page.locator("#id_category_query").press_sequentially(category, delay=15)
        page.locator("#id_category_query_offers li").first.wait_for()
        page.keyboard.press("Enter")
    if urgency:
        page.locator(f"[data-urgency={urgency}]").click()
    operator.shot("record-call")
    page.keyboard.press("Control+Enter")
    return page.locator("[data-reference]").inner_text()


def open_case(person, reference: str):
    """Find a case by its reference and open it."""
    page = person.open(f"/console/feedback/case/?q={reference}")
    page.locator("#result_list a, .ln-list a", has_text=reference).first.click()
    expect(page.locator("h1").first).to_be_visible()
    return page


def step(person, reference: str, status: str, *, reason: str = "Theo quy trình.", **given: str) -> None:
    """Make one move on a case through its form."""
    page = open_case(person, reference)
    page.locator(f"[data-move={status}]").first.click()
    form = page.locator(f"form[data-form=move-{status}]")
    for name, value in given.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("[name=reason]").fill(reason)
    if status in ("forwarded", "answered"):
        person.shot(f"step-{status}")
    form.locator(f"[data-submit={status}]").click()
    expect(page.locator(f"[data-status={status}]").first).to_be_visible()


def test_a_call_becomes_a_published_answer_and_a_forgotten_one_reaches_the_lead(stack, somebody) -> None:
    # the rules are rows: one minute instead of fifteen until an urgent call must have been taken up
    stack.manage(
        "shell",
        "-c",
        "from deadlines.models import DeadlineRule;"
        "DeadlineRule.objects.filter(obligation='acknowledge', urgency='S1').update(amount=1, clock='minutes')",
    )
    operator = somebody("operator")
    urgent = record_call(operator, body=URGENT, urgency="S1")
    urgent_since = time.monotonic()
    reference = record_call(operator, body=STORY, facility="bv lam kieu", category="cho doi")
    operator.shot("call-recorded")
    assert re.fullmatch(r"PA-\d{4}-\d{6}", reference)

    officer, hospital, lead = somebody("officer"), somebody("facility_officer"), somebody("lead")
    step(officer, reference, "forwarded", reason="Thuộc trách nhiệm của bệnh viện.")

    hospital.shot("home-facility")
    page = open_case(hospital, reference)
    expect(page.locator("main, #content").first).not_to_contain_text("0900 000 123")
    step(hospital, reference, "answered", findings=FIRST_ANSWER, proposed_outcome="OC02")
    step(officer, reference, "returned", reason="Chưa nêu nguyên nhân và biện pháp khắc phục.")
    expect(open_case(hospital, reference).locator("body")).to_contain_text("Chưa nêu nguyên nhân")
    step(hospital, reference, "answered", findings=SECOND_ANSWER, proposed_outcome="OC01")

    step(officer, reference, "checked", reason="Đã đối chiếu với hồ sơ.", outcome="OC01")
    assert not open_case(officer, reference).locator("[data-move=confirmed]").count(), "a second person confirms"
    step(lead, reference, "confirmed", reason="Đồng ý.")
    step(
        officer,
        reference,
        "replied",
        reply="Sở Y tế cảm ơn ông/bà. Bệnh viện đã xin lỗi và sửa quy trình.",
        way="phone",
    )
    step(officer, reference, "published", public_summary=PUBLIC_SUMMARY)
    step(officer, reference, "closed")
    officer.shot("case-closed", full=True)

    citizen = somebody(width=360, height=740)
    expect(citizen.open("/cong-khai/").locator("main")).to_contain_text(PUBLIC_SUMMARY)
    citizen.shot("published-phone")

    # the urgent call: nobody touched it; the real worker and beat report it within a sweep or two
    page = lead.open("/console/")
    while urgent not in page.locator("#content-main").inner_text() and time.monotonic() - urgent_since < 150:
        time.sleep(3)
        page.reload()
    lead.shot("home-lead", full=True)
    expect(page.locator("[data-reported]")).to_contain_text(urgent)
    inbox = lead.open("/console/notifications/inboxitem/")
    while urgent not in inbox.locator("body").inner_text() and time.monotonic() - urgent_since < 200:
        time.sleep(3)
        inbox.reload()
    expect(inbox.locator("body")).to_contain_text(urgent)
    lead.shot("inbox-lead")
    page = open_case(lead, urgent)
    expect(page.locator("[data-status=received]").first).to_be_visible()
    lead.shot("case-urgent", full=True)

"""A visit in real browsers, its whole round: the year's plan is approved by a second person; an unannounced visit is on
no surface of its facility until it is opened; then checklist, record, finding and demand, the facility's evidence, the
verification; and the same finding, come back, opens what was verified."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.test_incident import day, filled, moment, step, told
from tests.files import PDF

LEAD, FACILITY = "to.truong", "cbql.lam-kieu"
PLACE = "Lam Kiều"
SURFACES = (  # of the facility: home, lists, inbox, search, API
    "/console/",
    "/console/inspections/inspection/",
    "/console/inspections/inspection/?queue=prepared",
    "/console/inspections/correctiveaction/",
    "/console/notifications/inboxitem/",
    "/console/feedback/case/?queue=all",
    "/console/search/?s={reference}",
    "/api/v1/cases/?q={reference}",
    "/api/v1/deadlines/",
)
TOPIC = "Kiểm tra đột xuất lưu giữ hồ sơ bệnh án"


def send(page: Page) -> None:
    page.click("form[data-form=deed] button[type=submit]")


def chosen(page: Page, words: str) -> None:
    """Pick a facility by typing a part of its name."""
    page.click("[data-field=facility] .select2-selection")
    page.fill(".select2-search__field", words)
    page.click(f".select2-results__option:has-text('{words}')")


def planned(inspector: Any, lead: Any) -> None:
    """Next year's plan is written by one and approved by another."""
    page = inspector.open("/console/inspections/plan/moi/")
    year = int(day(0)[:4]) + 1
    filled(page, year=str(year), legal_basis="Luật Khám bệnh, chữa bệnh năm 2023")
    send(page)
    page.click("#dong a.ln-edit")
    chosen(page, PLACE)
    filled(page, period="q2", topic="Thực hiện Chỉ thị 06/CT-BYT")
    page.locator("[name=lead]").select_option(index=1)
    send(page)
    expect(page.locator(".ln-plan tbody tr")).to_have_count(1)
    step(page, "waiting", "Trình phê duyệt")
    plan = page.url.removeprefix(inspector.stack.address)
    page = lead.open(plan)
    step(page, "approved", "Đồng ý")
    expect(page.locator("#dong").get_by_text("Q", exact=False).first).to_be_visible()


def prepared(inspector: Any, topic: str) -> str:
    """An unannounced visit with a checklist; gives the path of its page."""
    page = inspector.open("/console/inspections/inspection/dot-xuat/")
    chosen(page, PLACE)
    filled(page, topic=topic, legal_basis="Quyết định số 120/QĐ-SYT", planned_at=moment())
    send(page)
    address = page.url.removeprefix(inspector.stack.address)
    page.click("#phieu a.ln-edit")
    page.click("form[data-form=generate] button")
    expect(page.locator("form[data-form=judge] li").first).to_be_visible()
    return address


def recorded(inspector: Any, visit: str) -> None:
    """Opened, judged, one finding with its demand, and the record finished."""
    page = inspector.open(visit)
    step(page, "opened")
    page.click("#phieu a.ln-edit")
    for field in page.locator("select[name^=result-]").all():
        field.select_option("conforms")
    page.click("form[data-form=judge] button[type=submit]")
    page = inspector.open(visit)
    page.click("#ton-tai a.ln-edit")
    filled(page, kind="records", severity="serious", text="Hồ sơ bệnh án thiếu chữ ký.", basis="Điều 69")
    send(page)
    page.click(".ln-finding .ln-btn")
    filled(page, text="Bổ sung chữ ký, rà soát toàn bộ hồ sơ.", due_on=day(10))
    send(page)
    page.click("#bien-ban a.ln-edit")
    filled(page, started_at=moment(hours=2), ended_at=moment(), present=["director"], summary="Đã xem 20 hồ sơ.")
    send(page)
    step(page, "recorded")
    expect(page.locator("#ton-tai .ln-contents a")).to_have_count(1)


def is_nowhere(facility: Any, visit: str, reference: str) -> None:
    for address in SURFACES:
        answer = facility.page.request.get(f"{facility.stack.address}{address.format(reference=reference)}")
        shown = re.sub(r"[?&](s|q)=[^\"&]*", "", answer.text()).replace(f'value="{reference}"', "")
        assert TOPIC not in shown, f"{address} tells of the visit"
        assert reference not in shown or "search" in address, f"{address} names the visit"
    assert facility.page.request.get(f"{facility.stack.address}{visit}").status == 404


def test_a_visit_from_the_plan_to_the_day_its_finding_comes_back(somebody: Any) -> None:
    inspector, lead, facility = somebody("division_officer"), somebody(LEAD), somebody(FACILITY)
    planned(inspector, lead)
    visit = prepared(inspector, TOPIC)
    reference = (
        inspector.page.goto(f"{inspector.stack.address}{visit}")
        and inspector.page.locator(".ln-ref-big").first.inner_text()
    )
    expect(inspector.page.locator("[data-hidden-from-facility]")).to_be_visible()
    is_nowhere(facility, visit, reference)

    recorded(inspector, visit)
    inspector.shot("inspection-recorded", full=True)
    told(facility, reference)
    page = facility.open(visit)
    expect(page.locator("#ton-tai").get_by_text("Hồ sơ bệnh án thiếu chữ ký.")).to_be_visible()
    page.click("#ton-tai .ln-contents a")
    demand = page.url.removeprefix(facility.stack.address)
    page.click("#tra-loi a.ln-edit")
    page.fill("[name=text]", "Đã bổ sung chữ ký 20 hồ sơ.")
    page.set_input_files("[name=files]", {"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": PDF})
    send(page)
    facility.shot("demand-answered", full=True)

    page = lead.open(demand)
    step(page, "verified")
    page = lead.open(visit)
    step(page, "closed")

    amended(inspector, lead, facility, visit)
    recorded(inspector, prepared(inspector, "Phúc tra hồ sơ bệnh án"))
    page = facility.open(demand)
    expect(page.locator(".ln-case-badges").get_by_text(re.compile("mở lại|open again"))).to_be_visible()
    facility.shot("demand-reopened", full=True)


def amended(inspector: Any, lead: Any, facility: Any, visit: str) -> None:
    """The finished record is put right by two people; the facility reads both."""
    page = inspector.open(visit)
    page.click("#dinh-chinh a.ln-edit")
    filled(page, kind="corrects", text="Đã xem 21 hồ sơ, không phải 20.", reason="Đếm lại danh sách.")
    send(page)
    page = lead.open(visit)
    page.click("[data-amendment=proposed] .ln-btn[data-tone=primary]")
    page.fill("[name=reason]", "Đúng với danh sách.")
    send(page)
    page = facility.open(visit)
    expect(page.locator("[data-amendment=agreed]")).to_be_visible()
    expect(page.get_by_text("Đã xem 20 hồ sơ.")).to_be_visible()
    facility.shot("record-amended", full=True)

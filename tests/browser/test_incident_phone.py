"""A severe incident from a phone without scripts: the running worker tells the director within a sweep, and whoever
reported reads the feedback by code."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations

WITHIN = 30  # seconds: a sweep comes every three, and the machine of the tests may be busy
STORY = "Bỏ quên gạc trong ổ bụng, phát hiện khi người bệnh đau lại sau mổ."
FEEDBACK = "Cảm ơn anh/chị. Khoa đếm gạc hai người từ hôm nay."


@pytest.fixture
def phone(chromium) -> Iterator[Page]:
    """A browser as wide as a small telephone, whose scripts are off."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, timezone_id="Asia/Ho_Chi_Minh"
    )
    yield context.new_page()
    context.close()


def report_severe(page: Page, address: str) -> tuple[str, str]:
    """Fill the page in as a quality officer does, sent back once; returns reference and code."""
    noticed = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) - timedelta(minutes=5)
    page.goto(f"{address}/su-co/")
    page.fill("#id_description", STORY)
    page.fill("#id_facility_said", "lam kieu")
    page.click("[name=find]")
    page.check("input[name=facility][value=DEMO001]")
    page.fill("#id_ward", "Khoa Ngoại")
    page.check("input[name=harm][value=G]")
    page.click("[data-action=send]")  # neither a name nor when it was noticed
    expect(page.locator("#id_reporter_name_error")).to_be_visible()
    expect(page.locator("#id_description")).to_have_value(STORY)
    page.fill("#id_detected_at", noticed.strftime("%Y-%m-%dT%H:%M"))
    page.fill("#id_reporter_name", "Trần Ngọc Mai")
    page.click("[data-action=send]")
    expect(page.locator("[data-level=NC3]")).to_be_visible()
    return page.locator("[data-reference]").inner_text(), page.locator("[data-code]").get_attribute("data-code") or ""


def follow(page: Page, address: str, code: str) -> None:
    page.goto(f"{address}/su-co/theo-doi/")
    page.fill("#id_code", code.lower())
    page.click("main button.main")


def test_nc3_from_a_phone_reaches_the_director_and_feedback_comes_back(stack, phone, somebody) -> None:
    director = somebody("facility_director")
    reference, code = report_severe(phone, stack.address)
    sent_at = time.monotonic()
    inbox = director.open("/console/notifications/inboxitem/")
    while reference not in inbox.locator("#content-main").inner_text():
        assert time.monotonic() - sent_at < WITHIN, f"nobody told the director of {reference}"
        time.sleep(1)
        inbox.reload()

    officer = somebody("facility_officer")
    page = officer.open("/console/incidents/incident/?queue=from-staff")
    page.locator("#result_list a", has_text=reference).click()
    card = page.locator("[data-staff-report]")
    expect(card.locator("[data-feedback=owed]")).to_be_visible()
    expect(page.locator("#content-main")).not_to_contain_text("Trần Ngọc Mai")
    card.locator("a.ln-edit").click()
    page.fill("[name=text]", FEEDBACK)
    page.click("form[data-form=deed] button[type=submit]")
    expect(page.locator("[data-feedback=given]")).to_be_visible()

    follow(phone, stack.address, code)
    expect(phone.locator("main")).to_contain_text(FEEDBACK)


def test_the_pages_for_staff_keep_nobody_out(stack, chromium) -> None:
    """As wide as a telephone and as a desk: nothing serious by axe, and nothing wider than the screen."""
    for width in (360, 1440):
        context = chromium.new_context(viewport={"width": width, "height": 800}, timezone_id="Asia/Ho_Chi_Minh")
        page = context.new_page()
        found = {}
        for name, path in (("send", "/su-co/"), ("at", "/su-co/DEMO001/"), ("follow", "/su-co/theo-doi/")):
            page.goto(f"{stack.address}{path}")
            found[name] = violations(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.goto(f"{stack.address}/su-co/DEMO001/")
        page.check("input[name=harm][value=G]")
        page.click("[data-action=send]")
        expect(page.locator("#id_description_error")).to_be_visible()
        found["refused"] = violations(page)
        noticed = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) - timedelta(minutes=5)
        told = {"description": STORY, "ward": "Khoa Ngoại", "detected_at": noticed.strftime("%Y-%m-%dT%H:%M")}
        for name, text in (told | {"reporter_name": "Trần Ngọc Mai"}).items():
            page.fill(f"#id_{name}", text)
        page.click("[data-action=send]")
        code = page.locator("[data-code]").get_attribute("data-code") or ""
        found["receipt"] = violations(page)
        follow(page, stack.address, code)
        expect(page.locator("main h1[data-status]")).to_be_visible()
        found["report"] = violations(page)
        context.close()
        assert not any(found.values()), found

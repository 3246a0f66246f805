"""A call taken by keyboard alone at the speed at which people type: known caller, facility, category, reference; the
ends of calls at one key; and the list by keys. No key of a mouse is pressed here."""

import re
import time

from playwright.sync_api import expect

from tests.browser.axe import violations

RECORD = "/console/ghi-nhan/"
AT_A_PERSONS_SPEED = 170  # milliseconds for a key: some seventy words a minute, who types for a living is faster
STORY = "Mẹ tôi mổ mắt xong nằm chờ từ sáng, hỏi ba lần không ai trả lời giấy ra viện."
NUMBER = "0900 000 731"


def typed(page, text: str) -> None:
    page.keyboard.type(text, delay=AT_A_PERSONS_SPEED)


def take_call(operator) -> tuple[str, float]:
    """From the empty form to the reference that is read out; how long it took."""
    page = operator.open(RECORD)
    expect(page.locator("#id_phone")).to_be_focused()
    begun = time.monotonic()
    typed(page, NUMBER)
    page.keyboard.press("Enter")
    expect(page.locator("#id_body")).to_be_focused()
    typed(page, STORY)
    page.keyboard.press("Tab")
    typed(page, "bv lam kieu")
    page.locator("#id_facility_said_offers li").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#id_category_query")).to_be_focused()
    typed(page, "cho doi")
    page.locator("#id_category_query_offers li").first.wait_for()
    page.keyboard.press("Enter")
    operator.shot("operator-call")
    page.keyboard.press("Control+Enter")
    reference = page.locator("[data-reference]").inner_text()
    return reference, time.monotonic() - begun


def test_a_call_is_on_record_in_under_a_minute_by_keyboard_alone(somebody) -> None:
    operator = somebody("operator")
    reference, seconds = take_call(operator)
    assert seconds < 60, f"{seconds:.0f} s"
    page = operator.page
    assert re.fullmatch(r"PA-\d{4}-\d{6}", reference)
    assert re.fullmatch(r"-[A-HJ-NP-TV-Z]", page.locator("[data-check]").inner_text())
    operator.shot("operator-recorded")
    assert not violations(page)

    page.keyboard.press("Enter")  # next call: the same person rings again
    expect(page.locator("#id_phone")).to_be_focused()
    typed(page, NUMBER.replace(" ", ""))
    page.keyboard.press("Enter")
    known = page.locator("[data-known]")
    expect(known).to_contain_text("Số này đã gọi 1 lần")
    expect(known).to_contain_text(reference)
    expect(known).not_to_contain_text("0900")
    operator.shot("operator-known-caller")
    assert not violations(page)

    typed(page, "Lại hỏi giấy ra viện.")
    page.keyboard.press("F4")  # one key ends it, and it counts
    expect(page.locator("[data-reference]")).to_be_visible()
    home = operator.open("/console/")
    expect(home.locator("[data-calls]")).to_contain_text(re.compile(r"\d+ cuộc gọi"))
    expect(home.locator("[data-calls]")).to_contain_text("1")
    operator.shot("operator-home")
    assert "0900" not in home.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")


def test_the_form_is_readable_at_the_width_of_a_phone(somebody) -> None:
    operator = somebody("operator", width=360, height=740)
    page = operator.open(RECORD)
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    operator.shot("operator-phone", full=True)


def test_the_list_is_worked_by_keys(somebody) -> None:
    operator, officer = somebody("operator"), somebody("officer")
    page = operator.open(RECORD)
    page.keyboard.type("0900 000 732")
    page.keyboard.press("Enter")
    page.keyboard.type("Bảo vệ thu tiền giữ xe quá giá, hỏi thì lớn tiếng.")
    page.keyboard.press("Control+Enter")
    reference = page.locator("[data-reference]").inner_text()
    letter = page.locator("[data-check]").inner_text()

    page = officer.open("/console/feedback/case/?queue=open")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_contain_text("nhận xử lý")
    officer.shot("list-keys")
    assert not violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#result_list tr[data-at]")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#searchbar")).to_be_focused()
    page.keyboard.type(reference + letter)
    page.keyboard.press("Enter")
    row = page.locator("#result_list tbody tr")
    expect(row).to_have_count(1)
    page.wait_for_load_state()  # keys are listened to
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("#result_list tr[data-case]:not([data-keyed~=triaged])")).to_have_count(1)
    page.wait_for_load_state()
    officer.shot("list-claimed")
    page.keyboard.press("j")
    page.keyboard.press("f")
    page.wait_for_url("**/buoc/forwarded/")

    # a number in the search box is posted: it never stands in an address
    page = officer.open("/console/feedback/case/")
    page.keyboard.press("/")
    page.keyboard.type("0900 000 732")
    page.keyboard.press("Enter")
    expect(page.locator("#result_list")).to_contain_text(reference)
    assert "0900" not in page.url
    officer.shot("list-by-number")
    assert not violations(page)

    # a filter is kept, offered with its count, and leads back
    page = officer.open("/console/feedback/case/?queue=all&urgency=S1")
    page.locator("summary", has_text="Lưu bộ lọc này").press("Enter")
    page.locator(".ln-saved input[name=name]").press_sequentially("Khẩn cấp của tổ")
    page.keyboard.press("Enter")
    chip = page.locator("[data-filter]", has_text="Khẩn cấp của tổ")
    expect(chip.locator("[data-count]")).to_be_visible()
    officer.shot("list-saved-filter")

"""The citizen's pages in a real browser: from a feedback with a picture to the reply, on a telephone without scripts;
and what axe-core says of each page, wide and narrow, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import SHOTS, Stack
from tests.files import JPEG

STORY = "Chờ in toa thuốc hơn ba tiếng, hỏi quầy nào cũng bảo chờ, không ai giải thích."


@pytest.fixture
def telephone(chromium: Browser, stack: Stack) -> Iterator[Page]:
    """A narrow screen without scripts."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(stack.address)
    yield page
    context.close()


def meanwhile(stack: Stack, reference: str, *steps: str) -> None:
    words = ", ".join(repr(word) for word in (reference, *steps))
    stack.manage("shell", "-c", f"from tests.browser.moves import go; go({words})")


def fits(page: Page, name: str) -> None:
    """Nothing reaches over the edge of the screen; a picture is kept."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"citizen-{name}.png", full_page=True)
    box = page.locator("body").bounding_box()
    assert box and box["width"] <= 360
    for element in page.locator("main *:visible").all():
        found = element.bounding_box()
        is_hidden = found is None or found["width"] <= 1
        assert is_hidden or found["x"] + found["width"] <= 361, element.evaluate("one => one.outerHTML.slice(0, 200)")


def send(page: Page) -> tuple[str, str]:
    """Fill the form in and send it; gives the code and the reference."""
    page.fill("#id_body", STORY)
    page.fill("#id_facility_said", "bv lam kieu")
    page.fill("#id_occurred_on", "20/11/2026")
    page.set_input_files("#id_files", {"name": "toa thuốc.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    page.click("[data-action=send]")
    code = page.locator("[data-code]").get_attribute("data-code")
    assert code and len(code) == 26
    return code, page.locator("[data-reference]").inner_text()


def look(page: Page, stack: Stack, code: str) -> None:
    page.goto(f"{stack.address}/tra-cuu/")
    page.fill("#id_code", f"{code[:4]} {code[4:9].lower()}-{code[9:]}")
    page.click("main button[type=submit]")


def test_from_a_picture_to_a_judgement_on_a_telephone_without_scripts(stack: Stack, telephone: Page) -> None:
    page = telephone
    fits(page, "landing")
    page.locator(".action-main").click()
    fits(page, "send")
    page.click("[data-action=send]")
    expect(page.locator("#id_body_error, .errorlist").first).to_be_visible()
    fits(page, "send-wrong")
    code, reference = send(page)
    fits(page, "receipt")

    meanwhile(stack, reference, "triaged", "waiting")
    look(page, stack, code)
    expect(page.locator("[data-status=waiting]")).to_be_visible()
    expect(page.locator(".talk .is-theirs")).to_contain_text("cho biết ngày khám")
    fits(page, "question")
    page.fill("#id_text", "Ngày 20/11, buổi sáng, quầy số 3.")
    page.set_input_files("#id_files", {"name": "số thứ tự.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    page.locator("form:has([value=add]) button[type=submit]").click()
    expect(page.locator(".talk .is-mine")).to_contain_text("quầy số 3")

    meanwhile(stack, reference, "triaged", "replied")
    look(page, stack, code)
    expect(page.locator(".reply")).to_contain_text("xin lỗi")
    fits(page, "reply")
    page.check("[name=satisfaction][value=no]")
    page.fill("#id_comment", "Chưa nói vì sao không ai giải thích.")
    page.locator("form:has([value=rate]) button[type=submit]").click()
    expect(page.locator("[name=satisfaction]")).to_have_count(0)
    fits(page, "judged")


def test_the_confidential_page_warns_and_lets_one_leave_at_once(stack: Stack, telephone: Page) -> None:
    page = telephone
    page.goto(f"{stack.address}/phan-anh/kin/")
    expect(page.locator("#safety")).to_contain_text("Wi-Fi")
    fits(page, "secret")
    code, _reference = send(page)
    exit_ = page.locator("[data-exit]")
    expect(exit_).to_have_text("Thoát nhanh")
    look(page, stack, code)
    page.locator("[data-exit]").click()
    page.wait_for_url("**/health/live")


def test_the_exit_leaves_no_way_back_where_scripts_run(stack: Stack, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{stack.address}/cong-khai/")
    page.goto(f"{stack.address}/phan-anh/kin/")
    for _time in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("**/health/live")
    page.go_back()
    assert page.url.endswith("/cong-khai/")
    context.close()


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_grave_on_any_public_page(stack: Stack, somebody, width: int, language: str) -> None:
    person = somebody(width=width)
    person.context.add_cookies([{"name": "ngon_ngu", "value": language, "url": stack.address}])
    found: dict[str, list[str]] = {}

    def judge(name: str) -> None:
        assert person.page.locator("html").get_attribute("lang") == language
        found[name] = violations(person.page)
        person.shot(f"public-{name}-{language}-{width}", full=True)

    for name, path in (
        ("landing", "/"),
        ("send", "/phan-anh/"),
        ("secret", "/phan-anh/kin/"),
        ("follow", "/tra-cuu/"),
        ("results", "/cong-khai/"),
        ("results-none", "/cong-khai/?co-so=zzzzzz"),
    ):
        person.open(path)
        judge(name)
    person.open("/phan-anh/")
    code, reference = send(person.page)
    judge("receipt")
    look(person.page, stack, code)
    judge("case")
    if width == 360:
        meanwhile(stack, reference, "triaged", "waiting")
        look(person.page, stack, code)
        judge("waiting")
        meanwhile(stack, reference, "triaged", "replied")
        look(person.page, stack, code)
        judge("replied")
    grave = {name: faults for name, faults in found.items() if faults}
    assert not grave, grave


def test_axe_finds_nothing_grave_where_something_went_wrong(stack: Stack, somebody) -> None:
    person = somebody(width=360)
    found: dict[str, list[str]] = {}
    person.open("/phan-anh/").click("[data-action=send]")
    person.page.locator(".summary").wait_for()
    found["send"] = violations(person.page)
    look(person.page, stack, "0" * 26)
    found["follow"] = violations(person.page)
    person.open("/khong-co/")
    found["absent"] = violations(person.page)
    person.complaints.clear()  # a browser tells of 422 and 404 as if they were faults
    assert not {name: faults for name, faults in found.items() if faults}

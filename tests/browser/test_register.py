"""The public register of hotlines at the width of a phone, without scripts; and the queue of numbers to ring."""

from playwright.sync_api import expect

from tests.browser.axe import violations

PLANT = (
    "from facilities.models import Facility, Hotline;"
    "f = Facility.objects.filter(is_demo=True).order_by('id').first();"
    "Hotline.objects.get_or_create(facility=f, number='0900000555', defaults={'purpose': 'Góp ý'});"
    "print('NAME=' + f.name)"
)


def test_numbers_are_rung_noted_and_published(stack, somebody) -> None:
    name = next(line[5:] for line in stack.manage("shell", "-c", PLANT).splitlines() if line.startswith("NAME="))
    operator = somebody("operator")
    page = operator.open("/console/facilities/hotline/kiem-tra/")
    row = page.locator("[data-hotline]", has_text="0900000555")
    row.locator("input[name=note]").fill("Điều dưỡng trực nghe máy.")
    operator.shot("hotlines-to-ring")
    assert not violations(page)
    row.locator("button[value=answered]").click()
    expect(page.locator("[data-hotline]", has_text="0900000555")).to_have_count(0)

    citizen = somebody(width=360, height=740)
    page = citizen.open("/duong-day-nong/")
    expect(page.locator("main")).to_contain_text("0989.401.155")
    citizen.shot("register-phone", full=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not violations(page)
    page.fill("#q", name)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("0900000555")
    expect(page.locator("main")).to_contain_text("Có người nghe máy")
    citizen.shot("register-found")
    assert not violations(page)

"""The warning before an idle session ends: it is seen, staying is one press, and the end leads to the sign-in page."""

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("width", [1440, 360])
def test_a_warning_two_minutes_before_and_one_press_to_stay(somebody, width: int) -> None:
    officer = somebody(width=width)
    officer.page.clock.install()
    officer.sign_in("officer")
    page, lasts = officer.page, {"seconds": 900}

    def answer(route) -> None:
        if route.request.method == "POST":
            route.continue_()  # the real one: the token of the page is taken
            return
        told = route.fetch()
        route.fulfill(response=told, json=told.json() | lasts)

    page.route("**/console/phien/con-lai/", answer)
    page.clock.run_for(61 * 1000)
    expect(page.locator("dialog.ln-idle")).to_have_count(0)
    lasts["seconds"] = 118
    with page.expect_response("**/console/phien/con-lai/"):
        page.clock.run_for(781 * 1000)
    dialog = page.locator("dialog.ln-idle")
    expect(dialog).to_be_visible()
    expect(dialog.locator(".ln-idle-left")).to_have_text(re.compile("1:5[0-9]"))
    officer.shot(f"idle-warning-{width}")
    lasts["seconds"] = 900
    with page.expect_response(lambda got: got.request.method == "POST") as stayed:
        dialog.locator("button").click()
    assert stayed.value.status == 200
    expect(dialog).to_have_count(0)

"""The warning before an idle session ends: it is seen, staying is one press, and the end leads to the sign-in page."""

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("width", [1440, 360])
def test_a_warning_two_minutes_before_and_one_press_to_stay(somebody, width: int) -> None:
    officer = somebody(width=width)
    officer.page.clock.install()
    officer.sign_in("officer")
    page, lasts, asked = officer.page, {"seconds": 900}, []

    def answer(route) -> None:
        if route.request.method == "POST":
            route.continue_()  # the real one: the token of the page is taken
            return
        asked.append(route)
        told = route.fetch()
        route.fulfill(response=told, json=told.json() | lasts)

    page.route("**/console/phien/con-lai/", answer)
    dialog = page.locator("dialog.ln-idle")
    with page.expect_response("**/console/phien/con-lai/"):
        page.clock.run_for(61 * 1000)
    expect(dialog).to_have_count(0)
    lasts["seconds"] = 118
    # the page's timer starts when it has read that answer, which takes real time: go on until it asks again
    for _step in range(200):
        if len(asked) > 1:
            break
        page.clock.run_for(10 * 1000)
    expect(dialog).to_be_visible()
    expect(dialog.locator(".ln-idle-left")).to_have_text(re.compile("1:5[0-9]"))
    officer.shot(f"idle-warning-{width}")
    lasts["seconds"] = 900
    with page.expect_response(lambda got: got.request.method == "POST") as stayed:
        dialog.locator("button").click()
    assert stayed.value.status == 200
    expect(dialog).to_have_count(0)

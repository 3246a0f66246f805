"""A call that was typed and not saved: back after the browser was closed, kept by the server, not by the browser."""

from playwright.sync_api import expect

STORED = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])"


def test_a_closed_browser_loses_no_call_and_keeps_none(somebody) -> None:
    first = somebody("operator")
    page = first.open("/console/ghi-nhan/")
    page.fill("#id_phone", "0900 000 456")
    page.fill("#id_body", "Chờ từ sáng đến trưa.")
    expect(page.locator("[data-draft-state]")).to_contain_text("Bản nháp lưu lúc")
    assert "0900" not in page.evaluate(STORED)
    first.shot("draft-kept")
    first.context.close()

    again = somebody("operator")
    page = again.open("/console/ghi-nhan/")
    expect(page.locator("#draft-notice")).to_be_visible()
    expect(page.locator("#id_phone")).to_have_value("0900 000 456")
    expect(page.locator("#id_body")).to_have_value("Chờ từ sáng đến trưa.")
    assert "0900" not in page.evaluate(STORED)
    again.shot("draft-back", full=True)
    page.locator("[data-action=drop-draft]").click()
    expect(page.locator("#id_phone")).to_have_value("")


def test_without_the_server_the_form_stays_and_tries_again(somebody) -> None:
    operator = somebody("operator")
    page = operator.open("/console/ghi-nhan/")
    operator.context.set_offline(True)
    page.fill("#id_body", "Bảo vệ thu tiền giữ xe quá giá.")
    lost = page.locator("[data-draft-lost]")
    expect(lost).to_be_visible()
    operator.shot("draft-out-of-reach")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    expect(page.locator("#id_body")).to_have_value("Bảo vệ thu tiền giữ xe quá giá.")
    operator.context.set_offline(False)
    expect(lost).to_be_hidden(timeout=15_000)
    expect(page.locator("[data-draft-state]")).to_contain_text("Bản nháp lưu lúc")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-reference]")).to_be_visible()
    operator.open("/console/ghi-nhan/")
    expect(page.locator("#id_body")).to_have_value("")
    operator.complaints = [said for said in operator.complaints if "ERR_INTERNET_DISCONNECTED" not in said]

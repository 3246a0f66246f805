"""A whole round on real parts: a letter becomes a duty, a hospital reports on it with evidence, gets it back, reports
again, and the report is accepted."""

import re

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


def test_a_letter_becomes_a_duty_and_its_report_is_accepted(stack, somebody) -> None:
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
    assert not officer.complaints and not hospital.complaints

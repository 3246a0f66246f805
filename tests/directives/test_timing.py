"""When something is due: every way in which letters say it."""

from datetime import date

import pytest

from directives.reading.timing import Timing, timing

WRITTEN = date(2026, 8, 12)

RULES = {
    "trước ngày 10/11 hằng năm": "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10",
    "trước ngày 10 tháng 11 hàng năm": "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10",
    "Trước ngày 30/5 và 30/11 hằng năm": "FREQ=YEARLY;BYMONTH=5,11;BYMONTHDAY=30",
    "trước ngày 15 các tháng 3, 6, 9 và 12": "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=15",
    "định kỳ 6 tháng (trước ngày 10/6) và hằng năm (trước ngày 10/12)": "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=10",
    "trước ngày 20/6 và ngày 10/12 hằng năm": (
        "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=20\nFREQ=YEARLY;BYMONTH=12;BYMONTHDAY=10"
    ),
    "báo cáo 6 tháng một lần": "FREQ=MONTHLY;INTERVAL=6",
    "định kỳ sáu tháng báo cáo": "FREQ=MONTHLY;INTERVAL=6",
    "họp hằng quý": "FREQ=MONTHLY;INTERVAL=3",
    "ít nhất 01 lần mỗi quý": "FREQ=MONTHLY;INTERVAL=3",
    "01 lần/quý": "FREQ=MONTHLY;INTERVAL=3",
    "ba tháng một lần": "FREQ=MONTHLY;INTERVAL=3",
    "trước ngày 15 của tháng cuối quý": "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=15",
    "trước ngày 05 của tháng đầu quý sau": "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=5",
    "trước ngày 25 hằng tháng": "FREQ=MONTHLY;BYMONTHDAY=25",
    "ngày 10 và ngày 25 hằng tháng": "FREQ=MONTHLY;BYMONTHDAY=10,25",
    "hằng tháng (trước ngày 05 của tháng sau)": "FREQ=MONTHLY;BYMONTHDAY=5",
    "vào ngày cuối cùng của tháng": "FREQ=MONTHLY;BYMONTHDAY=-1",
    "trước 16 giờ thứ Sáu hằng tuần": "FREQ=WEEKLY;BYDAY=FR",
    "hai tuần một lần": "FREQ=WEEKLY;INTERVAL=2",
    "trước 16 giờ 00 hằng ngày, kể cả ngày nghỉ": "FREQ=DAILY",
    "mỗi năm một lần": "FREQ=YEARLY",
    "mỗi năm 02 lần": "FREQ=MONTHLY;INTERVAL=6",
    "tối thiểu 04 lần/năm": "FREQ=MONTHLY;INTERVAL=3",
    "05 lần/năm": "FREQ=YEARLY",
    "báo cáo hằng ngày trong dịp Tết; tổng hợp trước ngày 15/02/2027": "FREQ=DAILY",
    "trong quý I hằng năm": "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31",
}

DAYS = {
    "trước ngày 25/8/2026": date(2026, 8, 25),
    "chậm nhất ngày 31 tháng 01 năm 2027": date(2027, 1, 31),
    "xong trước 10 giờ 00 ngày 22/9/2026": date(2026, 9, 22),
    "hoàn thành trước ngày 20/10": date(2026, 10, 20),
    "gửi trước ngày 15/01": date(2027, 1, 15),
    "gửi các trạm y tế trong tháng 9 năm 2026": date(2026, 9, 30),
    "trong quý I/2027": date(2027, 3, 31),
    "hoàn thành trong quý II năm 2027": date(2027, 6, 30),
    "từ ngày 01/9/2026 đến hết ngày 30/9/2026": date(2026, 9, 30),
    "hoàn thành trong tháng 02/2028": date(2028, 2, 29),
    "báo cáo sơ kết sáu tháng đầu năm trước ngày 05/7/2027": date(2027, 7, 5),
}

STANDING = [
    "thực hiện nghiêm Chỉ thị số 06/CT-BYT ngày 24/8/2024 của Bộ Y tế",
    "trực 24/24 giờ",
    "trong thời hạn 03 ngày làm việc kể từ ngày nhận được phản ánh",
    "trước khi làm thủ thuật",
    "thực hiện từ ngày 01/01/2027",
    "xây dựng quy định, quy trình trước mổ",
    "trước ngày 31/02/2027",
]


@pytest.mark.parametrize("text", RULES)
def test_a_rule_is_read(text):
    assert timing(text, WRITTEN) == Timing(RULES[text])


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read(text):
    assert timing(text, WRITTEN) == Timing("once", DAYS[text])


@pytest.mark.parametrize("text", STANDING)
def test_what_names_no_day_is_standing(text):
    assert timing(text, WRITTEN) == Timing()


@pytest.mark.parametrize(
    "text",
    [
        "trong vòng 10 ngày kể từ ngày nhận được Công văn này",
        "trong vòng 15 ngày làm việc kể từ ngày ký",
        "báo cáo một lần",
    ],
)
def test_a_time_from_the_letter_is_once_without_a_day(text):
    assert timing(text, WRITTEN) == Timing("once")


def test_a_first_day_goes_with_its_rule():
    text = "báo cáo trước ngày 05 hằng tháng, báo cáo đầu tiên trước ngày 05/9/2026"
    assert timing(text, WRITTEN) == Timing("FREQ=MONTHLY;BYMONTHDAY=5", date(2026, 9, 5))


def test_a_day_without_a_year_needs_the_day_of_the_letter():
    assert timing("trước ngày 20/10", None) == Timing("once")

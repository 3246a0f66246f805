"""The words that name what must be handed in or kept."""

import re

from .lines import bare

_THINGS = (
    r"(?:bao cao|danh sach|bien ban|ke hoach|bang (?:ke|doi chieu|tong hop|phan tich|kiem|diem)"
    r"|ban (?:cam ket|phan tich|tu ra soat|kiem diem|tong hop)"
    r"|ban mem|phieu|so tay|so (?:tiep nhan|theo doi|truc|ghi|goi)|(?:bo )?tai lieu|mau|ket qua|tin,? bai|hinh anh"
    r"|anh|video|ket luan|phuong an|quyet dinh"
    r"|van ban|so lieu|de an|du toan|ho so|huong dan|chung tu|to trinh|thong ke|lich truc|so truc|de xuat"
    r"|giai trinh|chung nhan|cam ket|quy trinh|quy che)"
)
_HANDED = (
    r"(?:gui|nop|trinh|luu|lap|ghi trong|ghi vao|ghi|phat|kem theo|kem|bien soan|xay dung|mo|giao|cung cap|chup"
    r"|dang tai|dang|cong khai|ban hanh|ky|thong ke)"
)
_STOP = re.compile(
    r"\s+(?:về|theo|trước|vào|trong|chậm nhất|cho|qua|đến|tại|h[ằà]ng|mỗi|định kỳ|để|và|kèm|gửi|trình"
    r"|ghi rõ|nêu rõ|lưu|trên|phản ánh|khi|nếu"
    r"|từ|các|không|ngay|kịp thời|với|ủy ban|ubnd|giám đốc|chủ tịch|sở y tế|bộ y tế|lãnh đạo|ban giám đốc)\b"
    r"|\s*[,;.:(“]|\s+\d{1,2} giờ",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    rf"(?<!da )\b{_HANDED} (?:(?:ve so y te|ngay|day du|them|moi|it nhat \d+|cac|cuon|file"
    rf"|tep)\s+)*(?P<thing>{_THINGS}\b)"
)
_REPORT = re.compile(r"\bbao cao\b")
_NOT_A_DUTY = re.compile(
    r"(?:he thong|che do|mau|duoc|so|cong tac|khuyen khich viec|tu nguyen|phat hien,)\s+(?:\w+ ){0,3}$"
)


def evidence(text: str) -> str | None:
    """What a duty asks to see, in its own words; None when it names nothing."""
    plain = bare(text)
    given = next((each for each in _GIVEN.finditer(plain) if not each[0].startswith("cong khai ket qua")), None)
    if given:
        return _phrase(text, given.start("thing"), given.end("thing"))
    for report in _REPORT.finditer(plain):
        if not _NOT_A_DUTY.search(plain[: report.start()]):
            return _phrase(text, report.start(), report.end())
    return None


def _phrase(text: str, start: int, end: int) -> str:
    """The thing with what tells it from others, up to where it goes, until when, or what comes next."""
    stop = _STOP.search(text, end)
    return text[start : stop.start() if stop else len(text)].strip()

"""Invented words of the department to facilities: an alert that some applied and one has not read, and a recommendation
that waits for its second person."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from common.uploads import checked
from facilities.models import Facility
from incidents.alerts import receiving, writing
from incidents.choices import AlertKind, AlertStatus, ReceiptState
from incidents.demo_actions import PAGE
from incidents.models import Alert, AlertReceipt

DRUGS = {
    "kind": AlertKind.ALERT,
    "title": "Thuốc có tên và vỏ hộp giống nhau để cạnh nhau trên xe thuốc",
    "body": "Trong quý, nhiều sự cố phát nhầm thuốc xảy ra khi hai thuốc có tên và vỏ hộp gần giống nhau nằm cùng một "
    "ngăn.",
    "advice": "Rà soát xe thuốc và tủ trực trong 10 ngày làm việc: tách ngăn, dán nhãn phân biệt, hai người đối chiếu "
    "khi phát thuốc nguy cơ cao.",
}
FALLS = {
    "kind": AlertKind.ADVICE,
    "title": "Phòng ngừa té ngã ban đêm trong nhà vệ sinh",
    "body": "Té ngã trong nhà vệ sinh vào ban đêm tăng ở các khoa có buồng xa trạm điều dưỡng.",
    "advice": "Lắp đèn cảm ứng và tay vịn, đánh giá nguy cơ té ngã khi nhập viện, hẹn giờ hỗ trợ đi vệ sinh.",
}
APPLIED = "Đã tách ngăn và dán nhãn tại tất cả các khoa; biên bản kiểm tra lưu tại Phòng Quản lý chất lượng."
NOT_HERE = "Phòng khám không có xe thuốc và tủ trực; thuốc do nhà thuốc bệnh viện cấp."


def load(writers: dict[str, Any], *, writer: Any, second: Any) -> int:
    """Write and publish them; returns how many. `writers` maps the code of a facility to who answers for it."""
    places = list(Facility.objects.filter(code__in=writers).values_list("pk", flat=True))
    out = _written(DRUGS, places, by=writer)
    writing.move(out, AlertStatus.PUBLISHED, by=second, reason="Đã đọc và đồng ý", version=out.version)
    _written(FALLS, places, by=writer)
    codes = list(writers)
    for code, state, said in (
        (codes[0], ReceiptState.APPLIED, APPLIED),
        (codes[-1], ReceiptState.NOT_APPLICABLE, NOT_HERE),
    ):
        receipt = AlertReceipt.objects.get(alert=out, facility__code=code)
        shown = [checked(SimpleUploadedFile("bien-ban-ra-soat.pdf", PAGE))] if state == ReceiptState.APPLIED else []
        receiving.answer(receipt, state, text=said, uploads=shown, by=writers[code], version=receipt.version)
    return 2


def _written(words: dict[str, Any], places: list[int], *, by: Any) -> Alert:
    alert = writing.start(by=by)
    alert = writing.write(alert, {**words, "facilities": places}, by=by, version=alert.version)
    return writing.move(alert, AlertStatus.WAITING, by=by, reason="Nội dung đã hoàn chỉnh", version=alert.version)

"""Alerts for tests: written, handed over and published by the people of the team."""

from typing import Any

from facilities.models import Facility
from incidents.alerts import writing
from incidents.choices import AlertStatus
from incidents.models import Alert, AlertReceipt
from tests.feedback import factories as make

TEXT = {
    "kind": "alert",
    "title": "Nhầm lẫn ống khí tại buồng bệnh",
    "body": "Hai đầu nối khí cạnh nhau có màu gần giống nhau.",
    "advice": "Kiểm tra và dán nhãn lại toàn bộ đầu nối khí.",
}


def written(by: Any, *facilities: Facility, **changes: Any) -> Alert:
    by = make.fresh(by)
    alert = writing.start(by=by)
    chosen = {"facilities": [facility.pk for facility in facilities]}
    return writing.write(alert, {**TEXT, **chosen, **changes}, by=by, version=alert.version)


def step(alert: Alert, to: AlertStatus, by: Any, reason: str = "theo quy trình") -> Alert:
    alert.refresh_from_db()
    return writing.move(alert, to, by=make.fresh(by), reason=reason, version=alert.version)


def published(writer: Any, second: Any, *facilities: Facility, **changes: Any) -> Alert:
    alert = step(written(writer, *facilities, **changes), AlertStatus.WAITING, writer)
    return step(alert, AlertStatus.PUBLISHED, second)


def at(facility: Facility, alert: Alert) -> AlertReceipt:
    return AlertReceipt.objects.get(alert=alert, facility=facility)

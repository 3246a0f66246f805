"""Corrective actions for tests: planned, done, verified and found effective by whoever does that."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from common.uploads import checked
from facilities.models import Facility
from incidents.actions import services, transitions
from incidents.choices import ActionStatus, Effect
from incidents.models import Action, EffectCheck, Incident
from tests.feedback import factories as make
from tests.files import PDF


def wishes(owner: Any, **changes: Any) -> dict[str, Any]:
    """Everything that an action asks for."""
    today = timezone.localdate()
    return {
        "title": "Trang bị xe thuốc có ngăn theo giường",
        "kind": "S2",
        "details": "Mua 4 xe; dán tên từng ngăn; bỏ xe cũ.",
        "causes": ["CA1.2"],
        "owner": owner,
        "due_on": today + timedelta(days=14),
        "measure": "Số lần phát nhầm thuốc mỗi tháng.",
        "check_on": today + timedelta(days=90),
        **changes,
    }


def planned(by: Any, facility: Facility, incident: Incident | None = None, **changes: Any) -> Action:
    by = make.fresh(by)
    return services.plan(facility, wishes(**{"owner": by} | changes), by=by, incident=incident)


def evidence(name: str = "bien-ban.pdf") -> Any:
    return checked(SimpleUploadedFile(name, PDF))


def step(action: Action, to: str, by: Any, reason: str = "theo quy trình") -> Action:
    action.refresh_from_db()
    return transitions.move(action, to, by=make.fresh(by), reason=reason, version=action.version)


def done(action: Action, by: Any) -> Action:
    services.report_progress(action, "Đã trang bị đủ 4 xe.", [evidence()], by=make.fresh(by))
    return step(action, ActionStatus.DONE, by)


def check(action: Action, result: str, by: Any, **more: Any) -> EffectCheck:
    action.refresh_from_db()
    given = {"found": "Ba tháng không phát nhầm.", "checked_on": timezone.localdate(), "next_on": None} | more
    return transitions.check_effect(action, result=result, by=make.fresh(by), version=action.version, **given)


def effective(action: Action, writer: Any, checker: Any) -> Action:
    step(done(action, writer), ActionStatus.VERIFIED, checker)
    check(action, Effect.EFFECTIVE, checker)
    action.refresh_from_db()
    return action

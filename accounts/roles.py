"""The roles of the house as groups of permissions. `load_reference` seeds them; after that people compose them in the
console. Code never asks for a role, only for permissions."""

from dataclasses import dataclass

VIEW_REFERENCE = [
    "facilities.view_facility",
    "facilities.view_area",
    "facilities.view_division",
    "facilities.view_facilityname",
    "facilities.view_hotline",
    "facilities.view_licenceevent",
    "feedback.view_channel",
    "feedback.view_category",
    "feedback.view_case",
    "notifications.view_inboxitem",
]
VIEW_DEADLINES = [
    "deadlines.view_deadline",
    "deadlines.view_deadlinerule",
    "deadlines.view_calendarday",
    "deadlines.view_ladder",
]


@dataclass(frozen=True)
class Role:
    """A seeded group: its Vietnamese name (what the console shows) and the permissions it begins with."""

    code: str
    name_vi: str
    name_en: str
    permissions: tuple[str, ...]


def _feedback(*codenames: str) -> list[str]:
    return [f"feedback.{codename}" for codename in codenames]


_OFFICER = _feedback(
    "view_every_case",
    "record_case",
    "triage_case",
    "check_case",
    "confirm_case",
    "reply_case",
    "publish_case",
    "close_case",
    "note_case",
    "reveal_reporter",
)

ROLES = (
    Role(
        "operator",
        "Nhân viên trực đường dây nóng",
        "Hotline operator",
        (*VIEW_REFERENCE, *_feedback("view_recorded_case", "record_case", "note_case", "screen_case")),
    ),
    Role(
        "officer",
        "Chuyên viên Tổ công tác đặc biệt",
        "Officer of the Special Working Group",
        (*VIEW_REFERENCE, *VIEW_DEADLINES, *_OFFICER, *_feedback("screen_case")),
    ),
    Role(
        "division_officer",
        "Chuyên viên phòng chuyên môn",
        "Officer of a specialised division",
        (
            *VIEW_REFERENCE,
            *VIEW_DEADLINES,
            *_feedback("view_division_case", "handle_case", "check_case", "note_case"),
        ),
    ),
    Role(
        "lead",
        "Tổ trưởng Tổ công tác đặc biệt",
        "Lead of the Special Working Group",
        (
            *VIEW_REFERENCE,
            *VIEW_DEADLINES,
            *_OFFICER,
            *_feedback("screen_case", "view_confidential_case", "lead_working_group", "reopen_case", "approve_reveal"),
            "facilities.add_facility",
            "facilities.change_facility",
            "facilities.add_hotline",
            "facilities.change_hotline",
            "facilities.add_facilityname",
            "facilities.change_facilityname",
            "facilities.add_licenceevent",
            "facilities.change_licenceevent",
            "deadlines.add_deadlinerule",
            "deadlines.change_deadlinerule",
            "deadlines.add_calendarday",
            "deadlines.change_calendarday",
            "deadlines.add_ladder",
            "deadlines.change_ladder",
            "deadlines.add_ladderstep",
            "deadlines.change_ladderstep",
            "deadlines.view_ladderstep",
            "feedback.add_channel",
            "feedback.change_channel",
            "feedback.add_category",
            "feedback.change_category",
        ),
    ),
    Role(
        "director",
        "Lãnh đạo Sở",
        "Department director",
        (
            *VIEW_REFERENCE,
            *VIEW_DEADLINES,
            *_feedback(
                "view_every_case",
                "view_confidential_case",
                "direct_department",
                "confirm_case",
                "note_case",
                "reopen_case",
                "approve_reveal",
            ),
        ),
    ),
    Role(
        "facility_officer",
        "Nhân viên quản lý chất lượng cơ sở",
        "Facility quality officer",
        (*VIEW_REFERENCE, *_feedback("view_facility_case", "answer_case", "note_case")),
    ),
    Role(
        "facility_director",
        "Lãnh đạo cơ sở",
        "Facility director",
        (*VIEW_REFERENCE, *_feedback("view_facility_case", "answer_case", "note_case")),
    ),
    Role(
        "api_read",
        "Hệ thống đọc dữ liệu qua API",
        "API read client",
        (*VIEW_REFERENCE, *VIEW_DEADLINES, *_feedback("view_every_case", "read_api")),
    ),
    Role("api_intake", "Hệ thống gửi phản ánh qua API", "API intake client", tuple(_feedback("send_intake"))),
    Role(
        "auditor",
        "Giám sát nội bộ",
        "Auditor",
        (
            *VIEW_REFERENCE,
            *VIEW_DEADLINES,
            *_feedback("view_every_case", "view_confidential_case"),
            "audit.view_entry",
        ),
    ),
    Role(
        "sysadmin",
        "Quản trị hệ thống",
        "System administrator",
        (
            "accounts.view_user",
            "accounts.add_user",
            "accounts.change_user",
            "accounts.view_membership",
            "accounts.add_membership",
            "accounts.change_membership",
            "accounts.view_apiclient",
            "accounts.add_apiclient",
            "accounts.change_apiclient",
            "notifications.receive_dead_letters",
            "notifications.view_inboxitem",
            "auth.view_group",
        ),
    ),
)
ROLE_BY_CODE = {role.code: role for role in ROLES}

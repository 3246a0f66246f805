"""The roles of the house as groups of permissions. `load_reference` seeds them, each right once; what a superuser
takes away stays away. Code never asks for a role, only for permissions."""

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
VERIFY_HOTLINES = ["facilities.verify_hotline", "facilities.view_hotlinecall"]
RECUSE_SELF = "feedback.recuse_self"  # every role of the staff
RECUSE_OTHERS = [  # lead and director: whoever recuses somebody cannot lift it, so it takes at least two who may
    "feedback.recuse_others",
    "accounts.view_recusal",
    "accounts.add_recusal",
    "accounts.change_recusal",
]
SECOND_PERSON = [
    "feedback.approve_reveal",
    "accounts.approve_role",
    "accounts.view_rolegrant",
    "accounts.view_accountchange",
    "accounts.hand_over",
    "deadlines.grant_extension",
]
ASK_EXTENSION = "deadlines.ask_extension"
WATCH_OPERATIONS = "deadlines.watch_operations"
SEE_TASKS = "deadlines.view_duty"  # of facilities those of their own people: `deadlines.visibility.DUTY`
VIEW_DEADLINES = [
    "deadlines.view_deadline",
    "deadlines.view_deadlinerule",
    "deadlines.view_calendarday",
    "deadlines.view_ladder",
    SEE_TASKS,
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


def _incidents(*codenames: str) -> list[str]:
    return [f"incidents.{codename}" for codename in ("view_incident", *codenames)]


_ALERTS = ("incidents.view_alert", "incidents.publish_alert", "incidents.view_signal", "incidents.judge_signal")


def _directives(*codenames: str) -> list[str]:
    return [f"directives.{codename}" for codename in ("view_directive", "view_assignment", *codenames)]


_REGISTER = _directives("view_every_directive", "view_obligation", "view_partyrule")
_KEEP_REGISTER = [
    *_REGISTER,
    *_directives(
        "manage_directive", "change_obligation", "view_indicator", "add_indicator", "change_indicator",
        "add_partyrule", "change_partyrule", "draw_up_pack", "propose_merit", "view_scoreweight", "add_scoreweight",
        "change_scoreweight",
    ),
]  # fmt: skip
_SEE_INSPECTIONS = ("inspections.view_inspection", "inspections.view_every_inspection")
_INSPECT = (*_SEE_INSPECTIONS, "inspections.conduct_inspection", "inspections.manage_plan")
_INSPECTED = ("inspections.view_inspection", "inspections.view_facility_inspection")
_RETURNS = ("write_return", "sign_return")  # both roles: a facility with a single account must be able to finish
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
    "export_case",
)

ROLES = (
    Role(
        "operator",
        "Nhân viên trực đường dây nóng",
        "Hotline operator",
        (
            *VIEW_REFERENCE,
            *VERIFY_HOTLINES,
            RECUSE_SELF,
            *_feedback("view_recorded_case", "record_case", "note_case", "screen_case"),
        ),
    ),
    Role(
        "officer",
        "Chuyên viên Tổ công tác đặc biệt",
        "Officer of the Special Working Group",
        (
            *VIEW_REFERENCE,
            *VIEW_DEADLINES,
            RECUSE_SELF,
            ASK_EXTENSION,
            *VERIFY_HOTLINES,
            *_OFFICER,
            *_feedback("screen_case"),
            *_REGISTER,
            *_INSPECT,
        ),
    ),
    Role(
        "division_officer",
        "Chuyên viên phòng chuyên môn",
        "Officer of a specialised division",
        (
            *VIEW_REFERENCE,
            *VIEW_DEADLINES,
            RECUSE_SELF,
            ASK_EXTENSION,
            *_feedback("view_division_case", "handle_case", "check_case", "note_case", "export_case"),
            *_incidents(
                "view_division_incident",
                "check_incident",
                "agree_lowering",
                "reveal_named",
                "export_incident",
                "verify_action",
                "write_letter",
            ),
            *_KEEP_REGISTER,
            *_directives("check_report", "agree_report"),
            *_ALERTS,
            "incidents.write_alert",
            *_INSPECT,
        ),
    ),
    Role(
        "lead",
        "Tổ trưởng Tổ công tác đặc biệt",
        "Lead of the Special Working Group",
        (
            *VIEW_REFERENCE,
            *VIEW_DEADLINES,
            RECUSE_SELF,
            *RECUSE_OTHERS,
            *SECOND_PERSON,
            ASK_EXTENSION,
            WATCH_OPERATIONS,
            *VERIFY_HOTLINES,
            *_OFFICER,
            *_feedback("screen_case", "view_confidential_case", "lead_working_group", "reopen_case"),
            *_feedback("reconcile_source", "import_case"),
            "suggestions.view_quality",
            "suggestions.choose_model",
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
            *_incidents("view_every_incident", "agree_lowering", "reveal_named", "export_incident"),
            *_ALERTS,
            *_KEEP_REGISTER,
            *_INSPECT,
            "inspections.approve_plan",
            *_directives("agree_report", "decide_merit"),
        ),
    ),
    Role(
        "director",
        "Lãnh đạo Sở",
        "Department director",
        (
            *VIEW_REFERENCE,
            *VIEW_DEADLINES,
            RECUSE_SELF,
            *RECUSE_OTHERS,
            *SECOND_PERSON,
            *_feedback(
                "view_every_case",
                "view_confidential_case",
                "direct_department",
                "confirm_case",
                "note_case",
                "reopen_case",
                "export_case",
            ),
            *_incidents("view_every_incident", "agree_lowering", "export_incident", "sign_letter"),
            *_ALERTS,
            *_REGISTER,
            *_SEE_INSPECTIONS,
            "inspections.approve_plan",
            *_directives("agree_report", "decide_merit"),
        ),
    ),
    Role(
        "facility_officer",
        "Nhân viên quản lý chất lượng cơ sở",
        "Facility quality officer",
        (
            *VIEW_REFERENCE,
            RECUSE_SELF,
            SEE_TASKS,
            *_feedback("view_facility_case", "answer_case", "note_case", "export_case"),
            *_incidents(
                "view_facility_incident",
                "write_incident",
                "reveal_named",
                "approve_named",
                "export_incident",
                *_RETURNS,
            ),
            *_directives("view_facility_duty", "write_report"),
            *_INSPECTED,
            "inspections.answer_correction",
        ),
    ),
    Role(
        "facility_director",
        "Lãnh đạo cơ sở",
        "Facility director",
        (
            *VIEW_REFERENCE,
            RECUSE_SELF,
            SEE_TASKS,
            *_feedback("view_facility_case", "answer_case", "note_case", "export_case"),
            *_incidents("view_facility_incident", "export_incident", "verify_action", "approve_named", *_RETURNS),
            *_directives("view_facility_duty"),
            *_INSPECTED,
        ),
    ),
    Role(
        "api_read",
        "Hệ thống đọc dữ liệu qua API",
        "API read client",
        (*VIEW_REFERENCE, *VIEW_DEADLINES, *_feedback("view_every_case", "read_api")),
    ),
    Role(
        "api_incidents",
        "Hệ thống đọc sự cố y khoa qua API",
        "API client that reads incidents",
        (*_incidents("exchange_incident"), "feedback.read_api"),
    ),
    Role(
        "api_directives",
        "Hệ thống đọc văn bản chỉ đạo và nhiệm vụ qua API",
        "API client that reads directives and duties",
        (*_directives("exchange_duty"), "feedback.read_api"),
    ),
    Role(
        "api_inspections",
        "Hệ thống đọc cuộc kiểm tra qua API",
        "API client that reads inspections",
        ("inspections.view_inspection", "inspections.exchange_inspection", "feedback.read_api"),
    ),
    Role(
        "api_incident_reports",
        "Hệ thống báo cáo sự cố y khoa qua API",
        "API client that reports incidents",
        tuple(_incidents("report_incident")),
    ),
    Role("api_intake", "Hệ thống gửi phản ánh qua API", "API intake client", tuple(_feedback("send_intake"))),
    Role(
        "auditor",
        "Giám sát nội bộ",
        "Auditor",
        (
            *VIEW_REFERENCE,
            *VIEW_DEADLINES,
            RECUSE_SELF,
            *_feedback("view_every_case", "view_confidential_case", "export_case"),
            # Told of what even the directors left late: sees every case and handles none, so stands outside the chain.
            "feedback.oversee_department",
            "audit.view_entry",
            "accounts.view_rolegrant",
            "accounts.view_accountchange",
            "accounts.view_recusal",
            *_incidents("view_every_incident", "export_incident"),
            *_REGISTER,
            "incidents.view_alert",
            "incidents.view_signal",
            *_SEE_INSPECTIONS,
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
            "accounts.view_rolegrant",
            "accounts.view_accountchange",
            "accounts.grant_role",
            "accounts.view_apiclient",
            "accounts.add_apiclient",
            "accounts.change_apiclient",
            "notifications.receive_dead_letters",
            WATCH_OPERATIONS,
            "deadlines.view_clockhold",
            "deadlines.release_clock",
            "notifications.view_inboxitem",
            "auth.view_group",
            "facilities.view_division",  # where a person belongs is chosen by typing
            "facilities.view_facility",
        ),
    ),
)
ROLE_BY_CODE = {role.code: role for role in ROLES}

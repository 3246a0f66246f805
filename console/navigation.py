"""The sidebar: what this person may open, in the order of their work, and nothing else."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from common.keyset import COUNT_CAP
from console.inbox import unread
from feedback.queues import QUEUES, offered_to

HOME = "admin:index"
CASES = "admin:feedback_case_changelist"
RECORD = "admin:feedback_case_record"
INCIDENTS = "admin:incidents_incident_changelist"
DIRECTIVES, DUTIES = "admin:directives_directive_changelist", "admin:directives_assignment_changelist"
ACTIONS = "admin:incidents_action_changelist"
RETURNS = "admin:incidents_return_changelist"
ALERTS, RECEIPTS = "admin:incidents_incident_alerts", "admin:incidents_incident_receipts"
SIGNALS = "admin:incidents_incident_signals"
VISITS, PLANS = "admin:inspections_inspection_changelist", "admin:inspections_plan_changelist"
CORRECTIONS = "admin:inspections_correctiveaction_changelist"
LEARNT = (ALERTS, RECEIPTS, SIGNALS)  # pages under the incidents' address with an entry of their own
PRESS = "admin:feedback_case_press"
FROM_FACILITY, RECUSALS = "admin:feedback_case_from_facility", "admin:feedback_case_recusals"
INBOX = "notifications.inboxitem"
ICONS = {
    "mine": "person", "new": "move_to_inbox", "late": "alarm", "to-answer": "reply", "returned": "undo",
    "to-examine": "search", "to-check": "fact_check", "to-confirm": "verified", "to-reply": "forum",
    "facilities.facility": "local_hospital", "facilities.area": "map", "facilities.division": "account_tree",
    "facilities.facilityname": "badge", "facilities.hotline": "call",
    "facilities.hotlinecall": "phone_in_talk", "facilities.licenceevent": "description",
    "facilities.facilityimport": "upload_file", "deadlines.deadline": "schedule", "deadlines.deadlinerule": "gavel",
    "deadlines.ladder": "stairs",
    "deadlines.duty": "task_alt", "deadlines.clockhold": "timer_off",
    "deadlines.calendarday": "calendar_month", "deadlines.workingperiod": "work_history",
    "feedback.caseimport": "upload_file", "feedback.reconciliation": "compare_arrows", "feedback.receivedmail": "mail",
    "feedback.channel": "call_split", "feedback.category": "category", "accounts.user": "group",
    "accounts.rolegrant": "badge", "accounts.accountchange": "manage_accounts",
    "accounts.apiclient": "api", "auth.group": "shield_person", "audit.entry": "policy",
    "notifications.outbox": "outgoing_mail", "directives.obligation": "checklist", "directives.partyrule": "groups",
    "directives.scoreweight": "balance",
}  # fmt: skip
WORK = ("directives.directive", "directives.assignment")  # under what there is to do, not among the settings
QUEUES_SHOWN = ("mine", "to-answer", "returned", "to-examine", "new", "late", "to-check", "to-confirm", "to-reply")
INTAKE = ("feedback.caseimport", "feedback.receivedmail", "feedback.reconciliation")  # daily work, no setting
GROUPS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Other ways in"), INTAKE),
    (gettext_lazy("Registry"), ("facilities",)),
    (gettext_lazy("Deadlines"), ("deadlines",)),
    (gettext_lazy("Settings"), ("feedback", "directives", "accounts", "auth", "audit", "notifications")),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the sidebar. One query: the reader's unread messages."""
    work = {"title": _("Work"), "items": [_item(_("Home"), "home", reverse(HOME), request), *_work(request)]}
    groups = [
        {"title": title, "items": items, "separator": True, "collapsible": True}
        for title, names in GROUPS
        if (items := list(_models(request, names)))
    ]
    if visits := list(_inspections(request)):
        groups.insert(0, {"title": _("Inspections"), "items": visits, "separator": True, "collapsible": True})
    return [work, *groups]


def _inspections(request: HttpRequest) -> Iterable[dict[str, Any]]:
    """Visits, what they demand, and the plans, which are the department's own."""
    user = request.user
    if not user.has_perm("inspections.view_inspection"):
        return
    yield _item(pgettext("the visits", "Inspections"), "fact_check", reverse(VISITS), request)
    yield _item(_("Demands to correct"), "published_with_changes", reverse(CORRECTIONS), request)
    if user.has_perm("inspections.view_every_inspection"):
        yield _item(_("Plans of inspections"), "event_note", reverse(PLANS), request)


def _work(request: HttpRequest) -> Iterable[dict[str, Any]]:
    user = request.user
    if user.has_perm("feedback.record_case"):
        yield _item(_("Record a call"), "add_call", reverse(RECORD), request)
    if user.has_perm("feedback.view_case"):
        cases, offered = reverse(CASES), offered_to(user)
        yield _item(_("Cases"), "inbox", cases, request, is_active=_shows_queue(request, cases, ""))
        for name in QUEUES_SHOWN:
            if name in offered:
                is_active = _shows_queue(request, cases, name)
                yield _item(QUEUES[name].label, ICONS[name], f"{cases}?queue={name}", request, is_active=is_active)
        yield _item(_("Press and public opinion"), "newspaper", reverse(PRESS), request)
    yield from _incidents(request)
    if user.has_perm("directives.view_directive"):
        yield _item(_("Directives"), "assignment", reverse(DIRECTIVES), request)
    if user.has_perm("directives.view_assignment"):
        yield _item(_("Duties"), "checklist", reverse(DUTIES), request)
    yield from _people(request)
    inbox = _admin_of(INBOX)
    if inbox is not None and inbox.has_view_permission(request):
        item = _item(_("Inbox"), "notifications", _list_of(inbox), request)
        count = unread(request)
        if count:
            item |= {"badge": f"{COUNT_CAP}+" if count > COUNT_CAP else str(count), "badge_variant": "primary"}
        yield item


def _incidents(request: HttpRequest) -> Iterable[dict[str, Any]]:
    """Incidents, what follows from them, and what the department learns from them."""
    user = request.user
    if user.has_perm("incidents.view_incident"):
        learnt = [reverse(name) for name in LEARNT]
        is_active = request.path.startswith(reverse(INCIDENTS)) and not request.path.startswith(tuple(learnt))
        yield _item(_("Medical incidents"), "emergency", reverse(INCIDENTS), request, is_active=is_active)
        yield _item(_("Corrective actions"), "build", reverse(ACTIONS), request)
        yield _item(_("Periodic returns"), "summarize", reverse(RETURNS), request)
    if user.has_perm("incidents.view_signal"):
        yield _item(_("What the numbers ask"), "query_stats", reverse(SIGNALS), request)
    if user.has_perm("incidents.view_alert"):
        yield _item(_("Alerts and recommendations"), "campaign", reverse(ALERTS), request)
    elif user.has_perm("incidents.view_facility_incident"):
        yield _item(_("From the department"), "campaign", reverse(RECEIPTS), request)


def _people(request: HttpRequest) -> Iterable[dict[str, Any]]:
    """Who is kept from what, who leaves, and whether everything runs."""
    user = request.user
    if user.has_perm("feedback.recuse_others") or user.has_perm("accounts.view_recusal"):
        yield _item(_("Recusals"), "block", reverse(RECUSALS), request)
    if user.has_perm("accounts.hand_over"):
        yield _item(_("Hand-over"), "move_up", reverse("admin:accounts_user_hand_over"), request)
    if user.has_perm("deadlines.watch_operations"):
        yield _item(_("Operations"), "monitor_heart", reverse("operations"), request)


def _shows_queue(request: HttpRequest, cases: str, queue: str) -> bool:
    """Is this entry the one that is open? The pages of one case belong to the plain list."""
    if request.path == cases:
        shown = request.GET.get("queue", "")
        return shown == queue or (not queue and shown not in QUEUES_SHOWN)
    has_own_entry = request.path.startswith((reverse(RECUSALS), reverse(PRESS)))
    return not queue and not has_own_entry and request.path.startswith(cases)


def _models(request: HttpRequest, names: tuple[str, ...]) -> Iterable[dict[str, Any]]:
    """The lists of these apps, or of these models, but for those that have a place of their own."""
    for model, model_admin in admin.site._registry.items():
        meta = model._meta
        has_own_place = meta.label_lower in (INBOX, "feedback.case", *WORK, *INTAKE)
        if meta.label_lower not in names and (meta.app_label not in names or has_own_place):
            continue
        if model_admin.has_module_permission(request) and model_admin.has_view_permission(request):
            icon = ICONS.get(meta.label_lower, "list")
            yield _item(capfirst(str(meta.verbose_name_plural)), icon, _list_of(model_admin), request)


def _admin_of(label: str) -> ModelAdmin | None:
    return next((one for model, one in admin.site._registry.items() if model._meta.label_lower == label), None)


def _list_of(model_admin: ModelAdmin) -> str:
    meta = model_admin.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def _item(
    title: str | Promise, icon: str, link: str, request: HttpRequest, *, is_active: bool | None = None
) -> dict[str, Any]:
    if is_active is None:
        is_active = request.path == link or (link != reverse(HOME) and request.path.startswith(link))
    return {"title": str(title), "icon": icon, "link": link, "active": lambda _request: is_active}


def _own_recusals(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.has_perm("feedback.recuse_self"):
        return []
    return [{"title": _("Recusals from facilities"), "link": reverse(FROM_FACILITY)}]


def account(request: HttpRequest) -> list[dict[str, Any]]:
    """What stands in the menu under one's name."""
    return [
        {"title": _("Where you are signed in"), "link": reverse("own_sessions")},
        {"title": _("How you are told"), "link": reverse("notification_preferences")},
        *_own_recusals(request),
        {"title": _("Change password"), "link": reverse("admin:password_change")},
    ]

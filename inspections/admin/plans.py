"""Yearly plans: the years, the page of one year with its lines, writing it, and its approval by a second person."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.admin import ConsoleAdmin
from common.exceptions import MoveRefused
from common.history import changes_of, occasions_of
from inspections import planning
from inspections.admin.forms import LineForm, PlanForm, StepForm
from inspections.admin.page import PLACES, Step
from inspections.admin.shared import (
    GET_POST,
    address_of_plan,
    asked,
    away,
    deed_page,
    done,
    managed_plan,
    seen_plan,
    shown,
)
from inspections.choices import PlanStatus, last_month
from inspections.models import Inspection, Plan, PlanLine
from inspections.planning import LINE, PLAN_MOVES, allowed_moves, may_write
from inspections.rules import CONDUCT, EVERY, MANAGE


def name_of(plan: Plan) -> str:
    return _("Plan of inspections %(year)s") % {"year": plan.year}


@require_GET
def years(request: HttpRequest) -> HttpResponse:
    """The plans, the newest first: one line a year. One query."""
    if not request.user.has_perm(EVERY):
        raise PermissionDenied
    rows = Plan.objects.visible_to(request.user).annotate(
        wanted=Count("lines", Q(lines__is_struck=False)),
    )
    context = {"plans": rows.order_by("-year"), "may_write": request.user.has_perm(MANAGE)}
    return shown(request, "plans", _("Plans of inspections"), context)


@require_GET
def plan_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One year: what it rests on, its lines by facility and time, and what became of each. Constant queries."""
    plan, reader = seen_plan(request, plan_id), request.user
    lines = list(
        PlanLine.objects.visible_to(reader).filter(plan=plan).select_related("facility", "lead").order_by("pk")
    )
    made: dict[int, list[Inspection]] = {}
    for row in Inspection.objects.visible_to(reader).filter(line__plan=plan).order_by("planned_at", "pk"):
        made.setdefault(row.line_id or 0, []).append(row)
    lines.sort(key=lambda line: (last_month(line.period), line.period, line.facility.name, line.pk))
    today = timezone.localdate()
    passed = today.month if plan.year == today.year else 13 if plan.year < today.year else 0
    rows = [
        (line, made.get(line.pk, []), last_month(line.period) < passed and not made.get(line.pk) and not line.is_struck)
        for line in lines
    ]
    steps = [
        Step(str(to), move, reverse("admin:inspections_plan_step", args=[plan.pk, to]))
        for to, move in allowed_moves(plan, reader).items()
    ]
    context = {
        "plan": plan,
        "name": name_of(plan),
        "rows": rows,
        "steps": sorted(steps, key=lambda step: PLACES[step.move.tone]),
        "may_write": may_write(plan, reader),
        "may_prepare": reader.has_perm(CONDUCT) and plan.status == PlanStatus.APPROVED,  # type: ignore[union-attr]
        "entries": occasions_of(changes_of(plan, hidden=("id", "version"), reader=reader)),
    }
    return shown(request, "plan", name_of(plan), context)


@require_http_methods(GET_POST)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the plan of a year."""
    if not request.user.has_perm(MANAGE):
        raise PermissionDenied
    first = {"version": 0, "year": timezone.localdate().year + 1}
    form = PlanForm(request.POST if request.method == "POST" else None, is_new=True, initial=first)
    made, status = asked(
        request, form, lambda given: planning.begin(given["year"], given["legal_basis"], by=request.user)
    )
    if made:
        return done(request, _("The plan was begun. Add its lines."), address_of_plan(made))
    back = (reverse("admin:inspections_plan_changelist"), _("Plans of inspections"))
    return deed_page(request, form, _("Begin a plan"), back, status=status)


def _not_writable(request: HttpRequest, plan: Plan) -> HttpResponse:
    words = _("This plan is not being written: take it up again first, with a reason.")
    return away(request, words, address_of_plan(plan))


@require_http_methods(GET_POST)
def edit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Correct what the plan rests on."""
    plan = managed_plan(request, plan_id)
    if not may_write(plan, request.user):
        return _not_writable(request, plan)
    first = {"version": plan.version, "legal_basis": plan.legal_basis}
    form = PlanForm(request.POST if request.method == "POST" else None, is_new=False, initial=first)

    def deed(given: dict[str, Any]) -> Plan:
        return planning.write(plan, given["legal_basis"], by=request.user, version=given["version"])

    made, status = asked(request, form, deed)
    if made:
        return done(request, _("The plan was saved."), address_of_plan(plan))
    back = (address_of_plan(plan), name_of(plan))
    return deed_page(request, form, _("What the plan rests on"), back, status=status, submit=_("Save"))


@require_http_methods(GET_POST)
def add_line(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Add a visit to the plan."""
    plan = managed_plan(request, plan_id)
    if not may_write(plan, request.user):
        return _not_writable(request, plan)
    return _line(request, plan, None, {"version": plan.version})


@require_http_methods(GET_POST)
def edit_line(request: HttpRequest, plan_id: int, line_id: int) -> HttpResponse:
    """Change a visit of the plan, or strike it out."""
    plan = managed_plan(request, plan_id)
    line = PlanLine.objects.visible_to(request.user).filter(plan=plan, pk=line_id).select_related("facility").first()
    if line is None:
        raise Http404
    if not may_write(plan, request.user):
        return _not_writable(request, plan)
    first = {name: getattr(line, name) for name in LINE} | {"version": plan.version}
    return _line(request, plan, line, first)


def _line(request: HttpRequest, plan: Plan, line: PlanLine | None, first: dict[str, Any]) -> HttpResponse:
    form = LineForm(request.POST if request.method == "POST" else None, line=line, initial=first)

    def deed(given: dict[str, Any]) -> PlanLine:
        wishes = {name: given[name] for name in LINE if name in given}
        return planning.put_line(plan, wishes, by=request.user, version=given["version"], line=line)

    made, status = asked(request, form, deed)
    if made:
        return done(request, _("The line was saved."), address_of_plan(plan))
    back = (address_of_plan(plan), name_of(plan))
    heading = _("Change a line") if line else _("Add a line")
    return deed_page(request, form, heading, back, status=status, submit=_("Save"))


@require_http_methods(GET_POST)
def step(request: HttpRequest, plan_id: int, status: str) -> HttpResponse:
    """The form of one step of the plan, and making it."""
    plan = seen_plan(request, plan_id)
    back = (address_of_plan(plan), name_of(plan))
    move = allowed_moves(plan, request.user).get(status)  # type: ignore[call-overload]
    if move is None:
        if (plan.status, status) in PLAN_MOVES:
            raise PermissionDenied
        return away(request, MoveRefused.message, back[0])
    form = StepForm(request.POST if request.method == "POST" else None, move=move, initial={"version": plan.version})

    def deed(given: dict[str, Any]) -> Any:
        return planning.move(plan, status, by=request.user, **given)

    made, code = asked(request, form, deed)
    if made:
        return done(request, _("%(reference)s: %(step)s – done.") % {"reference": back[1], "step": move.label}, back[0])
    return deed_page(request, form, str(move.label), back, status=code, tone=move.tone)


@admin.register(Plan)
class PlanAdmin(ConsoleAdmin):
    """Yearly plans: written and approved by `inspections.planning`, deleted by nobody."""

    def get_urls(self) -> list[URLPattern]:
        """The years and the pages of one plan; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"inspections_plan_{name}")

        return [
            named("", years, "changelist"),
            named("moi/", begin, "start"),
            named("<int:plan_id>/change/", plan_page, "change"),
            named("<int:plan_id>/sua/", edit, "edit"),
            named("<int:plan_id>/dong/", add_line, "add_line"),
            named("<int:plan_id>/dong/<int:line_id>/", edit_line, "line"),
            named("<int:plan_id>/buoc/<slug:status>/", step, "step"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(EVERY)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(EVERY)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

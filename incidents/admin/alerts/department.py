"""The department's pages of alerts: all of them, one with who has read and applied it, writing it, and its steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.exceptions import InvalidInput, MoveRefused, Refused, StaleVersion
from common.history import changes_of, occasions_of
from common.refusals import tried
from facilities.choices import FacilityType, HospitalClass
from facilities.models import Area, Facility
from incidents.admin.alerts.forms import AlertForm, AlertStepForm, SourceForm, codes_of
from incidents.admin.saying import words_for
from incidents.admin.views import conflict, picked
from incidents.alerts import receiving, writing
from incidents.alerts.audience import chosen
from incidents.alerts.writing import MOVES, WRITE, allowed_moves
from incidents.choices import AlertStatus, ReceiptState
from incidents.models import Alert, AlertEdition, AlertPast, AlertReceipt

SHOWN = 300  # rows of one page
R = ReceiptState
TONES = {R.UNREAD: "wait", R.READ: "new", R.APPLIED: "good", R.NOT_APPLICABLE: "done"}


def seen(request: HttpRequest, alert_id: int) -> Alert:
    """The alert, as this person sees it. Raises `Http404` when it is absent or not theirs to see."""
    if not request.user.has_perm("incidents.view_alert"):
        raise PermissionDenied
    rows = Alert.objects.visible_to(request.user).select_related("opened_by", "asked_by")
    alert = rows.filter(pk=alert_id).first()
    if alert is None:
        raise Http404
    return alert


def address_of(alert: Alert) -> str:
    """The alert's page."""
    return reverse("admin:incidents_incident_alert", args=[alert.pk])


def shown(request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page about alerts within the console."""
    base = {**admin.site.each_context(request), "title": title, "is_fullwidth": "1", "has_own_heading": True}
    return TemplateResponse(request, f"console/alert/{template}.html", {**base, **context}, status=status)


@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """All alerts, the newest first, each with who has it. Two queries."""
    if not request.user.has_perm("incidents.view_alert"):
        raise PermissionDenied
    now = timezone.now()
    rows = Alert.objects.visible_to(request.user).annotate(
        sent=Count("receipts"),
        unread=Count("receipts", filter=Q(receipts__state=R.UNREAD)),
        done=Count("receipts", filter=Q(receipts__state__in=(R.APPLIED, R.NOT_APPLICABLE))),
        late=Count("receipts", filter=Q(receipts__due_at__lte=now)),
    )
    context = {"alerts": rows.order_by("-opened_at", "-pk")[:SHOWN], "may_write": request.user.has_perm(WRITE)}
    return shown(request, "list", _("Alerts and recommendations"), context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an alert."""
    if not request.user.has_perm(WRITE):
        raise PermissionDenied
    try:
        alert = writing.start(by=request.user)
    except Refused as refusal:
        raise PermissionDenied from refusal
    return HttpResponseRedirect(reverse("admin:incidents_incident_alert_edit", args=[alert.pk]))


@require_GET
def alert_page(request: HttpRequest, alert_id: int) -> HttpResponse:
    """One alert: its words, to whom it went, who has read and applied it, and who is late."""
    alert, user, now = seen(request, alert_id), request.user, timezone.now()
    mine = AlertReceipt.objects.visible_to(user).filter(alert=alert)
    state = request.GET.get("state", "")
    rows = mine.select_related("facility", "answered_by").order_by(F("due_at").asc(nulls_last=True), "facility__folded")
    picked_rows = rows.filter(due_at__lte=now) if state == "late" else rows.filter(state=state) if state in R else rows
    counts = {
        **{str(one): Count("pk", filter=Q(state=one)) for one in R},
        "late": Count("pk", filter=Q(due_at__lte=now)),
        "all": Count("pk"),
    }
    counted = mine.aggregate(**counts)
    shown_rows = list(picked_rows[:SHOWN])
    files = receiving.files_of(shown_rows, user)
    context = {
        "alert": alert,
        "now": now,
        "audience": audience_said(alert),
        "would_get": chosen(alert, timezone.localdate()).count() if alert.status != AlertStatus.WITHDRAWN else 0,
        "lacks": list(writing.lacks(alert).values()) if alert.status == AlertStatus.DRAFT else [],
        "receipts": [(row, TONES[R(row.state)], files.get(row.pk, [])) for row in shown_rows],
        "picture": _picture(counted),
        "tabs": _tabs(counted, state),
        "counted": counted,
        "editions": AlertEdition.objects.visible_to(user).filter(alert=alert).select_related("published_by"),
        "sources": writing.sources_of(alert, user),
        "steps": [
            (str(to), move, reverse("admin:incidents_incident_alert_step", args=[alert.pk, to]))
            for to, move in allowed_moves(alert, user).items()
        ],
        "may_write": user.has_perm(WRITE),
        "may_edit": user.has_perm(WRITE) and alert.status == AlertStatus.DRAFT,
        "entries": occasions_of(changes_of(alert, hidden=("id", "version"), reader=user)),
    }
    return shown(request, "page", alert.reference, context)


def _tabs(counted: dict[str, int], state: str) -> list[tuple[str, str, int, bool]]:
    """The states of receipts with their counts, as filters of the table."""
    names = [("", _("All"), "all"), *((str(one), str(one.label).capitalize(), str(one)) for one in R)]
    names.append(("late", _("Late"), "late"))
    return [(value, label, counted[key], value == state) for value, label, key in names]


def _picture(counted: dict[str, int]) -> list[dict[str, Any]]:
    """The states as stretches of one bar of 100."""
    total, start, found = counted["all"], 0.0, []
    for state in (R.APPLIED, R.NOT_APPLICABLE, R.READ, R.UNREAD):
        width = 100 * counted[str(state)] / total if total else 0
        if width:
            found.append({"x": f"{start:.2f}", "width": f"{width:.2f}", "tone": TONES[state], "label": state.label,
                          "count": counted[str(state)]})  # fmt: skip
        start += width
    return found


def audience_said(alert: Alert) -> list[tuple[str, str]]:
    """To whom it goes, in words. Two queries at most."""
    types, classes = dict(FacilityType.choices), dict(HospitalClass.choices)
    areas = [str(area) for area in Area.objects.filter(pk__in=alert.areas)] if alert.areas else []
    names = Facility.objects.filter(pk__in=alert.facilities).order_by("folded").values_list("name", flat=True)
    rows = [
        ("types", [str(types.get(code, code)) for code in alert.types]),
        ("classes", [str(classes.get(code, code)) for code in alert.classes]),
        ("areas", areas),
        ("facilities", list(names) if alert.facilities else []),
    ]
    return [(labelled(name), ", ".join(said_names)) for name, said_names in rows if said_names]


def _named(choices: list[tuple[Any, Any]]) -> Callable[[list[str]], str]:
    return lambda codes: ", ".join(str(dict(choices).get(code, code)) for code in codes)


labelled, said = words_for(
    Alert,
    {
        "types": _named(FacilityType.choices),
        "classes": _named(HospitalClass.choices),
        "areas": lambda keys: ", ".join(str(area) for area in Area.objects.filter(pk__in=keys)),
        "facilities": lambda keys: ", ".join(codes_of(keys)),
    },
)


# --- writing it ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Write an alert; several people may, and nobody's words are lost."""
    alert = seen(request, alert_id)
    if not request.user.has_perm(WRITE):
        raise PermissionDenied
    if alert.status != AlertStatus.DRAFT:
        messages.error(request, _("This text is not in the writer's hands: it waits, or was published."))
        return HttpResponseRedirect(address_of(alert))
    form = AlertForm(request.POST if request.method == "POST" else None, alert=alert)
    if request.method == "POST" and form.is_valid():
        answer = _written(request, alert, form)
        if answer is not None:
            return answer
    return shown(request, "form", alert.reference, {"alert": alert, "form": form, "back": address_of(alert)})


def _written(request: HttpRequest, alert: Alert, form: AlertForm) -> HttpResponse | None:
    """Write it; None when the form has to be shown again with its faults."""
    read = form.cleaned_data["version"]
    past = AlertPast.objects.filter(id=alert.pk, version=read).order_by("history_id").first()
    base = alert if read == alert.version else past or alert
    wishes = picked(form.wishes(base), request.POST)
    try:
        writing.write(alert, wishes, by=request.user, version=read)
    except StaleVersion:
        now = seen(request, alert.pk)
        data = request.POST.copy()
        data["version"] = str(now.version)
        return conflict(
            request, now, heading=_("Two people wrote this text"), back=address_of(now),
            form=AlertForm(data, alert=now), states=(base, now), wishes=wishes, words=(labelled, said),
        )  # fmt: skip
    except InvalidInput as refusal:
        form.take(refusal)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("%(reference)s was saved.") % {"reference": alert})
        return HttpResponseRedirect(address_of(alert))
    return None


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, alert_id: int, status: str) -> HttpResponse:
    """The form of one step of an alert, and making it."""
    alert = seen(request, alert_id)
    move = allowed_moves(alert, request.user).get(status)  # type: ignore[call-overload]
    if move is None:
        if (alert.status, status) in MOVES:
            raise PermissionDenied
        messages.error(request, MoveRefused.message)
        return HttpResponseRedirect(address_of(alert))
    form, is_stale = AlertStepForm(request.POST if request.method == "POST" else None, alert=alert, move=move), False
    if request.method == "POST" and form.is_valid():
        try:
            writing.move(alert, status, by=request.user, **form.cleaned_data)
        except StaleVersion as refusal:
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(refusal.extra["current_version"])  # type: ignore[index]
            form.add_error(None, str(refusal))
            is_stale = True
        except InvalidInput as refusal:
            form.add_error(None, [str(refusal), *(words for each in refusal.fields.values() for words in each)])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = {"reference": alert.reference, "step": str(move.label)}
            messages.success(request, _("%(reference)s: %(step)s – done.") % words)
            return HttpResponseRedirect(address_of(alert))
    context = {"alert": alert, "form": form, "heading": str(move.label), "tone": move.tone, "back": address_of(alert)}
    if status == AlertStatus.PUBLISHED:
        context["will_get"] = chosen(alert, timezone.localdate()).count()
    return shown(request, "deed", alert.reference, context, 409 if is_stale else 200)


@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Say which incident gave rise to it."""
    alert = seen(request, alert_id)
    if not request.user.has_perm(WRITE):
        raise PermissionDenied
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and tried(
        form, lambda given: writing.add_source(alert, given["reference"], by=request.user, reason=given["reason"])
    ):
        messages.success(request, _("The link was written down."))
        return HttpResponseRedirect(address_of(alert))
    context = {"alert": alert, "form": form, "heading": _("Link an incident"), "back": address_of(alert)}
    return shown(request, "deed", alert.reference, context)

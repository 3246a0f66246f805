"""The pages about recusals: declaring one, one's own, the list for lead and director, lifting."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Ground, Recusal, User
from common.exceptions import InvalidInput, Refused
from common.keyset import Order, cut
from facilities.models import Facility
from feedback import recusals
from feedback.admin.forms import NOTHING, Chooser, text
from feedback.admin.views import address_of, seen, shown
from feedback.models import CaseRecusal

PER_PAGE = 50
KINDS = {
    "case": pgettext_lazy("recusals", "From cases"),
    "facility": pgettext_lazy("recusals", "From facilities"),
}
STATES = {
    "holding": pgettext_lazy("recusals", "Holding"),
    "lifted": pgettext_lazy("recusals", "Lifted or over"),
    "all": pgettext_lazy("recusals", "All"),
}
ORDERS = {"case": Order("at", is_descending=True), "facility": Order("recorded_at", is_descending=True)}


class RecuseForm(forms.Form):
    """Who (for those who may recuse others), why, and from which facility where it is one."""

    ground = forms.ChoiceField(choices=[NOTHING, *Ground.choices], label=gettext_lazy("Ground"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=text(3),
        help_text=gettext_lazy("Read only by those who may keep others from cases; it never stands in the case."),
    )

    def __init__(self, *args: Any, may_choose: bool, by_facility: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_facility:
            self.fields["facility"] = forms.ModelChoiceField(
                Facility.objects.all(),
                label=_("Facility"),
                widget=Chooser("facility"),
                help_text=_("Type part of its name, an old name, an abbreviation or a place."),
            )
            self.fields["valid_to"] = forms.DateField(
                label=_("First day on which it no longer holds"),
                required=False,
                widget=forms.DateInput(attrs={"placeholder": "31/12/2030", "autocomplete": "off"}),
                help_text=_("Empty: until a third person lifts it."),
            )
        if may_choose:
            people = User.objects.filter(is_active=True, is_staff=True, is_engine=False)
            self.fields["person"] = forms.ModelChoiceField(
                people.order_by("display_name", "username"), label=_("Who"), empty_label=None
            )
        first = [name for name in ("person", "facility") if name in self.fields]
        self.order_fields([*first, "ground", "reason"])


class LiftForm(forms.Form):
    """Why it may be lifted."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=text(3))


def _take(form: forms.Form, refusal: Refused) -> None:
    """Put a refusal on the form, field by field where it names fields."""
    if not isinstance(refusal, InvalidInput):
        form.add_error(None, str(refusal))
        return
    for name, sentences in refusal.fields.items():
        form.add_error(name if name in form.fields else None, sentences)


@require_http_methods(["GET", "POST"])
def recuse(request: HttpRequest, case_id: int) -> HttpResponse:
    """Declare that this case concerns oneself, or as lead or director another; afterwards it is gone for them."""
    case, may_choose = seen(request, case_id), request.user.has_perm(recusals.OTHERS)
    if not (may_choose or request.user.has_perm(recusals.SELF)):
        raise PermissionDenied
    initial = {"person": request.user.pk}
    form = RecuseForm(request.POST or None, may_choose=may_choose, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        person = given.pop("person", request.user)
        try:
            recusals.recuse_from_case(case, person, by=request.user, **given)
        except Refused as refusal:
            _take(form, refusal)
        else:
            if person == request.user:
                messages.success(request, _("You are kept from this case from now on; it is gone for you everywhere."))
                return HttpResponseRedirect(reverse("admin:feedback_case_changelist"))
            messages.success(request, _("%(person)s is kept from this case from now on.") % {"person": person})
            return HttpResponseRedirect(address_of(case))
    return shown(request, "recuse", case, {"form": form, "may_choose": may_choose})


@require_http_methods(["GET", "POST"])
def from_facility(request: HttpRequest) -> HttpResponse:
    """One's own recusals from facilities, and a form for another one; lead and director recuse others too."""
    user: Any = request.user
    may_choose = user.has_perm(recusals.FROM_FACILITY)
    if not (may_choose or user.has_perm(recusals.SELF)):
        raise PermissionDenied
    form = RecuseForm(request.POST or None, may_choose=may_choose, by_facility=True, initial={"person": user.pk})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        person = given.pop("person", user)
        try:
            recusals.recuse_from_facility(given.pop("facility"), person, by=user, **given)
        except Refused as refusal:
            _take(form, refusal)
        else:
            words = _("Recorded: from now on %(person)s sees nothing of this facility.")
            messages.success(request, words % {"person": person})
            return HttpResponseRedirect(request.path)
    own = Recusal.objects.filter(user=user).select_related("facility").order_by("-recorded_at", "-id")[:PER_PAGE]
    context = {"form": form, "own": own, "today": timezone.localdate(), "may_choose": may_choose}
    return _page(request, "own", _("Facilities that you are kept from"), context)


@require_GET
def recusal_list(request: HttpRequest) -> HttpResponse:
    """Who is kept from what, since when and by whom; the reasons stand on each one's page."""
    may = {"case": request.user.has_perm(recusals.OTHERS), "facility": request.user.has_perm("accounts.view_recusal")}
    offered = [kind for kind in KINDS if may[kind]]
    if not offered:
        raise PermissionDenied
    kind = _one_of(request, "kind", offered)
    state = _one_of(request, "state", list(STATES))
    words = request.GET.get("q", "").strip()[:60]
    found = _rows(kind, state, words, request.user)
    page = cut(
        found,
        ORDERS[kind],
        size=PER_PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    base = f"kind={kind}&state={state}"
    context = {
        "kinds": [(name, KINDS[name], name == kind) for name in offered],
        "states": [(name, label, name == state) for name, label in STATES.items()],
        "kind": kind,
        "state": state,
        "words": words,
        "rows": page.rows,
        "older": f"?{base}&after={page.after}" if page.after else "",
        "newer": f"?{base}&before={page.before}" if page.before else "",
        "today": timezone.localdate(),
        "may_record": request.user.has_perm(recusals.FROM_FACILITY),
    }
    return _page(request, "list", _("Recusals"), context)


def _one_of(request: HttpRequest, name: str, offered: list[str]) -> str:
    chosen = request.GET.get(name, "")
    return chosen if chosen in offered else offered[0]


def _rows(kind: str, state: str, words: str, reader: Any) -> QuerySet[Any]:
    rows: Any = _rows_from_facilities(state, reader) if kind == "facility" else _rows_from_cases(state, reader)
    if words:
        rows = rows.filter(Q(user__display_name__icontains=words) | Q(user__username__icontains=words))
    return rows  # type: ignore[no-any-return]


def _rows_from_cases(state: str, reader: Any) -> Any:
    rows = CaseRecusal.objects.visible_to(reader).select_related("case", "user", "by", "lifted_by")
    return {
        "holding": lambda: rows.holding(),
        "lifted": lambda: rows.filter(lifted_at__isnull=False),
        "all": lambda: rows,
    }[state]()


def _rows_from_facilities(state: str, reader: Any) -> Any:
    today, rows = timezone.localdate(), Recusal.objects.visible_to(reader)
    rows = rows.select_related("facility", "user", "recorded_by", "lifted_by")
    return {
        "holding": lambda: rows.holding(today),
        "lifted": lambda: rows.filter(Q(lifted_at__isnull=False) | Q(valid_to__lte=today)),
        "all": lambda: rows,
    }[state]()


@require_http_methods(["GET", "POST"])
def recusal(request: HttpRequest, kind: str, recusal_id: int) -> HttpResponse:
    """One recusal with its reason, and the form with which a third person lifts it."""
    row: Any
    if kind == "case":
        may_see, may_lift = request.user.has_perm(recusals.OTHERS), request.user.has_perm(recusals.OTHERS)
        rows: Any = CaseRecusal.objects.visible_to(request.user).select_related("case", "user", "by", "lifted_by")
        lift: Any = recusals.lift_from_case
    elif kind == "facility":
        may_see = request.user.has_perm("accounts.view_recusal")
        may_lift = request.user.has_perm(recusals.LIFT_FROM_FACILITY)
        seen = Recusal.objects.visible_to(request.user)
        rows = seen.select_related("facility", "user", "recorded_by", "lifted_by")
        lift = recusals.lift_from_facility
    else:
        raise Http404
    if not may_see:
        raise PermissionDenied
    row = rows.filter(pk=recusal_id).first()
    if row is None:
        raise Http404
    recorder = row.by_id if kind == "case" else row.recorded_by_id
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift(row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            _take(form, refusal)
        else:
            messages.success(request, _("The recusal is lifted."))
            return HttpResponseRedirect(f"{reverse('admin:feedback_case_recusals')}?kind={kind}")
    is_third = request.user.pk not in (row.user_id, recorder)
    context = {
        "row": row,
        "kind": kind,
        "form": form,
        "recorder": row.by if kind == "case" else row.recorded_by,
        "recorded_at": row.at if kind == "case" else row.recorded_at,
        "is_open": row.lifted_at is None,
        "may_lift": may_lift and is_third,
        "is_third": is_third,
    }
    return _page(request, "one", _("Recusal"), context)


def _page(request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
    shown_too = {**admin.site.each_context(request), "title": title, "is_fullwidth": "1", "has_own_heading": True}
    return TemplateResponse(request, f"console/recusals/{template}.html", shown_too | context)

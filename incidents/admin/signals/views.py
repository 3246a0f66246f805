"""The pages of signals: all that wait for a word, how facilities stand beside each other, and one with its chart."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.history import changes_of, occasions_of
from common.refusals import tried
from incidents.admin.forms import WithVersion, text
from incidents.admin.signals import page
from incidents.choices import Verdict
from incidents.models import Signal
from incidents.signals import finding
from incidents.signals.counting import BED_DAYS, EVERY, PER
from incidents.transitions import REASON_LENGTH

SHOWN = 200
TONES = {
    Verdict.OPEN: "wait",
    Verdict.LOOKING: "new",
    Verdict.REAL: "late",
    Verdict.REPORTING: "good",
    Verdict.CHANCE: "done",
}


class JudgeForm(WithVersion):
    """What a signal means, and why."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=[one for one in Verdict.choices if one[0] != Verdict.OPEN],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=text(3), max_length=REASON_LENGTH)


def _shown(request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
    base = {**admin.site.each_context(request), "title": title, "is_fullwidth": "1", "has_own_heading": True}
    return TemplateResponse(request, f"console/signal/{template}.html", {**base, **context})


def _said(signal: Signal) -> dict[str, Any]:
    """A signal in words."""
    return {
        "row": signal,
        "kind": page.kind_said(signal.kind),
        "place": page.place_said(signal),
        "tone": TONES[Verdict(signal.verdict)],
        "ratio": signal.observed / signal.expected if signal.expected else 0,
    }


@require_GET
def signals(request: HttpRequest) -> HttpResponse:
    """What the numbers ask: signals, a funnel of one kind, voluntary reporting, silence."""
    if not request.user.has_perm("incidents.view_signal"):
        raise PermissionDenied
    kind, unit = request.GET.get("kind", EVERY), request.GET.get("unit", BED_DAYS)
    kind, unit = (kind if kind in dict(page.kinds()) else EVERY), (unit if unit in PER else BED_DAYS)
    rows = Signal.objects.visible_to(request.user).select_related("facility")[:SHOWN]
    context = {
        "signals": [_said(signal) for signal in rows],
        "kinds": page.kinds(),
        "kind": kind,
        "kind_said": page.kind_said(kind),
        "unit": unit,
        "units": [(name, page.unit_said(name)) for name in PER],
        **page.overview(request.user, kind, unit),
    }
    return _shown(request, "list", _("What the numbers ask"), context)


@require_http_methods(["GET", "POST"])
def signal_page(request: HttpRequest, signal_id: int) -> HttpResponse:
    """One signal: the figures it stood on, its chart, and what people make of it."""
    user: Any = request.user
    if not user.has_perm("incidents.view_signal"):
        raise PermissionDenied
    signal = Signal.objects.visible_to(user).select_related("facility").filter(pk=signal_id).first()
    if signal is None:
        raise Http404
    may_judge = user.has_perm(finding.JUDGE)
    if request.method == "POST" and not may_judge:
        raise PermissionDenied
    form = JudgeForm(request.POST if request.method == "POST" else None, initial={"version": signal.version})
    if request.method == "POST" and tried(form, lambda given: finding.judge(signal, by=user, **given)):
        messages.success(request, _("Your word was kept."))
        return HttpResponseRedirect(reverse("admin:incidents_incident_signal", args=[signal.pk]))
    context = {
        "signal": _said(signal),
        "form": form if may_judge else None,
        "entries": occasions_of(changes_of(signal, hidden=("id", "version", "figures", "division"), reader=user)),
        **page.of_signal(signal),
    }
    return _shown(request, "page", page.kind_said(signal.kind), context)

"""The small forms that close an obligation or withdraw a directive, and that take it back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from common.exceptions import StaleVersion
from common.reasons import ReasonField
from directives import closing
from directives.admin.shared import GET_POST, address_of, deed_page, managed, stale, tried_or_stale
from directives.choices import DirectiveState, ObligationState
from directives.models import Obligation
from directives.register import MANAGE


class ReopenForm(forms.Form):
    """Why, and which version was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = ReasonField()


class CloseForm(ReopenForm):
    """What becomes of what is under way; nothing is chosen beforehand."""

    way = forms.ChoiceField(
        label=gettext_lazy("Reports that are under way"),
        choices=[
            (
                closing.GO_ON,
                gettext_lazy("What is due already or was handed in goes on; only later days are withdrawn"),
            ),
            (closing.WITHDRAW, gettext_lazy("All are withdrawn, those that were handed in as well")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what becomes of the reports that are under way.")},
    )
    field_order = ("version", "way", "reason")


def _said(counts: dict[str, int]) -> str:
    """What is under way, in words."""
    handed_in, due, later = counts["handed_in"], counts["due"], counts["later"]
    told = [
        ngettext("%(n)s report was handed in", "%(n)s reports were handed in", handed_in) % {"n": handed_in},
        ngettext("%(n)s is due already", "%(n)s are due already", due) % {"n": due},
        ngettext("%(n)s is due later or standing", "%(n)s are due later or standing", later) % {"n": later},
    ]
    return _("Under way: %(counts)s.") % {"counts": "; ".join(told)}


def _obligation(request: HttpRequest, obligation_id: int) -> Obligation:
    """Raises `Http404`, `PermissionDenied`."""
    if not request.user.has_perm("directives.view_directive"):
        raise PermissionDenied
    rows = Obligation.objects.visible_to(request.user).select_related("directive", "carried_by")
    found = rows.filter(pk=obligation_id).first()
    if found is None:
        raise Http404
    if not request.user.has_perm(MANAGE):
        raise PermissionDenied
    return found


def _answered(
    request: HttpRequest, form: forms.Form, deed: Callable[[dict[str, Any]], Any], heading: str, done: str,
    back: tuple[str, str], **more: Any,
) -> HttpResponse:  # fmt: skip
    try:
        if request.method == "POST" and tried_or_stale(form, deed):
            messages.success(request, done)
            return HttpResponseRedirect(back[0])
    except StaleVersion as refusal:
        return stale(request, form, refusal, heading, back, **more)
    return deed_page(request, form, heading, back, **more)


def _back(request: HttpRequest, back: str, words: str) -> HttpResponse:
    messages.error(request, words)
    return HttpResponseRedirect(back)


@require_http_methods(GET_POST)
def close(request: HttpRequest, obligation_id: int) -> HttpResponse:
    """Close one obligation."""
    found = _obligation(request, obligation_id)
    back = (f"{address_of(found.directive)}#nhiem-vu", str(found.directive))
    if found.state != ObligationState.OPEN:
        return _back(request, back[0], _("It is closed already."))
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    lead = f"{found.code} – {found.title}. {_said(closing.under_way([found.pk], timezone.localdate()))}"
    return _answered(
        request, form, lambda given: closing.close(found, by=request.user, **given), _("Close the obligation"),
        _("The obligation is closed."), back, lead=lead, tone="warning",
    )  # fmt: skip


@require_http_methods(GET_POST)
def reopen(request: HttpRequest, obligation_id: int) -> HttpResponse:
    """Open a closed obligation again."""
    found = _obligation(request, obligation_id)
    back = (f"{address_of(found.directive)}#nhiem-vu", str(found.directive))
    if found.state != ObligationState.CLOSED:
        return _back(request, back[0], _("It is open."))
    form = ReopenForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    lead = f"{found.code} – {found.title}. {_('What the closing withdrew comes back as it stood, with its clocks.')}"
    return _answered(
        request, form, lambda given: closing.reopen(found, by=request.user, **given), _("Open the obligation again"),
        _("The obligation is open again."), back, lead=lead,
    )  # fmt: skip


@require_http_methods(GET_POST)
def end(request: HttpRequest, directive_id: int) -> HttpResponse:
    """Withdraw a whole directive."""
    found = managed(request, directive_id)
    back = (address_of(found), str(found))
    if found.state != DirectiveState.IN_FORCE:
        return _back(request, back[0], _("It is not in force any more."))
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    keys = list(closing.open_of(found).values_list("pk", flat=True))
    count = ngettext(
        "%(n)s open obligation is closed with it.", "%(n)s open obligations are closed with it.", len(keys)
    )
    lead = f"{count % {'n': len(keys)}} {_said(closing.under_way(keys, timezone.localdate()))}"
    return _answered(
        request, form, lambda given: closing.end(found, by=request.user, **given), _("Withdraw the directive"),
        _("The directive is withdrawn."), back, lead=lead, tone="warning",
    )  # fmt: skip


@require_http_methods(GET_POST)
def resume(request: HttpRequest, directive_id: int) -> HttpResponse:
    """Put a withdrawn directive in force again."""
    found = managed(request, directive_id)
    back = (address_of(found), str(found))
    if found.state != DirectiveState.ENDED:
        return _back(request, back[0], _("Only what was withdrawn can be put in force again."))
    form = ReopenForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    lead = _("The obligations that were closed with it open again; what that withdrew comes back as it stood.")
    return _answered(
        request, form, lambda given: closing.resume(found, by=request.user, **given), _("Put it in force again"),
        _("The directive is in force again."), back, lead=lead,
    )  # fmt: skip

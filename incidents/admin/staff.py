"""What the facility and the department do with a report from staff: look at it, talk to whoever sent it without
learning who it is, and the facility's own address with its code to print."""

from typing import Any

import qrcode
import qrcode.image.svg
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.exceptions import Refused
from common.refusals import tried
from facilities.models import Facility
from incidents import talking
from incidents.admin.forms import text
from incidents.admin.views import address_of, seen, shown
from incidents.choices import Utterance
from incidents.models import Incident
from incidents.transitions import is_own


class TalkForm(forms.Form):
    """What is said to the reporter."""

    what = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        widget=forms.RadioSelect,
        choices=[
            (Utterance.FEEDBACK, gettext_lazy("Feedback: what came of the report")),
            (Utterance.QUESTION, gettext_lazy("A question to the reporter")),
        ],
        initial=Utterance.FEEDBACK,
    )
    text = forms.CharField(
        label=gettext_lazy("What the reporter reads"),
        widget=text(6),
        max_length=talking.LONGEST,
        help_text=gettext_lazy("Plain words, no blame, nobody's name. You do not learn who reads it."),
    )


def _back(incident: Incident) -> HttpResponse:
    return HttpResponseRedirect(f"{address_of(incident)}#nhan-vien")


@require_http_methods(["GET", "POST"])
def talk(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Ask the reporter, or give feedback. What was typed survives every refusal."""
    incident = seen(request, incident_id)
    if talking.side_of(incident, request.user) is None:
        raise PermissionDenied
    if talking.report_of(incident, request.user) is None:
        messages.error(request, _("This incident was not reported on the page for staff: nobody follows it there."))
        return HttpResponseRedirect(address_of(incident))
    form = TalkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and tried(form, lambda said: talking.say(incident, by=request.user, **said)):
        messages.success(request, _("The reporter reads it on the page “Follow”."))
        return _back(incident)
    heading = _("Write to the reporter")
    return shown(request, "deed", incident, {"form": form, "heading": heading, "submit": _("Send it")})


@require_POST
def look(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Say that the report was looked at."""
    incident = seen(request, incident_id)
    if not is_own(incident, request.user):
        raise PermissionDenied
    try:
        talking.look(incident, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(incident)


@require_GET
def doors(request: HttpRequest) -> HttpResponse:
    """The facility's own address for its staff, as a code to print and hang up."""
    user: Any = request.user
    if not user.has_perm("incidents.view_facility_incident"):
        raise PermissionDenied
    own = Facility.objects.filter(pk__in=user.scope.facilities - user.recused_facilities).order_by("folded", "pk")
    found = [(facility, _address(facility)) for facility in own]
    context = {
        "title": _("Page for staff: address and code"),
        "doors": [(facility, address, code_of(address)) for facility, address in found],
    }
    return shown(request, "doors", None, context)


def _address(facility: Facility) -> str:
    return f"{settings.BASE_URL.rstrip('/')}{reverse('staff:send_at', args=[facility.code])}"


def code_of(address: str) -> SafeString:
    """A QR code as a drawing within the page: nothing is fetched, and it prints sharply."""
    drawing = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, box_size=20, border=4)
    return mark_safe(drawing.to_string(encoding="unicode"))

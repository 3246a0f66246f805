"""The documents that prove what was reported: their files, and one document with its versions and who uses them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.refusals import tried
from common.uploads import ACCEPT, FileRefused, checked, served
from directives import reporting
from directives.admin.forms import DayInput
from directives.admin.shared import GET_POST, shown
from directives.models import Evidence, EvidenceFile, ReportEvidence


@require_GET
def evidence(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file of evidence, always as a download."""
    if not request.user.has_perm("directives.view_assignment"):
        raise PermissionDenied
    found = EvidenceFile.objects.visible_to(request.user).filter(token=token[:32]).first()
    if found is None:
        raise Http404
    return served(found)


class VersionForm(forms.Form):
    """A newer file of a document. `newest` is the version that was looked at: two people lose nothing."""

    newest = forms.IntegerField(widget=forms.HiddenInput)
    upload = forms.FileField(label=gettext_lazy("Newer version"), widget=forms.FileInput(attrs={"accept": ACCEPT}))
    expires_on = forms.DateField(label=gettext_lazy("Holds until"), required=False, widget=DayInput())

    def clean_upload(self) -> Any:
        try:
            return checked(self.cleaned_data["upload"])
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal


@require_http_methods(GET_POST)
def document(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """One document: every version with its digest and until when it holds, which reports stand on which, and a newer
    version where it is one's own. Reports stand on the version they named; a newer one changes none of them."""
    user: Any = request.user
    if not user.has_perm("directives.view_assignment"):
        raise PermissionDenied
    found = Evidence.objects.visible_to(user).select_related("facility", "made_by").filter(pk=evidence_id).first()
    if found is None:
        raise Http404
    may_write = user.has_perm(reporting.WRITE) and found.facility_id in user.scope.facilities - user.recused_facilities
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    files = list(EvidenceFile.objects.visible_to(user).filter(evidence=found).select_related("by").order_by("-number"))
    sent = request.method == "POST"
    form = VersionForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"newest": files[0].number if files else 0},
    )
    if sent and (kept := tried(form, lambda given: _kept(found, given, user))):
        messages.success(request, _("Version %(number)s was kept.") % {"number": kept.number})
        return HttpResponseRedirect(reverse("admin:directives_assignment_document", args=[found.pk]))
    if sent:  # the next try is against what is shown now
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["newest"] = str(files[0].number if files else 0)  # type: ignore[index]
    context = {
        "document": found,
        "files": [(file, users) for file, users in _used(files, user)],
        "form": form if may_write else None,
        "today": timezone.localdate(),
    }
    return shown(request, "document", found.title, context)


def _kept(found: Evidence, given: dict[str, Any], user: Any) -> EvidenceFile:
    return reporting.keep_file(
        found.facility_id, given["upload"], title=found.title, by=user, expires_on=given["expires_on"], evidence=found,
        newest=given["newest"],
    )  # fmt: skip


def _used(files: list[EvidenceFile], user: Any) -> list[tuple[EvidenceFile, list[Any]]]:
    """Each version with the reports that stand on it. One query."""
    proofs = (
        ReportEvidence.objects.visible_to(user)
        .filter(file__in=files)
        .select_related("report__assignment__obligation")
        .order_by("report__assignment__period", "report__number")
    )
    by_file: dict[int, list[Any]] = {}
    for one in proofs:
        by_file.setdefault(one.file_id, []).append(one.report)
    return [(file, by_file.get(file.pk, [])) for file in files]

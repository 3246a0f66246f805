"""The page on which a leaver's work is handed over: choose, look at what would happen, do it, read what happened."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import handover
from accounts.models import User
from common.choosers import is_key
from common.reasons import REASON_LENGTH
from common.refusals import tried

NOTHING = gettext_lazy("– choose –")


class HandOverForm(forms.Form):
    """Who leaves, who takes over, and why."""

    leaver = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who leaves"), empty_label=NOTHING)
    receivers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who takes over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Several take over in turn. Without anybody everything goes back to its queue."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For instance the number of the decision."),
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = _staff()
        self.fields["leaver"].queryset = staff.filter(is_superuser=False).exclude(pk=by.pk)  # type: ignore[attr-defined]
        receivers = User.objects.can_be_given_work().order_by("display_name", "username")
        self.fields["receivers"].queryset = receivers.exclude(pk=self._leaver())  # type: ignore[attr-defined]

    def _leaver(self) -> str | None:
        """Who was chosen to leave, and so takes nothing over; None where nobody was yet."""
        sent = self.data.get(self.add_prefix("leaver"), "")
        return sent if is_key(User._meta.pk, sent) else None


def _staff() -> QuerySet[User]:
    people = User.objects.filter(is_active=True, is_staff=True, is_engine=False, api_client=None)
    return people.order_by("display_name", "username")


@require_http_methods(["GET", "POST"])
def hand_over_page(request: HttpRequest) -> HttpResponse:
    """Every POST but the last one is a preview, which changes nothing."""
    user: Any = request.user
    if not user.has_perm(handover.RIGHT):
        raise PermissionDenied
    form = HandOverForm(request.POST or None, by=user)
    outcome: handover.Outcome | None = None
    is_done = False
    if request.method == "POST":
        is_meant = request.POST.get("step") == "do"
        deed = handover.hand_over if is_meant else handover.preview
        outcome = tried(form, lambda given: deed(**given, by=user))
        is_done = is_meant and outcome is not None
    context = {
        **admin.site.each_context(request),
        "title": _("Hand a leaver's work over"),
        "form": form,
        "outcome": outcome,
        "is_done": is_done,
        "is_fullwidth": "1",
        "has_own_heading": True,
        "most": handover.SHOWN,
    }
    return TemplateResponse(request, "console/handover.html", context)

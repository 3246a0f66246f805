"""Changes of accounts in the console: asked for on a person's page, listed, and answered by the second person."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminEmailInputWidget

from accounts.changes import services
from accounts.changes.models import AccountChange, Change
from accounts.clients import limits_asked, limits_of
from accounts.grants import APPROVE
from accounts.models import GrantState, Membership, User
from accounts.role_pages import ReasonForm, days_of
from common.admin import Part, ReadOnlyAdmin
from common.exceptions import Refused
from common.reasons import ReasonField
from common.refusals import tried
from facilities.models import Facility


class EmailForm(forms.Form):
    """Which address, and why."""

    email = forms.EmailField(label=_("New e-mail address"), widget=UnfoldAdminEmailInputWidget)
    reason = ReasonField()


class MembershipForms(BaseInlineFormSet):  # type: ignore[type-arg]
    """New rows are asked for; one that holds may end earlier, and be made head, but shows no other unit to anybody."""

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            changed = set(form.changed_data)
            ends, ended = form.cleaned_data.get("valid_to"), form.initial.get("valid_to")
            is_longer = "valid_to" in changed and (ends is None or (ended is not None and ends > ended))
            if is_longer or changed - {"valid_to", "is_head"}:
                form.add_error(
                    None, _("A membership is ended, and another one added, which a second person agrees to.")
                )


class MembershipPart(Part):
    """Where this person belongs, beside the person."""

    model = Membership
    formset = MembershipForms
    hide_title = True
    autocomplete_fields = ["division", "facility"]
    fields = ["division", "facility", "is_head", "valid_from", "valid_to"]


def ask_for_units(request: HttpRequest, person: User, formset: Any) -> None:
    """What was added to a person's memberships waits for a second person; what was ended is ended."""
    for row in formset.save(commit=False):
        if row.pk is not None:
            row.save()
            continue
        place = {"division": row.division, "facility": row.facility, "is_head": row.is_head}
        days = {"valid_from": row.valid_from, "valid_to": row.valid_to}
        try:
            reason = gettext("Entered on the person's page.")
            services.ask(person, Change.UNIT, by=request.user, reason=reason, **place, **days)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.warning(request, _("The membership waits: a lead or a director must agree before it counts."))
    formset.new_objects = []  # the history of the person tells of memberships that there are


def email_page(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask for another e-mail address of somebody who has a role."""
    person = get_object_or_404(model_admin.get_queryset(request), pk=object_id)
    if not model_admin.has_change_permission(request, person):
        raise PermissionDenied
    form, back = EmailForm(request.POST or None), reverse("admin:accounts_user_change", args=[person.pk])
    if request.method == "POST":
        by = request.user
        if tried(form, lambda given: services.ask(person, Change.EMAIL, by=by, **given)) is not None:
            messages.success(request, _("The change waits: a lead or a director must agree before it counts."))
            return HttpResponseRedirect(back)
    shown = {
        **model_admin.admin_site.each_context(request),
        "title": _("Change the e-mail address: %s") % person,
        "opts": model_admin.opts,
        "original": person,
        "form": form,
        "media": form.media,
        "back": back,
        "is_own": person == request.user,
    }
    return TemplateResponse(request, "admin/accounts/change_email.html", shown)


def state_of(row: AccountChange) -> str:
    """How far it is. A role is given, a change is agreed to."""
    agreed = row.state == GrantState.GRANTED
    return pgettext("of a change", "agreed to") if agreed else row.get_state_display()


@admin.register(AccountChange)
class AccountChangeAdmin(ReadOnlyAdmin):
    """What was asked for, by whom, and who agreed. Asked for on a person's page."""

    list_display = ["person", "what", "detail", "standing", "asked_by", "decided_by"]
    list_display_links = ["person"]
    list_filter = ["state", "what"]
    list_select_related = ["user", "division", "facility", "asked_by", "decided_by"]
    search_fields = ["user__username", "user__display_name"]
    ordering = ["-asked_at", "-id"]
    fields = readonly_fields = [
        "user", "what", "detail", "reason", "stands", "asked_by", "asked_at", "decided_by", "decided_at", "answer",
    ]  # fmt: skip
    actions_detail = ["answer_page"]

    @display(description=_("person"))
    def person(self, row: AccountChange) -> str:
        return str(row.user)

    @display(
        description=pgettext_lazy("of a role", "state"),
        label={"granted": "success", "pending": "warning", "declined": "danger"},
    )
    def standing(self, row: AccountChange) -> tuple[str, Any]:
        return row.state, state_of(row)

    @display(description=pgettext_lazy("of a role", "state"))
    def stands(self, row: AccountChange) -> str:
        return state_of(row)

    @display(description=_("what exactly"))
    def detail(self, row: AccountChange) -> str:
        return detail_of(row)

    def has_answer_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """May this person answer, and does it wait for somebody else than them?"""
        if not request.user.has_perm(APPROVE):
            return False
        mine = AccountChange.objects.filter(state=GrantState.PENDING).exclude(asked_by=request.user.pk)
        return object_id is None or mine.exclude(user=request.user.pk).filter(pk=object_id).exists()

    @action(description=_("Answer"), url_path="tra-loi", permissions=["answer"], icon="how_to_reg")
    def answer_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The second person reads whose account is to be changed, how and why, and agrees or declines."""
        asked = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = ReasonForm(request.POST if "decline" in request.POST else None)
        address = reverse("admin:accounts_accountchange_change", args=[asked.pk])
        if request.method == "POST":
            by = request.user
            if "decline" in request.POST:
                is_done = tried(form, lambda given: services.decline(asked, by=by, **given)) is not None
                said = _("You declined. Nothing is changed.")
            else:
                is_done, said = self._approved(request, asked), _("You agreed. The change is made.")
            if is_done:
                messages.success(request, said)
                return HttpResponseRedirect(address)
        shown = {
            **self.admin_site.each_context(request),
            "title": _("Answer: %s") % asked.user,
            "opts": self.opts,
            "original": asked,
            "row": asked,
            "detail": detail_of(asked),
            **_facts_of_system(asked),
            "form": form,
            "media": form.media,
            "back": address,
        }
        return TemplateResponse(request, "admin/accounts/answer_change.html", shown)

    def _approved(self, request: HttpRequest, asked: AccountChange) -> bool:
        try:
            services.approve(asked, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return False
        return True


def _facts_of_system(asked: AccountChange) -> dict[str, Any]:
    """What a system may do now, and the facilities it is to read of, by name."""
    if asked.what != Change.CLIENT:
        return {}
    names = Facility.objects.filter(pk__in=asked.facility_ids).order_by("name").values_list("name", flat=True)
    return {"now": limits_of(asked.user.api_client), "facilities": list(names)}


def detail_of(row: AccountChange) -> str:
    """What is to be changed into what, in words."""
    if row.what == Change.EMAIL:
        return row.email
    if row.what == Change.CLIENT:
        return str(limits_asked(row))
    if row.what == Change.UNIT:
        days = days_of(row) if row.valid_from else ""  # type: ignore[arg-type]
        return ", ".join(filter(None, [str(row.division or row.facility), days]))
    return "—"

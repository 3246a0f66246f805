"""Roles of people in the console: giving one from a person's page, the list of all, answering and ending."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelect2Widget

from accounts import grants
from accounts.models import GrantState, RoleGrant, User
from common.admin import Part, ReadOnlyAdmin
from common.exceptions import Refused
from common.reasons import ReasonField
from common.refusals import tried


class RoleForm(forms.Form):
    """Which role, from when until when, and why."""

    group = forms.ModelChoiceField(
        Group.objects.order_by("name"), label=_("Role"), widget=UnfoldAdminSelect2Widget, empty_label=""
    )
    valid_from = forms.DateField(label=_("First day"), widget=UnfoldAdminDateWidget, initial=timezone.localdate)
    valid_to = forms.DateField(
        label=_("First day without it"),
        widget=UnfoldAdminDateWidget,
        required=False,
        help_text=_("Empty: until somebody ends it."),
    )
    reason = ReasonField(help_text=_("For instance the number of the decision. Whoever agrees reads it."))


class ReasonForm(forms.Form):
    """Why."""

    reason = ReasonField()


class RolePart(Part):
    """The roles of a person, past and coming ones too, beside the person: read only, each with its own page."""

    model = RoleGrant
    fk_name = "user"
    fields = readonly_fields = ["role", "days", "standing", "granted_by", "decided_by"]
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleGrant]:
        rows = super().get_queryset(request).select_related("group", "granted_by", "decided_by")
        return rows.order_by("-granted_at", "-id")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("role"))
    def role(self, row: RoleGrant) -> str:
        return row.group.name

    @display(description=_("days"))
    def days(self, row: RoleGrant) -> str:
        return days_of(row)

    @display(description=pgettext_lazy("of a role", "state"))
    def standing(self, row: RoleGrant) -> str:
        return str(standing_of(row)[1])


def days_of(row: RoleGrant) -> str:
    """From when until when, in words; nothing for a row that is only being filled in."""
    if row.valid_from is None:
        return ""
    first = f"{row.valid_from:%d/%m/%Y}"
    if row.valid_to is None:
        return gettext("from %(first)s") % {"first": first}
    return gettext("from %(first)s, no longer on %(last)s") % {"first": first, "last": f"{row.valid_to:%d/%m/%Y}"}


def standing_of(row: RoleGrant) -> tuple[str, Any]:
    """How a grant stands today: a code for its colour, and words."""
    today = timezone.localdate()
    if row.state == GrantState.GRANTED and row.valid_to is not None and row.valid_to <= today:
        return "over", pgettext_lazy("of a role", "ended")
    if row.state == GrantState.GRANTED and row.valid_from > today:
        return "coming", pgettext_lazy("of a role", "not yet begun")
    return row.state, row.get_state_display()


class TodayFilter(admin.SimpleListFilter):
    """Those that count today, wait, are over, or were declined."""

    title = pgettext_lazy("of a role", "state")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("pending", GrantState.PENDING.label),
            ("today", pgettext_lazy("of a role", "counts today")),
            ("over", pgettext_lazy("of a role", "ended")),
            ("declined", GrantState.DECLINED.label),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        return {
            "pending": lambda: queryset.pending(),
            "today": lambda: queryset.valid_on(today),
            "over": lambda: queryset.filter(state=GrantState.GRANTED, valid_to__lte=today),
            "declined": lambda: queryset.filter(state=GrantState.DECLINED),
        }.get(self.value() or "", lambda: queryset)()


@admin.register(RoleGrant)
class RoleGrantAdmin(ReadOnlyAdmin):
    """Who holds which role since when, given by whom, with whose consent. Given on a person's page."""

    list_display = ["person", "group", "standing", "days", "granted_by", "decided_by"]
    list_display_links = ["person"]
    list_filter = [TodayFilter, "group"]
    list_select_related = ["user", "group", "granted_by", "decided_by"]
    search_fields = ["user__username", "user__display_name"]
    ordering = ["-granted_at", "-id"]
    fields = readonly_fields = [
        "user", "group", "days", "stands", "reason", "granted_by", "granted_at", "decided_by", "decided_at", "answer",
        "ended_by", "end_reason",
    ]  # fmt: skip
    actions_detail = ["answer_page", "end_page"]

    @display(description=_("person"))
    def person(self, row: RoleGrant) -> str:
        return str(row.user)

    @display(
        description=pgettext_lazy("of a role", "state"),
        label={"granted": "success", "pending": "warning", "declined": "danger", "over": "default", "coming": "info"},
    )
    def standing(self, row: RoleGrant) -> tuple[str, Any]:
        return standing_of(row)

    @display(description=pgettext_lazy("of a role", "state"))
    def stands(self, row: RoleGrant) -> str:
        return str(standing_of(row)[1])

    @display(description=_("days"))
    def days(self, row: RoleGrant) -> str:
        return days_of(row)

    def has_answer_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Is this page's button there: may this person answer, and does it wait for somebody else than them?"""
        if not request.user.has_perm(grants.APPROVE):
            return False
        waiting = RoleGrant.objects.pending().exclude(granted_by=request.user.pk).exclude(user=request.user.pk)
        return object_id is None or waiting.filter(pk=object_id).exists()

    def has_end_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        if not (request.user.has_perm(grants.GRANT) or request.user.has_perm(grants.APPROVE)):
            return False
        if object_id is None:
            return True
        living = RoleGrant.objects.exclude(state=GrantState.DECLINED).exclude(valid_to__lte=timezone.localdate())
        return living.filter(pk=object_id).exists()

    @action(description=_("Answer"), url_path="tra-loi", permissions=["answer"], icon="how_to_reg")
    def answer_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The second person reads who gives whom what and why, and agrees or declines."""
        asked = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = ReasonForm(request.POST if "decline" in request.POST else None)
        if request.method == "POST":
            if "decline" in request.POST:
                is_done = tried(form, lambda given: grants.decline(asked, by=request.user, **given)) is not None
                said = _("You declined. The person does not get the role.")
            else:
                is_done, said = self._approved(request, asked), _("You agreed. The role counts from its first day.")
            if is_done:
                messages.success(request, said)
                return HttpResponseRedirect(self._address(asked))
        return self._page(request, "answer_role", _("Answer: %s"), asked, form)

    def _approved(self, request: HttpRequest, asked: RoleGrant) -> bool:
        try:
            grants.approve(asked, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return False
        return True

    @action(description=_("End this role"), url_path="ket-thuc", permissions=["end"], icon="event_busy")
    def end_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take it away at once, with a reason."""
        held = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and tried(form, lambda given: grants.end(held, by=request.user, **given)):
            messages.success(request, _("The role is ended. It is gone with the person's next step."))
            return HttpResponseRedirect(self._address(held))
        return self._page(request, "end_role", _("End this role: %s"), held, form)

    def _address(self, row: RoleGrant) -> str:
        return reverse("admin:accounts_rolegrant_change", args=[row.pk])

    def _page(self, request: HttpRequest, template: str, title: Any, row: RoleGrant, form: forms.Form) -> HttpResponse:
        shown = {
            **self.admin_site.each_context(request),
            "title": title % row.user,
            "opts": self.opts,
            "original": row,
            "row": row,
            "days": days_of(row),
            "form": form,
            "media": form.media,
            "back": self._address(row),
        }
        return TemplateResponse(request, f"admin/accounts/{template}.html", shown)


def give_page(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Give a person a role; where it takes two, say that it waits."""
    if not request.user.has_perm(grants.GRANT):
        raise PermissionDenied
    person = get_object_or_404(User, pk=object_id)
    form = RoleForm(request.POST or None)
    back = reverse("admin:accounts_user_change", args=[person.pk])
    if request.method == "POST":
        made = tried(form, lambda given: grants.grant(person, by=request.user, **given))
        if made is not None:
            waits = _("The role waits: a lead or a director must agree before it counts.")
            messages.success(request, waits if made.state == GrantState.PENDING else _("The role is given."))
            return HttpResponseRedirect(back)
    shown = {
        **model_admin.admin_site.each_context(request),
        "title": _("Give a role: %s") % person,
        "opts": model_admin.opts,
        "original": person,
        "form": form,
        "media": form.media,
        "back": back,
        "is_own": person == request.user,
    }
    return TemplateResponse(request, "admin/accounts/give_role.html", shown)

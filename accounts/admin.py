from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from unfold.decorators import action, display

from accounts.changes import services as services_of_changes
from accounts.changes.models import Change
from accounts.changes.pages import MembershipPart, ask_for_units, email_page
from accounts.client_pages import ApiClientAdmin as ApiClientAdmin
from accounts.grants import GRANT
from accounts.handover_pages import hand_over_page
from accounts.models import ApiClient, Membership, RoleGrant, User
from accounts.rights_in_words import rights_of
from accounts.role_pages import ReasonForm, RolePart, give_page
from accounts.signin import sessions
from common.admin import ConsoleAdmin
from common.exceptions import Refused

# a token is shown once and withdrawn beside its system; the last two hold no work, and secrets: none has a page
admin.site.unregister([Group, AuthToken, Authenticator, EmailAddress])


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new account has no password: its person makes one with a code from a mail, and nobody else knows it."""

    class Meta:
        model = User
        fields = ["username", "display_name", "email"]

    def save(self, commit: bool = True) -> User:
        person: User = super().save(commit=False)
        person.set_unusable_password()
        if commit:
            person.save()
        return person


class RoleFilter(admin.SimpleListFilter):
    """People by a role that they hold today."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Group.objects.order_by("name").values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        chosen = self.value() or ""
        if not (chosen.isascii() and chosen.isdigit()):
            return queryset
        held = RoleGrant.objects.valid_on(timezone.localdate()).filter(group=int(chosen[:9]))
        return queryset.filter(pk__in=held.values("user"))


class SecondStepFilter(admin.SimpleListFilter):
    """People who work here and have not set up their second step yet."""

    title = _("second step")
    parameter_name = "second_step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("not set up yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(pk__in=User.objects.without_second_step()) if self.value() == "none" else queryset


@admin.register(User)
class UserAdmin(StockUserAdmin, ConsoleAdmin):  # type: ignore[misc]
    """People: who they are, where they belong, what they may do. Accounts are switched off, never deleted."""

    form = forms.ModelForm
    add_form = PersonForm
    list_display = ["username", "display_name", "email", "is_active", "last_login"]
    list_filter = ["is_active", RoleFilter, SecondStepFilter]
    search_fields = ["username", "display_name", "email"]
    ordering = ["username"]
    filter_horizontal = []
    autocomplete_fields = []
    inlines = [RolePart, MembershipPart]
    actions_detail = [
        "give_role_page",
        {
            "title": _("Account"),
            "icon": "manage_accounts",
            "items": ["reset_factor_page", "void_password_page", "email_page", "end_sessions_page"],
        },
    ]
    fieldsets = [
        (None, {"fields": ["username", "display_name", "email", "language"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["username", "display_name", "email"]})]
    readonly_fields = ["last_login", "date_joined"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The address of whoever has a role takes a second person: codes for a new password go there. A system gets no
        mail and never comes to work in the console."""
        found = [*super().get_readonly_fields(request, obj)]
        if obj is None or obj == request.user:
            return found
        if ApiClient.objects.filter(user=obj).exists():
            return [*found, "email", "is_staff"]
        return [*found, "email"] if services_of_changes.email_takes_two(obj) else found

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Membership:
            ask_for_units(request, form.instance, formset)
        else:
            super().save_formset(request, form, formset, change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's account is a superuser's to change: whoever set its password would be one."""
        if obj is not None and not request.user.is_superuser:
            key = obj.pk if isinstance(obj, User) else obj  # the theme asks for its buttons with the number alone
            if User.objects.filter(pk=key, is_superuser=True).exists():
                return False
        return bool(super().has_change_permission(request, obj))

    def get_urls(self) -> Any:
        page = self.admin_site.admin_view(hand_over_page)
        return [path("ban-giao/", page, name="accounts_user_hand_over"), *super().get_urls()]

    def has_give_role_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm(GRANT))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Who is switched off is out at once, and does not come back in when switched on again. Somebody else's new
        address ends what was made under the old one."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data and obj != request.user:
            services_of_changes.change_hands(obj, by=request.user)
        if change and {"is_active", "is_staff"} & set(form.changed_data) and not (obj.is_active and obj.is_staff):
            sessions.end(obj, by=request.user, reason="switched_off")

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Django's page for typing somebody's password: whoever typed it would get in as this person."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:accounts_user_void_password_page", args=[id]))

    @action(description=_("Take the password away"), url_path="bo-mat-khau", permissions=["change"], icon="password")
    def void_password_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a reason; the person makes a new one with a code from a mail. Not for one's own account."""
        said = _("The password is void. The person makes a new one with a code from a mail.")
        deed = services_of_changes.void_password
        return self._with_reason(request, object_id, deed, "void_password", _("Take the password away: %s"), said)

    @action(description=_("Give a role"), url_path="trao-vai-tro", permissions=["give_role"], icon="badge")
    def give_role_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A role with its days and reason; not for one's own account."""
        return give_page(self, request, object_id)

    @action(
        description=_("Change the e-mail address"), url_path="doi-thu", permissions=["change"], icon="alternate_email"
    )
    def email_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Of whoever has a role; waits for a second person. Not for one's own account."""
        return email_page(self, request, object_id)

    @action(description=_("Reset the second step"), url_path="dat-lai-buoc-hai", permissions=["change"], icon="key_off")
    def reset_factor_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for it with a reason; once a second person agreed, a new one is set up at the next sign-in. Not for one's
        own account."""
        said = _("The reset waits: a lead or a director must agree before it is done.")
        title = _("Reset the second step: %s")
        deed = partial(services_of_changes.ask, what=Change.FACTOR)
        return self._with_reason(request, object_id, deed, "reset_factor", title, said)

    @action(description=_("End the sessions"), url_path="ket-thuc-phien", permissions=["change"], icon="logout")
    def end_sessions_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Sign a person out everywhere, with a reason. One's own sessions have a page of their own."""
        said = _("The sessions are ended. The person can sign in again.")
        return self._with_reason(request, object_id, sessions.end, "end_sessions", _("End the sessions: %s"), said)

    def _with_reason(
        self, request: HttpRequest, object_id: str, deed: Callable[..., Any], template: str, title: Any, said: Any
    ) -> HttpResponse:
        """Ask for a reason, then do something to somebody else's account."""
        person = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        back = reverse("admin:accounts_user_change", args=[person.pk])
        is_own = person == request.user
        form = ReasonForm(request.POST if request.method == "POST" and not is_own else None)
        if form.is_valid():
            try:
                deed(person, by=request.user, reason=form.cleaned_data["reason"])
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, said)
            return HttpResponseRedirect(back)
        shown = {
            **self.admin_site.each_context(request),
            "title": title % person,
            "opts": self.opts,
            "original": person,
            "back": back,
            "is_own": is_own,
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, f"admin/accounts/{template}.html", shown, status=status)


@admin.register(Group)
class GroupAdmin(StockGroupAdmin, ConsoleAdmin):  # type: ignore[misc]
    """Roles: groups of permissions, asked for by code one permission at a time. The right to compose them opens nothing
    here: whoever puts a right into a role that they hold would give it to themselves. Releases do, and superusers."""

    readonly_fields = ["rights"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights to choose, words to read."""
        return ["name", "permissions" if self.has_change_permission(request, obj) else "rights"]

    @display(description=_("rights"))
    def rights(self, role: Group) -> str:
        lines = ((records, "; ".join(words)) for records, words in rights_of(role))
        return format_html("<ul class='ln-rights'>{}</ul>", format_html_join("", "<li><b>{}</b>: {}</li>", lines))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

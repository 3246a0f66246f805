from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts import services
from accounts.models import ApiClient, Membership, User
from accounts.signin import codes, sessions
from common.admin import ConsoleAdmin, Part
from common.exceptions import InvalidInput

# a token is shown once and withdrawn beside its system; the last two hold no work, and secrets: none has a page
admin.site.unregister([Group, AuthToken, Authenticator, EmailAddress])


class MembershipPart(Part):
    """Where this person belongs, beside the person."""

    model = Membership
    autocomplete_fields = ["division", "facility"]
    fields = ["division", "facility", "is_head", "valid_from", "valid_to"]


@admin.register(User)
class UserAdmin(StockUserAdmin, ConsoleAdmin):  # type: ignore[misc]
    """People: who they are, where they belong, what they may do. Accounts are switched off, never deleted."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "display_name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    search_fields = ["username", "display_name", "email"]
    ordering = ["username"]
    filter_horizontal = []
    autocomplete_fields = []
    inlines = [MembershipPart]
    actions_detail = ["reset_factor_page", "end_sessions_page"]
    fieldsets = [
        (None, {"fields": ["username", "password", "display_name", "email", "language"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["username", "display_name", "password1", "password2"]})]
    readonly_fields = ["last_login", "date_joined"]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Who is switched off is out at once, and does not come back in when switched on again."""
        super().save_model(request, obj, form, change)
        if change and {"is_active", "is_staff"} & set(form.changed_data) and not (obj.is_active and obj.is_staff):
            sessions.end(obj, by=request.user, reason="switched_off")

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        if isinstance(form, AdminPasswordChangeForm):  # writes no column that may be told
            return str(_("Changed the password"))
        return super().construct_change_message(request, form, formsets, add)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """The sessions that the old password opened end with it."""
        person = get_object_or_404(User, pk=id)
        before = person.password
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        person.refresh_from_db(fields=["password"])
        if person.password != before:
            own = request.session.session_key if person == request.user else None
            sessions.end(person, by=request.user, reason="password", except_key=own)
        return answer

    @action(description=_("Reset the second step"), url_path="dat-lai-buoc-hai", permissions=["change"], icon="key_off")
    def reset_factor_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a reason; the person sets up a new one when they next sign in. Not for one's own account."""
        said = _("The second step is reset. Tell the person to sign in and set it up again.")
        title = _("Reset the second step: %s")
        return self._with_reason(request, object_id, codes.reset, "reset_factor", title, said)

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
        back = reverse("admin:accounts_user_change", args=[person.pk])
        reason, is_own = request.POST.get("reason", "").strip(), person == request.user
        if request.method == "POST" and reason and not is_own:
            deed(person, by=request.user, reason=reason)
            messages.success(request, said)
            return HttpResponseRedirect(back)
        shown = {
            **self.admin_site.each_context(request),
            "title": title % person,
            "opts": self.opts,
            "original": person,
            "back": back,
            "is_own": is_own,
            "is_missing": request.method == "POST" and not is_own,
        }
        return TemplateResponse(request, f"admin/accounts/{template}.html", shown)


@admin.register(Group)
class GroupAdmin(StockGroupAdmin, ConsoleAdmin):  # type: ignore[misc]
    """Roles: groups of permissions, composed by people, asked for by code one permission at a time."""


class ApiClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """A system has an account of its own: a token for a person's account would act in that person's name."""

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if user.is_staff or user.is_superuser:
            raise forms.ValidationError(_("This is a person's account. A system needs one of its own."))
        return user


@admin.register(ApiClient)
class ApiClientAdmin(ConsoleAdmin):
    """Systems that call the API. Their tokens are made and withdrawn here; a token is shown once, when it is made."""

    form = ApiClientForm
    list_display = ["name", "user", "may_read", "may_send", "expires_on", "living_tokens"]
    list_select_related = ["user"]
    autocomplete_fields = ["user", "facilities"]
    search_fields = ["name"]
    actions_detail = ["issue_page", "revoke_page"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiClient]:
        living = Q(user__auth_token_set__expiry=None) | Q(user__auth_token_set__expiry__gt=timezone.now())
        tokens = Count("user__auth_token_set", filter=living)
        return super().get_queryset(request).annotate(token_count=tokens)

    @display(description=_("tokens"))
    def living_tokens(self, client: Any) -> int:
        return int(client.token_count)

    @action(description=_("Make a token"), url_path="khoa-moi", permissions=["change"], icon="key")
    def issue_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask first; the answer to the form is the only page that ever shows the token."""
        client = get_object_or_404(self.get_queryset(request), pk=object_id)
        context: dict[str, Any] = {}
        if request.method == "POST":
            try:
                context["token"] = services.issue_token(client)
                self.log_change(request, client, str(_("Made a token")))
            except InvalidInput as refusal:
                context["refusals"] = [sentence for each in refusal.fields.values() for sentence in each]
        return self._token_page(request, client, "issue", context)

    @action(description=_("Withdraw all tokens"), url_path="thu-hoi-khoa", permissions=["change"], icon="key_off")
    def revoke_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        client = get_object_or_404(self.get_queryset(request), pk=object_id)
        if request.method == "POST":
            count = services.revoke_tokens(client)
            self.log_change(request, client, str(_("Withdrew all tokens")))
            messages.success(request, _("Tokens withdrawn: %(count)s.") % {"count": count})
            return HttpResponseRedirect(reverse("admin:accounts_apiclient_change", args=[client.pk]))
        return self._token_page(request, client, "revoke", {})

    def _token_page(self, request: HttpRequest, client: ApiClient, deed: str, context: dict[str, Any]) -> HttpResponse:
        titles = {"issue": _("Make a token: %s"), "revoke": _("Withdraw all tokens: %s")}
        shown = {
            **self.admin_site.each_context(request),
            "title": titles[deed] % client,
            "opts": self.opts,
            "original": client,
            "deed": deed,
            "back": reverse("admin:accounts_apiclient_change", args=[client.pk]),
            **context,
        }
        response = TemplateResponse(request, "admin/accounts/token.html", shown)
        response.headers["Cache-Control"] = "no-store"
        return response

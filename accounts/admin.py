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
from accounts.signin import codes
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
    actions_detail = ["reset_factor_page"]
    fieldsets = [
        (None, {"fields": ["username", "password", "display_name", "email", "language"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["username", "display_name", "password1", "password2"]})]
    readonly_fields = ["last_login", "date_joined"]

    @action(description=_("Reset the second step"), url_path="dat-lai-buoc-hai", permissions=["change"], icon="key_off")
    def reset_factor_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a reason; the person sets up a new one when they next sign in. Not for one's own account."""
        person = get_object_or_404(self.get_queryset(request), pk=object_id)
        back = reverse("admin:accounts_user_change", args=[person.pk])
        reason, is_own = request.POST.get("reason", "").strip(), person == request.user
        if request.method == "POST" and reason and not is_own:
            codes.reset(person, by=request.user, reason=reason)
            messages.success(request, _("The second step is reset. Tell the person to sign in and set it up again."))
            return HttpResponseRedirect(back)
        shown = {
            **self.admin_site.each_context(request),
            "title": _("Reset the second step: %s") % person,
            "opts": self.opts,
            "original": person,
            "back": back,
            "is_own": is_own,
            "is_missing": request.method == "POST" and not is_own,
        }
        return TemplateResponse(request, "admin/accounts/reset_factor.html", shown)


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

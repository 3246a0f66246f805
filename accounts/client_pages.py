"""Systems that call the API, in the console: opening one, what it may do, its tokens."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts import clients, services
from accounts.changes import services as changes
from accounts.changes.models import AccountChange, Change
from accounts.clients import Limits
from accounts.models import ApiClient, GrantState
from accounts.role_pages import ReasonForm
from common.admin import ConsoleAdmin
from common.choosers import ChooseMany
from common.exceptions import InvalidInput, Refused
from common.reasons import ReasonField
from common.refusals import tried
from facilities.models import Facility


class NewClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """A system has an account of its own, made with it: a token for a person's account would act in that person's
    name."""

    account = forms.CharField(
        label=_("Account"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Small letters, digits, dots, dashes. It stays the same for ever."),
    )

    class Meta:
        model = ApiClient
        fields = ["name", "contact", "channel_code"]

    def clean_account(self) -> str:
        name: str = self.cleaned_data["account"]
        try:
            services.check_account_name(name)
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.fields["name"]) from None
        return name


class LimitsForm(forms.Form):
    """What a system may do, for whom, until when, and why this changes."""

    may_read = forms.BooleanField(label=_("May read cases"), required=False, widget=UnfoldBooleanSwitchWidget)
    facilities = forms.ModelMultipleChoiceField(
        Facility.objects.all(),
        label=_("Reads of these facilities only"),
        required=False,
        help_text=_("Empty: every facility."),
    )
    may_send = forms.BooleanField(label=_("May send feedback"), required=False, widget=UnfoldBooleanSwitchWidget)
    expires_on = forms.DateField(
        label=_("First day on which it may no longer"),
        required=False,
        widget=UnfoldAdminDateWidget,
        help_text=_("Empty: until somebody changes it."),
    )
    reason = ReasonField(help_text=_("For instance the number of the decision. Whoever agrees reads it."))
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, client: ApiClient, data: Any) -> None:
        held = clients.limits_of(client)
        initial = {**vars(held), "shown": clients.mark_of(held)}
        super().__init__(data, initial=initial)
        self.fields["facilities"].widget = ChooseMany(ApiClient._meta.get_field("facilities"), admin.site)
        self.fields["facilities"].widget.choices = self.fields["facilities"].choices  # type: ignore[attr-defined]

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Take today or a later day."))
        return day

    def limits(self) -> Limits:
        given = self.cleaned_data
        chosen = frozenset(facility.pk for facility in given["facilities"])
        return Limits(given["may_read"], given["may_send"], chosen, given["expires_on"])


class EndingFilter(admin.SimpleListFilter):
    """Systems that stop working within a month."""

    title = _("how long it works")
    parameter_name = "ending"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("soon", _("ends within a month"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> QuerySet[ApiClient]:
        if self.value() != "soon":
            return queryset
        return queryset.filter(pk__in=ApiClient.objects.ending(timezone.now()).values("pk"))


@admin.register(ApiClient)
class ApiClientAdmin(ConsoleAdmin):
    """Systems that call the API. What they may do has a page of its own; a token is shown once, when it is made."""

    list_display = ["name", "user", "may_read", "may_send", "expires_on", "living_tokens"]
    list_select_related = ["user"]
    list_filter = [EndingFilter]
    search_fields = ["name"]
    fields = ["user", "name", "contact", "channel_code", "may_read", "may_send", "facilities", "expires_on"]
    readonly_fields = ["user", "may_read", "may_send", "facilities", "expires_on"]
    actions_detail = ["limits_page", "issue_page", "revoke_page"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiClient]:
        living = Q(user__auth_token_set__expiry=None) | Q(user__auth_token_set__expiry__gt=timezone.now())
        tokens = Count("user__auth_token_set", filter=living)
        return super().get_queryset(request).annotate(token_count=tokens)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["account", *NewClientForm.Meta.fields] if obj is None else super().get_fields(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewClientForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        """A new one begins with an account that may do nothing."""
        if not change:
            obj.user = services.system_account(form.cleaned_data["account"])
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiClient, post_url_continue: Any = None) -> HttpResponse:
        messages.success(request, _("The system is entered and may do nothing yet. Say here what it is to do."))
        return HttpResponseRedirect(reverse("admin:accounts_apiclient_limits_page", args=[obj.pk]))

    @display(description=_("tokens"))
    def living_tokens(self, client: Any) -> int:
        return int(client.token_count)

    @action(description=_("What it may do"), url_path="gioi-han", permissions=["change"], icon="tune")
    def limits_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Less counts at once; more waits for a second person."""
        client, by = self._client(request, object_id), request.user
        form = LimitsForm(client, request.POST if request.method == "POST" else None)
        back = reverse("admin:accounts_apiclient_change", args=[client.pk])
        if request.method == "POST":
            done = tried(form, lambda given: _set(client, form, by))
            if done is not None:
                messages.success(request, done)
                return HttpResponseRedirect(back)
        shown = {
            **self.admin_site.each_context(request),
            "title": _("What it may do: %s") % client,
            "opts": self.opts,
            "original": client,
            "form": form,
            "media": form.media,
            "back": back,
            "waiting": _waiting(client, Change.CLIENT).first(),
        }
        return TemplateResponse(request, "admin/accounts/limits.html", shown)

    @action(description=_("Make a token"), url_path="khoa-moi", permissions=["change"], icon="key")
    def issue_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask first; once a second person agreed, the answer to the form is the only page that ever shows the token."""
        client, by = self._client(request, object_id), request.user
        may_make = changes.agreements(client, by).exists()
        form = ReasonForm(request.POST if request.method == "POST" and not may_make else None)
        context: dict[str, Any] = {"may_make": may_make, "form": form, "waits": _waiting(client, Change.TOKEN).exists()}
        if request.method == "POST" and not may_make:
            if tried(form, lambda given: changes.ask(client.user, Change.TOKEN, by=by, **given)) is not None:
                messages.success(request, _("The token waits: a lead or a director must agree. You are told."))
                return HttpResponseRedirect(reverse("admin:accounts_apiclient_change", args=[client.pk]))
        elif request.method == "POST":
            try:
                context["token"] = changes.make_token(client, by=by)
                self.log_change(request, client, str(_("Made a token")))
            except InvalidInput as refusal:
                context["refusals"] = [sentence for each in refusal.fields.values() for sentence in each]
            except Refused as refusal:  # another window used the agreement
                context["refusals"] = [str(refusal)]
        return self._token_page(request, client, "issue", context)

    @action(description=_("Withdraw all tokens"), url_path="thu-hoi-khoa", permissions=["change"], icon="key_off")
    def revoke_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        client = self._client(request, object_id)
        if request.method == "POST":
            count = services.revoke_tokens(client)
            self.log_change(request, client, str(_("Withdrew all tokens")))
            messages.success(request, _("Tokens withdrawn: %(count)s.") % {"count": count})
            return HttpResponseRedirect(reverse("admin:accounts_apiclient_change", args=[client.pk]))
        return self._token_page(request, client, "revoke", {})

    def _client(self, request: HttpRequest, object_id: str) -> ApiClient:
        client: ApiClient = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_change_permission(request, client):
            raise PermissionDenied
        return client

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


def _set(client: ApiClient, form: LimitsForm, by: Any) -> Any:
    """Do what the form says and tell what came of it."""
    given = form.cleaned_data
    asked = changes.set_limits(client, form.limits(), shown=given["shown"], by=by, reason=given["reason"])
    if asked is None:
        return _("The system may do less now, from its next request on.")
    return _("This waits: a lead or a director must agree before the system may do more. Nothing is changed yet.")


def _waiting(client: ApiClient, what: Change) -> QuerySet[AccountChange]:
    """What was asked for a system and nobody answered yet."""
    return AccountChange.objects.filter(user=client.user_id, what=what, state=GrantState.PENDING)

"""The pages of signing in, in the console's clothes."""

import base64
from functools import partial
from smtplib import SMTPException
from typing import Any, cast

import structlog
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import stash_login
from allauth.account.views import (
    CompletePasswordResetView,
    ConfirmPasswordResetCodeView,
    LoginView,
    PasswordResetView,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.generic import View

from accounts.models import User
from accounts.signin import codes, sessions, throttling
from accounts.signin.adapters import too_many
from accounts.signin.forms import SetUpForm
from accounts.signin.middleware import IDLE_ENDED, seconds_left
from accounts.signin.stages import SetUpStage
from audit.models import Act
from audit.services import record
from common.sealing import CannotOpen

log = structlog.get_logger("accounts.signin")


class InConsole:
    """What every page of the console shows."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**admin.site.each_context(self.request), **mine}


class Waits:
    """A page that may ask for patience: 429, with the seconds for machines."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        faults = [fault for found in form.errors.as_data().values() for fault in found if fault.code == "too_many"]
        if faults:
            answer.status_code = 429
            answer.headers["Retry-After"] = str(faults[0].params["seconds"])
        return answer


class PasswordPage(Waits, InConsole, LoginView):
    """Name and password; says so when a session ended because nothing happened in it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_idle_ended = self.request.session.pop(IDLE_ENDED, False)
        minutes = settings.SESSION_IDLE_MINUTES
        return {**super().get_context_data(**kwargs), "is_idle_ended": is_idle_ended, "idle_minutes": minutes}


class CodePage(Waits, InConsole, AuthenticateView):
    """The code of the second factor."""


class ForgottenPage(Waits, InConsole, PasswordResetView):
    """Ask for a code by mail. Known and unknown addresses are answered alike, and in the same time: the mail goes out
    after the answer."""

    template_name = "signin/forgotten.html"

    def form_valid(self, form: Any) -> HttpResponse:
        seconds = throttling.ask(*throttling.of_resets(self.request, form.cleaned_data["email"]))
        if seconds:
            form.add_error("email", too_many(seconds))
            return self.form_invalid(form)
        answer: HttpResponse = super().form_valid(form)
        for mail in getattr(self.request, "waiting_mails", []):
            answer._resource_closers.append(partial(_send, mail))  # type: ignore[attr-defined]
        return answer


def _send(mail: Any) -> None:
    """Nobody waits for this any more, so a fault only leaves a line in the log."""
    try:
        mail.send()
    except (OSError, SMTPException) as fault:
        log.error("reset_mail_not_sent", fault=type(fault).__name__)


class MailedCodePage(InConsole, ConfirmPasswordResetCodeView):
    """The code from the mail; three tries, ten minutes."""

    template_name = "signin/mailed_code.html"


class NewPasswordPage(InConsole, CompletePasswordResetView):
    """A new password. Signing in with it takes the second step as always."""

    template_name = "signin/new_password.html"
    success_url = reverse_lazy("account_login")


def sign_out(request: HttpRequest) -> Any:
    """Sign out, which is written down."""
    if request.method == "POST" and request.user.is_authenticated:
        record(Act.SIGN_OUT, by=request.user, about=request.user)
    return admin.site.logout(request)


def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; one's other sessions end with the old one."""
    user = cast(User, request.user)
    before = user.password
    answer: HttpResponse = admin.site.password_change(request)
    if user.password != before:
        sessions.end(user, by=user, reason="password", except_key=request.session.session_key)
    return answer


@require_http_methods(["GET", "POST"])
def session_state(request: HttpRequest) -> JsonResponse:
    """How many seconds the session still lasts (GET, no activity), or go on with it (POST); with the words of
    the warning, for `static/console/idle.js`."""
    seconds = seconds_left(request.session) if request.user.is_authenticated else 0
    texts = {
        "title": _("Are you still there?"),
        "text": _("Nothing has happened here for a while. You are about to be signed out; what is not saved is lost."),
        "stay": _("Stay signed in"),
    }
    answer = JsonResponse({"seconds": seconds, "token": get_token(request), **texts})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, and a button that ends all of it but this session."""
    user, this_key = cast(User, request.user), request.session.session_key
    if request.method == "POST":
        count = sessions.end(user, by=user, reason="own", except_key=this_key)
        messages.success(request, _("Other sessions ended: %(count)s.") % {"count": count})
        return redirect("own_sessions")
    shown = {"title": _("Where you are signed in"), "open": sessions.open_of(user, this_key)}
    return TemplateResponse(request, "signin/sessions.html", {**admin.site.each_context(request), **shown})


@method_decorator(login_stage_required(stage=SetUpStage.key, redirect_urlname="account_login"), name="dispatch")
class SetUpPage(View):
    """Set up the second factor between password and console: a picture for the app, then the recovery codes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        stage = request._login_stage  # type: ignore[attr-defined]
        if codes.has_second_factor(stage.login.user):
            return self._shown(request, "signin/recovery.html", {"codes": self._recovery(stage)})
        secret = self._secret(stage) or codes.new_secret()
        stage.state["secret"] = encrypt(secret)
        stash_login(request, stage.login)
        return self._form(request, SetUpForm(secret=secret))

    def post(self, request: HttpRequest) -> HttpResponse:
        stage = request._login_stage  # type: ignore[attr-defined]
        user = stage.login.user
        if codes.has_second_factor(user):
            if not stage.state.get("is_proved"):
                return stage.abort()  # type: ignore[no-any-return]
            record_authentication(request, user, "mfa", type="totp")
            return stage.exit()  # type: ignore[no-any-return]
        secret = self._secret(stage)
        if not secret:
            return redirect("second_factor_set_up")
        form = SetUpForm(request.POST, secret=secret)
        if not form.is_valid():
            return self._form(request, form)
        codes.set_up(user, form.secret, form.counter)
        stage.state.pop("secret")
        stage.state["is_proved"] = True
        stash_login(request, stage.login)
        return redirect("second_factor_set_up")

    def _secret(self, stage: Any) -> str:
        """The one that the page showed; empty when there is none, or when it no longer opens: then another is shown."""
        try:
            return decrypt(stage.state["secret"])
        except (KeyError, CannotOpen):
            return ""

    def _recovery(self, stage: Any) -> list[str]:
        """Only to who has just proved the app in this very session."""
        return codes.recovery_codes(stage.login.user) if stage.state.get("is_proved") else []

    def _form(self, request: HttpRequest, form: SetUpForm) -> HttpResponse:
        user = request._login_stage.login.user  # type: ignore[attr-defined]
        adapter = get_adapter()
        picture = adapter.build_totp_svg(adapter.build_totp_url(user, form.secret))
        shown = {
            "form": form,
            "picture": base64.b64encode(picture.encode()).decode(),
            "secret": " ".join(form.secret[at : at + 4] for at in range(0, len(form.secret), 4)),
        }
        return self._shown(request, "signin/set_up.html", shown)

    def _shown(self, request: HttpRequest, template: str, shown: dict[str, Any]) -> HttpResponse:
        response = TemplateResponse(request, template, {**admin.site.each_context(request), **shown})
        response.headers["Cache-Control"] = "no-store"
        return response

"""The forms of signing in."""

from typing import Any

from allauth.account.forms import ConfirmPasswordResetCodeForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from accounts.signin import codes, throttling
from accounts.signin.adapters import too_many
from audit.models import Act
from audit.services import record
from common.sealing import CannotOpen

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "maxlength": 12}


def code_field() -> forms.CharField:
    return forms.CharField(label=_("Code"), max_length=12, widget=UnfoldAdminTextInputWidget(attrs=CODE_ATTRIBUTES))


class PasswordForm(LoginForm):
    """The first step: name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = {"autocomplete": "username", "autofocus": True, "autocapitalize": "none", "maxlength": 150}
        self.fields["login"] = forms.CharField(
            label=_("Account"), max_length=150, widget=UnfoldAdminTextInputWidget(attrs=name)
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            max_length=4096,
            widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password"}),
        )

    def clean(self) -> Any:
        try:
            return super().clean()
        except ValidationError as refusal:
            if refusal.code == "too_many":
                raise
            raise ValidationError(_("The account or the password is not right.")) from None


class ForgottenForm(ResetPasswordForm):
    """Where to send the code for a new password. The answer is the same whether anybody has this address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("E-mail address of your account"),
            max_length=254,
            widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "email", "inputmode": "email", "autofocus": True}),
        )

    def clean_email(self) -> str:
        """The people who may have a new password: of the console, and not switched off. One query either way."""
        email = str(self.cleaned_data["email"])
        people = User.objects.filter(email__iexact=email, is_active=True, is_staff=True, is_engine=False)
        self.users = list(people.order_by("pk")[:1])
        return email


class MailedCodeForm(ConfirmPasswordResetCodeForm):
    """The code that came by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attributes = {"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "characters"}
        widget = UnfoldAdminTextInputWidget(attrs={**attributes, "maxlength": 20})
        self.fields["code"] = forms.CharField(label=_("Code from the mail"), max_length=20, widget=widget)

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError:
            raise ValidationError(_("This code is not right.")) from None


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
        for name, label in (("password1", _("New password")), ("password2", _("New password once more"))):
            self.fields[name] = forms.CharField(label=label, strip=False, max_length=4096, widget=widget)

    def clean_password1(self) -> str:
        password = str(self.cleaned_data["password1"])
        validate_password(password, self.user)
        return password


class CodeForm(AuthenticateForm):
    """The second step: a code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()

    def clean_code(self) -> str:
        counted = throttling.of_codes(self.user.pk)
        seconds = throttling.ask(counted)
        if seconds:
            raise too_many(seconds)
        code = str(self.cleaned_data["code"])
        try:
            authenticator = codes.take(self.user, code)
        except CannotOpen:
            record(Act.SIGN_IN_FAILED, by=None, about=self.user, reason="unopened")
            raise ValidationError(
                _(
                    "Codes cannot be checked: what is kept of your second step does not open. Nothing was lost or"
                    " changed; tell the system administrator."
                )
            ) from None
        if authenticator is None:
            record(Act.SIGN_IN_FAILED, by=None, about=self.user, reason="code")
            raise ValidationError(_("This code is not right, or it was used already. Wait for the next one."))
        throttling.forgive(*counted)
        authenticator.user = self.user
        self.authenticator = authenticator
        return code


class SetUpForm(forms.Form):
    """The first code of a new app proves that it was set up."""

    code = code_field()

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret
        self.counter = 0

    def clean_code(self) -> str:
        counter = codes.counter_of(self.secret, self.cleaned_data["code"])
        if counter is None:
            raise ValidationError(_("This code does not belong to the picture above. Is the phone's clock right?"))
        self.counter = counter
        return str(self.cleaned_data["code"])

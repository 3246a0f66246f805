"""The page on which people say how they want to be told."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods
from phonenumber_field.formfields import PhoneNumberField

from accounts.models import User
from notifications.choices import ALWAYS_MAILED, TO_PHONES, Channel, Kind
from notifications.models import Phone, Preference

CHOSEN = [kind for kind in Kind if kind not in ALWAYS_MAILED]
AT_ONCE, DAILY, NEVER = "now", "daily", "never"
MAILED = (
    (AT_ONCE, pgettext_lazy("by e-mail", "at once")),
    (DAILY, pgettext_lazy("by e-mail", "in the daily digest")),
    (NEVER, pgettext_lazy("by e-mail", "no, inbox only")),
)
MORNING = 7
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class PreferenceForm(forms.Form):
    """How each kind is mailed, and which also come another way. Kinds that nobody can switch off are no fields,
    whatever is sent."""

    digest_hour = forms.ChoiceField(label=gettext_lazy("The daily digest comes at"), choices=HOURS, required=False)
    phone = PhoneNumberField(
        label=gettext_lazy("Telephone number for messages"),
        region="VN",
        required=False,
        help_text=gettext_lazy("Only you see it; it is kept under seal and used for these messages only."),
        error_messages={"invalid": gettext_lazy("Enter a telephone number, for example 0912 345 678.")},
    )
    also = forms.MultipleChoiceField(label=gettext_lazy("Also by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in CHOSEN:
            self.fields[f"mail_{kind.value}"] = forms.ChoiceField(label=kind.label, choices=MAILED, required=False)
        ways = cast(forms.MultipleChoiceField, self.fields["also"])
        ways.choices = [(way_of(channel, kind), kind.label) for channel in settings.GATEWAYS for kind in Kind]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_called = any(way.split(":")[0] in TO_PHONES for way in cleaned.get("also", ()))
        if is_called and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("To be told by telephone, enter your number."))
        return cleaned

    def kinds(self, mailed: str) -> list[str]:
        """The kinds that are to be mailed this way; what was not said is not mailed."""
        return [kind.value for kind in CHOSEN if (self.cleaned_data[f"mail_{kind.value}"] or NEVER) == mailed]

    @transaction.atomic
    def save(self, user: User) -> None:
        """Keep it for messages from now on."""
        wishes = {
            "email_enabled": True,
            "muted": self.kinds(NEVER),
            "digested": self.kinds(DAILY),
            "digest_hour": int(self.cleaned_data["digest_hour"] or MORNING),
            "also": self.cleaned_data["also"],
        }
        Preference.objects.update_or_create(user=user, defaults=wishes)
        if has_phones():
            Phone.keep(user.pk, self.cleaned_data["phone"].as_e164 if self.cleaned_data["phone"] else "")


def way_of(channel: str, kind: Kind) -> str:
    """How `Preference.also` says that messages of a kind also go by a channel."""
    return f"{channel}:{kind.value}"


def has_phones() -> bool:
    """Does this installation send anything to telephones?"""
    return any(channel in settings.GATEWAYS for channel in TO_PHONES)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """One's own wishes: shown, and saved."""
    user = cast(User, request.user)
    form = PreferenceForm(request.POST) if request.method == "POST" else PreferenceForm(initial=_kept(user))
    if request.method == "POST" and form.is_valid():
        form.save(user)
        messages.success(request, _("Saved. It holds for messages from now on."))
        return redirect("notification_preferences")
    context = {
        **admin.site.each_context(request),
        "title": _("How you are told"),
        "form": form,
        "rows": _rows(form),
        "ways": [Channel(channel).label for channel in settings.GATEWAYS],
        "has_phones": has_phones(),
        "email": user.email,
    }
    return TemplateResponse(request, "console/preferences.html", context)


def _kept(user: User) -> dict[str, Any]:
    """What holds now, as the form names it."""
    wish = Preference.objects.filter(user=user).first() or Preference(user=user)
    mailed = {kind.value: AT_ONCE for kind in CHOSEN} | dict.fromkeys(wish.digested, DAILY)
    mailed |= dict.fromkeys(wish.muted if wish.email_enabled else mailed, NEVER)
    phone = Phone.of(user.pk) if has_phones() else ""
    return {
        **{f"mail_{kind}": how for kind, how in mailed.items()},
        "digest_hour": wish.digest_hour,
        "also": wish.also,
        "phone": phone,
    }


def _rows(form: PreferenceForm) -> list[dict[str, Any]]:
    """The kinds in their order: how each is mailed or why that cannot be changed, and the other ways."""
    also = form["also"].value() or []
    return [
        {
            "value": kind.value,
            "label": kind.label,
            "mailed": form[f"mail_{kind.value}"] if kind not in ALWAYS_MAILED else None,
            "locked": ALWAYS_MAILED.get(kind, ""),
            "ways": [
                {"value": way, "label": Channel(channel).label, "is_on": way in also}
                for channel in settings.GATEWAYS
                for way in [way_of(channel, kind)]
            ],
        }
        for kind in Kind
    ]

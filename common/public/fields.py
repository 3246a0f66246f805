"""Form fields for what people type, on public pages and on operators': cleaned, and refused in words."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import clean, has_unstorable

DAMAGED = _("Some characters arrived damaged and cannot be stored. Type that part again.")
TOO_LONG = _("At most %(limit_value)d characters; now it is %(show_value)d.")


class Text(forms.CharField):
    """Text as it will be stored: cleaned, and refused in words when characters arrived damaged."""

    default_error_messages = {"max_length": TOO_LONG}

    def __init__(self, *, max_length: int, lines: int = 1, autocomplete: str = "off", **kwargs: Any) -> None:
        attrs: dict[str, Any] = {"autocomplete": autocomplete}
        widget = forms.TextInput(attrs=attrs) if lines == 1 else forms.Textarea(attrs=attrs | {"rows": lines})
        kwargs.setdefault("widget", widget)
        super().__init__(max_length=max_length, **kwargs)
        # the browser would cut a pasted text without a word; the server says by how much it is too long
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if has_unstorable(text) or "\ufffd" in text:
            raise forms.ValidationError(DAMAGED, code="damaged")
        return clean(text)


class PhoneField(Text):
    """A telephone number as people write it; kept as digits."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        digits = "".join(char for char in text if char not in " .-()/")
        if digits and not (digits.removeprefix("+").isascii() and digits.removeprefix("+").isdigit()):
            raise forms.ValidationError(_("Only digits, for example 0912 345 678."), code="phone")
        if digits and not 3 <= len(digits) <= 16:
            raise forms.ValidationError(_("A telephone number has 3 to 15 digits."), code="phone")
        return digits


DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


class DayField(forms.DateField):
    """A day as people write it. Eight digits alone will do: a telephone's keyboard of digits has no stroke."""

    def to_python(self, value: Any) -> date | None:
        digits = value.strip() if isinstance(value, str) else ""
        if len(digits) == 8 and digits.isascii() and digits.isdecimal():
            value = f"{digits[:2]}/{digits[2:4]}/{digits[4:]}"
        return super().to_python(value)

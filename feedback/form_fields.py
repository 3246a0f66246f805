"""Form fields for what people type, on the public pages and on the operator's: cleaned, and refused in words."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.text import clean, has_unstorable
from feedback import files

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


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; each is checked by its content."""

    widget = ManyFilesInput(attrs={"accept": files.ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[files.Checked]:
        try:
            return files.checked_all([one for one in data or [] if one])
        except files.FileRefused as refusal:
            raise forms.ValidationError(str(refusal.sentence), code="file") from None


def files_help() -> str:
    """The limits of files, in words."""
    return str(
        _("At most %(count)s files, each up to %(size)s MB: pictures, PDF, recordings (MP3), Word or Excel files.")
    ) % {"count": settings.ATTACHMENT_MAX_COUNT, "size": settings.ATTACHMENT_MAX_BYTES // 1024**2}

"""Several files at once, as forms take them; each is checked by `common.uploads`, when the form is done."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput
from common.uploads import ACCEPT, Checked, FileRefused, checked_all


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, not yet checked."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [one for one in data or [] if one]


def evidence_field() -> FilesField:
    """The field for evidence, with what may be attached."""
    numbers = {"count": settings.ATTACHMENT_MAX_COUNT, "size": settings.ATTACHMENT_MAX_BYTES // 1024**2}
    words = _("Pictures, PDF, recordings, Word or Excel; at most %(count)s files of %(size)s MB each.")
    widget = ManyFiles(attrs={"accept": ACCEPT})
    return FilesField(label=_("Evidence"), required=False, widget=widget, help_text=words % numbers)


def taken(files: list[Any]) -> list[Checked]:
    """What was attached, checked. Raises `InvalidInput`."""
    try:
        return checked_all(files)
    except FileRefused as refusal:
        raise InvalidInput({"files": [refusal.sentence]}) from refusal

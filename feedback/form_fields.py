"""Form fields for files, on the public pages and on the operator's."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.file_fields import ManyFiles
from feedback import files


class FilesField(forms.FileField):
    """Any number of files; each is checked by its content."""

    widget = ManyFiles(attrs={"accept": files.ACCEPT})

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

"""Why something is done: one field with one limit, wherever a form of the console asks for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from common.exceptions import ReasonRequired

REASON_LENGTH = 1000


class ReasonField(forms.CharField):
    """A reason of at most `REASON_LENGTH` characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Reason"),
            max_length=REASON_LENGTH,
            widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            error_messages={"required": ReasonRequired.message},
            **options,
        )

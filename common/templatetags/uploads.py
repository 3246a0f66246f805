"""What a page says about a stored file that is not given out."""

from typing import Any

from django import template
from django.core.files.storage import default_storage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.uploads.scanning import is_configured
from common.uploads.storage import Quarantine, State

register = template.Library()
WORDS = {State.HELD: _("being checked"), State.BLOCKED: _("blocked: virus")}


@register.filter
def withheld(stored: Any) -> str | Promise:
    """Why a file cannot be opened now, in two words; empty when it can. Looks into the storage, where there is a
    scanner at all."""
    storage = default_storage
    if not is_configured() or not isinstance(storage, Quarantine):
        return ""
    return WORDS.get(storage.state_of(stored.file.name), "")

"""What a deed refuses, said on the form that asked for it."""

from collections.abc import Callable
from typing import Any

from django import forms

from common.exceptions import InvalidInput, Refused


def tried(form: forms.Form, deed: Callable[[dict[str, Any]], Any]) -> Any:
    """Do it with what the form says; None with the refusal on the form."""
    if not form.is_valid():
        return None
    try:
        return deed(form.cleaned_data)
    except InvalidInput as refusal:
        for name, sentences in refusal.fields.items():
            form.add_error(name if name in form.fields else None, sentences)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None

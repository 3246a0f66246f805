"""Reading what was sent, strictly: every wrong, missing or unknown name is told, in one answer; nothing is guessed."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from common.exceptions import InvalidInput
from common.text import has_unstorable

MOST_NAMED = 20  # unknown names told in one answer
_LONGEST_NAME = 60
KEY = "Idempotency-Key"
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,100}")


class TooLarge(exceptions.APIException):
    """A body beyond `DATA_UPLOAD_MAX_MEMORY_SIZE`; it is refused before it is read."""

    status_code = 413
    default_code = "too_large"
    default_detail = _("Too large.")


class LengthNeeded(exceptions.APIException):
    """A body in chunks, of which nobody knows the length: it would be read as empty."""

    status_code = 411
    default_code = "length_required"
    default_detail = _("Send the length of the body (Content-Length).")


class StrictJSONParser(BaseParser):
    """JSON in UTF-8: no NaN, no broken bytes, no nesting without end, no body without limit."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            body = stream.body if hasattr(stream, "body") else stream.read()
        except RequestDataTooBig:
            raise TooLarge from None
        except UnreadablePostError:
            raise exceptions.ParseError from None
        try:
            return json.loads(body.decode(), parse_constant=_refuse, object_pairs_hook=_object)
        except (ValueError, RecursionError):
            raise exceptions.ParseError from None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names all differ: of two values under one name nobody knows which was meant."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise InvalidInput({shown_name(name): [_("This name came twice.")]})
        found[name] = value
    return found


class Text(serializers.CharField):
    """A string as people type it; a number or a list is refused instead of being made into one."""

    default_error_messages = {
        "invalid": _("Write text here."),
        "unstorable": _("This text holds characters that cannot be stored. Type it again."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": True} | options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None:
            if not isinstance(data, str):
                self.fail("invalid")
            if has_unstorable(data):
                self.fail("unstorable")
        return super().run_validation(data)


class Choice(serializers.ChoiceField):
    """One of a closed list; anything but a string is refused."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid_choice": _("Choose one of the offered values.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input="")
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """A moment with its offset; without one it is meant in local time."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": _("Give a moment (2026-11-25T08:00:00+07:00).")}

    def to_internal_value(self, value: Any) -> datetime:
        try:
            found = parse_datetime(value) if isinstance(value, str) else None
            aware = found if found is None or timezone.is_aware(found) else timezone.make_aware(found)
        except (ValueError, OverflowError):
            aware = None
        if aware is None:
            self.fail("invalid", format="")
        return aware


class Whole(serializers.IntegerField):
    """A whole number, not "5"."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": _("Write a whole number.")}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class StrictBoolean(serializers.BooleanField):
    """true or false, not "yes"."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=shown_name(data))
        return data


class StrictSerializer(serializers.Serializer):
    """A serializer that refuses names it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"": [_("Send an object with names and values.")]})
        unknown = [name for name in data if name not in self.fields or self.fields[name].read_only]
        wrong: dict[str, Any] = {shown_name(name): [_("This name is not known here.")] for name in unknown[:MOST_NAMED]}
        values: Any = {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as refusal:
            wrong |= refusal.detail
        if wrong:
            raise serializers.ValidationError(wrong)
        return values


def key_from(request: Request | HttpRequest) -> str:
    """The number by which the sender names what is sent. Raises `InvalidInput`."""
    key = request.headers.get(KEY, "").strip()
    if not _PRINTABLE.fullmatch(key):
        raise InvalidInput({KEY: [_("Send this header with every submission: 1 to 100 printable ASCII characters.")]})
    return key


def shown_name(name: object) -> str:
    """A name that somebody sent, safe to send back: short, and text that can be encoded."""
    return str(name)[:_LONGEST_NAME].encode("utf-8", "replace").decode()


def read(serializer_class: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The checked values of a body. Raises `InvalidInput` with a sentence per field, nested ones as `reporter.name`."""
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        raise LengthNeeded
    given = request.data
    try:
        return dict(_reader(serializer_class).run_validation({} if isinstance(given, QueryDict) else given))
    except serializers.ValidationError as refusal:
        raise InvalidInput(flat(refusal.detail)) from None


@lru_cache
def _reader(serializer_class: type[serializers.Serializer]) -> serializers.Serializer:
    """One for all requests: checking leaves nothing in it, and making its fields costs more than checking."""
    return serializer_class()


def flat(errors: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested errors with dotted names."""
    if isinstance(errors, Mapping):
        found: dict[str, list[str]] = {}
        for name, below in errors.items():
            found |= flat(below, f"{prefix}.{name}".strip(".") if name != "non_field_errors" else prefix)
        return found
    return {prefix: [str(sentence) for sentence in errors] if isinstance(errors, list) else [str(errors)]}

"""POST requests: from the form of a civic app to a submission, once.

The specification knows no key for retries. A client may send `Idempotency-Key` as at the other door; without one, the
same content from the same client within a day is the same submission, and gets the same answer."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.exceptions import InvalidInput
from common.scope import as_system
from common.sealing import keyring
from common.text import has_unstorable
from facilities import offers
from feedback.api.senders import source_of
from feedback.intake import Incoming, Received, receive
from feedback.models import Category, Submission
from feedback.open311.catalogue import CONFIDENTIAL, FACILITY, NO, OCCURRED_ON, YES, category_of

LONGEST_DESCRIPTION = 4000  # of the specification
LONGEST_LINK = 500
RETRIED_WITHIN = timedelta(days=1)
TEXTS = (
    *("service_code", "lat", "long", "address_string", "address_id", "email", "device_id", "account_id"),
    *("first_name", "last_name", "phone", "description", "media_url"),
)
# how this door calls what the entrance refuses
NAMES = {
    "body": "description",
    "facility": "address_id",
    "facility_said": "address_string",
    "reporter.name": "last_name",
    "reporter.phone": "phone",
    "reporter.email": "email",
    "reporter.address": "lat",
    "occurred_on": f"attribute[{OCCURRED_ON}]",
    "files": "media",
    "source_id": "Idempotency-Key",
}


@dataclass(frozen=True)
class Form:
    """What was posted: the texts by their names, the answers to our questions, the files."""

    texts: Mapping[str, str]
    answers: Mapping[str, str]
    files: tuple[Any, ...]


def form_of(request: HttpRequest) -> Form:
    """Read the posted form. Raises `InvalidInput` for what came twice and for bytes that are no UTF-8."""
    wrong: dict[str, list[Any]] = {}
    for name in (*TEXTS, *_answers_of(request).values()):
        values = request.POST.getlist(name)
        if len(values) > 1:
            wrong[name] = [_("Give this once.")]
        if any("\ufffd" in value for value in values):
            wrong[name] = [_("This is not text in UTF-8.")]
        elif any(map(has_unstorable, values)):
            wrong[name] = [_("This text holds characters that cannot be stored. Type it again.")]
    if wrong:
        raise InvalidInput(wrong)
    texts = {name: request.POST.get(name, "").strip() for name in TEXTS}
    answers = {code: request.POST.get(name, "").strip() for code, name in _answers_of(request).items()}
    uploads = [upload for _name, given in request.FILES.lists() for upload in given]
    return Form(texts, answers, tuple(uploads))


def _answers_of(request: HttpRequest) -> dict[str, str]:
    """Our questions and under which name each was answered; clients write `[]` where several answers are possible."""
    named = {code: f"attribute[{code}]" for code in (FACILITY, OCCURRED_ON, CONFIDENTIAL)}
    return {code: f"{name}[]" if f"{name}[]" in request.POST else name for code, name in named.items()}


def submit(form: Form, *, key: str, by: Any) -> Received:
    """Take a request in. Raises `InvalidInput` in the words of this door, `NothingThere`, `KeyReused`."""
    incoming = _incoming(form, by)
    try:
        if key:
            return receive(replace(incoming, source_id=key), by=by)
        mark = keyring().fingerprint(_content_of(form))
        with as_system(alone_with=f"open311 {incoming.source} {mark}"):
            return receive(replace(incoming, source_id=_number_of(incoming.source, mark)), by=by)
    except InvalidInput as refusal:
        fields: dict[str, list[Any]] = {NAMES.get(name, name): [*said] for name, said in refusal.fields.items()}
        raise InvalidInput(fields) from None


def _content_of(form: Form) -> bytes:
    """Everything that was sent, files included: another photograph is another submission."""
    digests = [_digest(upload) for upload in form.files]
    content = [sorted(form.texts.items()), sorted(form.answers.items()), digests]
    return json.dumps(content).encode("utf-8", "surrogatepass")


def _digest(upload: Any) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _number_of(source: str, mark: str) -> str:
    """The number at the source of a content without a key: the one it came under within the last day, else a new one.
    One query."""
    now = timezone.now()
    days = [timezone.localdate(now), timezone.localdate(now - RETRIED_WITHIN)]
    numbers = [f"o311-{mark}-{day:%Y%m%d}" for day in days]
    known = Submission.objects.filter(source=source, source_id__in=numbers, received_at__gt=now - RETRIED_WITHIN)
    return known.order_by("-received_at").values_list("source_id", flat=True).first() or numbers[0]


def _incoming(form: Form, by: Any) -> Incoming:
    wrong: dict[str, list[Any]] = {}
    texts = form.texts
    if not texts["service_code"]:
        raise InvalidInput({"service_code": [_("This is needed.")]})
    category = category_of(texts["service_code"])
    spot = _spot(texts, wrong)
    occurred_on = _day(form.answers[OCCURRED_ON], wrong)
    is_confidential = _is_confidential(form.answers[CONFIDENTIAL], wrong)
    body = _body(texts, category, wrong)
    facility, said = _place(texts, form.answers[FACILITY], wrong)
    if wrong:
        raise InvalidInput(wrong)
    name = " ".join(part for part in (texts["last_name"], texts["first_name"]) if part)
    reporter = {"name": name, "phone": texts["phone"], "email": texts["email"], "address": spot}
    return Incoming(
        source=source_of(by),
        source_id="",
        channel=by.client.channel_code,
        body=body,
        category=category.code,
        facility=facility,
        facility_said=said,
        occurred_on=occurred_on,
        is_confidential=is_confidential,
        reporter={name: value for name, value in reporter.items() if value},
        uploads=form.files,
    )


def _spot(texts: Mapping[str, str], wrong: dict[str, list[Any]]) -> str:
    """The point on the map. It may be where somebody lives, so it goes under seal with who they are."""
    lat, long = texts["lat"], texts["long"]
    if not (lat or long):
        if not (texts["address_string"] or texts["address_id"]):
            wrong["address_string"] = [_("Say where: lat and long, address_string or address_id.")]
        return ""
    if not (_is_within(lat, 90) and _is_within(long, 180)):
        wrong["lat"] = [_("lat and long go together, in degrees (WGS 84).")]
        return ""
    return f"{float(lat):.6f}, {float(long):.6f}"


def _is_within(text: str, most: int) -> bool:
    try:
        return -most <= float(text) <= most
    except ValueError:
        return False


def _day(text: str, wrong: dict[str, list[Any]]) -> date | None:
    """The day of a date, or of a moment with its offset, as we count days."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return timezone.localdate(moment) if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        said = _("Write a day as 2026-01-05, or a moment as 2026-01-05T08:15:30+07:00.")
        wrong[f"attribute[{OCCURRED_ON}]"] = [said]
        return None


def _is_confidential(text: str, wrong: dict[str, list[Any]]) -> bool:
    if text not in ("", YES, NO):
        wrong[f"attribute[{CONFIDENTIAL}]"] = [_("Choose one of the offered values.")]
    return text == YES


def _body(texts: Mapping[str, str], category: Category, wrong: dict[str, list[Any]]) -> str:
    """What happened. A description may be missing by the specification: then the service's name says what it is about.
    What is behind a link is not fetched: an officer who reads it decides."""
    said, link = texts["description"], texts["media_url"]
    if len(said) > LONGEST_DESCRIPTION:
        wrong["description"] = [_("At most %(count)s characters.") % {"count": LONGEST_DESCRIPTION}]
    if link and not _is_link(link):
        wrong["media_url"] = [_("This is no address that begins with https:// or http://.")]
    with override(settings.LANGUAGE_CODE):  # it is stored: a retry in another language is still the same
        lines = [said or _("Sent without a description: %(service)s") % {"service": category.name}]
        if link:
            lines.append(_("Link that was sent along: %(link)s") % {"link": link})
    return "\n\n".join(lines)


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))
    return is_plain and len(text) <= LONGEST_LINK


def _place(texts: Mapping[str, str], answer: str, wrong: dict[str, list[Any]]) -> tuple[str, str]:
    """The facility's code where one was named by it, and where it happened in the sender's words. Two queries."""
    said = ", ".join(_apart((answer, texts["address_string"])))
    if len(said) > offers.LONGEST_WORDS:
        wrong["address_string"] = [_("At most %(count)s characters.") % {"count": offers.LONGEST_WORDS}]
    code = texts["address_id"]
    facility = offers.open_facility(code) or offers.open_facility(answer)
    return (facility.code if facility else ""), offers.in_words(said, code, facility)


def _apart(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))

"""Deeds over an incident that are no move: opening and writing a report, adding to it, changing what it says of its
harm, recording what was given elsewhere, and seeing who is named in it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Act, Purpose
from audit.services import record, record_first
from common.days import untimely
from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded
from common.scope import as_system
from common.text import clean, has_unstorable
from facilities.models import Facility
from incidents.choices import SENT, Paper, Status
from incidents.classification import Claim, faults, is_lower, unknown_boxes
from incidents.models import Addendum, Analysis, Incident, Named, NamedRequest, PaperGiven, Reclassification
from incidents.taxonomy import lists
from incidents.transitions import CHECK, WRITE, checked_reason, is_own, locked, mark_mandatory, save, touch

AGREE, REVEAL = "incidents.agree_lowering", "incidents.reveal_named"
TEXT = (
    "subject", "ward", "spot", "occurred_at", "detected_at", "description", "proposal", "treatment", "told_physician",
    "is_in_record", "told_family", "told_patient", "types", "causes", "reporter_role", "reporter_other",
)  # fmt: skip
CLAIM = ("harm", "deaths", "more_feared", "serious_item", "exception")  # once sent: by `reclassify` only
PATIENT = ("name", "record", "born_on", "sex", "ward")
REPORTER = ("name", "phone", "email", "witness_1", "witness_2")
OF = {Named.Who.PATIENT: PATIENT, Named.Who.REPORTER: REPORTER}
LONGEST, REASON_LEAST, REASON_MOST = 20_000, 20, 1000
_TOO_LONG = gettext_lazy("At most %(count)s characters.")
People = Mapping[str, Mapping[str, str]]


# --- writing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def start(facility: Facility, *, by: Any, excluded: str = "") -> Incident:
    """Open a draft. What the circular leaves out is told where it goes instead.

    Raises `RightMissing`, `InvalidInput`."""
    if excluded:
        raise InvalidInput({"excluded": [routed_out(excluded)]})
    if not by.has_perm(WRITE) or facility.pk not in by.scope.facilities - by.recused_facilities:
        raise RightMissing
    with as_system():
        return opened(facility, by=by, at=timezone.now())


def opened(facility: Facility, *, by: Any, at: datetime) -> Incident:
    """A new draft of a facility. As the system; whether it may be opened was asked before."""
    incident = Incident(
        reference=next_reference(at), edition=lists().edition, facility=facility, opened_by=by, opened_at=at
    )
    incident._history_user, incident._change_reason = by, ""  # type: ignore[attr-defined]
    incident.save()
    return incident


def routed_out(code: str) -> str:
    """Where an event goes that is none of the circular's."""
    if code not in lists().exclusions:
        return _("Choose one of the offered values.")
    way = {
        "EX1": _("report it under the rules for adverse events following immunisation"),
        "EX2": _("report it to the National Centre of Drug Information and Adverse Drug Reaction Monitoring"),
        "EX3": _("report it to the ethics council and the sponsor of the trial"),
    }[code]
    said = {"what": str(lists().exclusions[code]), "way": way}
    return _("%(what)s: not a matter of Circular 43/2018 (Article 1, item 2); %(way)s.") % said


def next_reference(at: datetime) -> str:
    """What people will call an incident opened now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('incidents_incident_reference')")
        return f"SC-{timezone.localdate(at).year}-{cursor.fetchone()[0]:06d}"


@transaction.atomic
def edit(
    incident: Incident, changes: Mapping[str, Any], people: People | None = None, *, by: Any, version: int
) -> Incident:
    """Write a draft or a returned report. A draft may lack anything and contradict itself: what it lacks is shown, and
    asked for when it is sent. `people` maps whom (`Named.Who`) to what is given of them now.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = locked(incident, by, version)
    if not is_own(found, by):
        raise RightMissing
    if not found.is_writable:
        raise MoveRefused(_("This report was sent: add to it, or ask for another classification."))
    allowed = TEXT + (CLAIM if found.status == Status.DRAFT else ())
    if unknown := [name for name in changes if name not in allowed]:
        raise InvalidInput({name: [_("This cannot be changed here.")] for name in unknown})
    with as_system():
        write(found, changes, people or {}, by=by, at=timezone.now())
    return found


def write(incident: Incident, changes: Mapping[str, Any], people: People, *, by: Any, at: datetime) -> None:
    """Put what was said into a report that is locked or new, and let its clocks follow. As the system.

    Raises `InvalidInput`."""
    for name, value in changes.items():
        setattr(incident, name, value)
    _check(incident)
    for who, given in people.items():
        _seal(incident, Named.Who(who), given)
    save(incident, by=by, at=at, reason="")


def _check(incident: Incident) -> None:
    """Refuse what no column and no list can hold."""
    try:
        incident.clean_fields(exclude=["level"])
    except ValidationError as refusal:
        told: dict[str, list[Any]] = {name: list(words) for name, words in refusal.message_dict.items()}
        raise InvalidInput(told) from refusal
    texts = {name: getattr(incident, name) for name in (*TEXT, *CLAIM) if isinstance(getattr(incident, name), str)}
    wrong: dict[str, list[Any]] = {
        name: [_("This text holds characters that cannot be stored. Type it again.")]
        for name, text in texts.items()
        if has_unstorable(text)
    }
    wrong |= {name: [_TOO_LONG % {"count": LONGEST}] for name, text in texts.items() if len(text) > LONGEST}
    for name in ("occurred_at", "detected_at"):
        if (moment := getattr(incident, name)) is not None and (sentence := untimely(moment)):
            wrong[name] = [sentence]
    if unknown_boxes(incident.types, incident.causes):
        wrong["types"] = [_("Choose one of the offered values.")]
    if wrong:
        raise InvalidInput(wrong)


def _seal(incident: Incident, who: Named.Who, given: Mapping[str, str]) -> None:
    """What is given joins what is there; nothing at all takes everything away."""
    place = f"{incident.pk}:{who}"
    known = Named.objects.filter(place=place).first() if given else None
    told = {name: clean(text) for name, text in given.items() if name in OF[who] and clean(text)}
    document = (known.opened() if known else {}) | told
    Named.objects.update_or_create(
        place=place, defaults={"incident": incident, "who": who, **Named.under_seal(place, document)}
    )
    if who == Named.Who.REPORTER:
        incident.is_named = "name" in document


# --- adding ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add(incident: Incident, text: str, *, by: Any) -> Addendum:
    """Add to a report that was sent; what stands in it stays. Raises `Http404`, `RightMissing`, `MoveRefused`,
    `InvalidInput`."""
    found = locked(incident, by)
    if not is_own(found, by):
        raise RightMissing
    if found.status not in SENT:
        raise MoveRefused(_("This report was not sent yet: write into it."))
    if has_unstorable(text) or len(clean(text)) > LONGEST:
        raise InvalidInput({"text": [_TOO_LONG % {"count": LONGEST}]})
    if not clean(text):
        raise InvalidInput({"text": [_("Write something first.")]})
    with as_system():
        touch(found)
        return Addendum.objects.create(incident=found, at=timezone.now(), by=by, text=clean(text))


def may_give(incident: Incident, what: str, user: Any) -> bool:
    """The facility records its call and its analysis, the department its quick report."""
    if what == Paper.QUICK:
        return bool(user.has_perm(CHECK)) and incident.status in SENT
    return is_own(incident, user)


@transaction.atomic
def give(incident: Incident, what: str, *, given_at: datetime, said: str, by: Any) -> PaperGiven:
    """Record a call, report or analysis that was given outside this system, once; its clock ends then.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found, now = locked(incident, by), timezone.now()
    if what not in Paper.values or not may_give(found, what, by):
        raise RightMissing
    wrong: dict[str, list[Any]] = {}
    if sentence := untimely(given_at):
        wrong["given_at"] = [sentence]
    elif given_at > now:
        wrong["given_at"] = [_("This moment lies in the future.")]
    elif found.detected_at and given_at < found.detected_at:
        wrong["given_at"] = [_("This lies before the incident was noticed.")]
    if not clean(said) or has_unstorable(said) or len(clean(said)) > 200:
        wrong["said"] = [_("Say to whom, or the number of the document, in at most 200 characters.")]
    if wrong:
        raise InvalidInput(wrong)
    is_analysed = (
        what == Paper.ANALYSIS and Analysis.objects.filter(incident=found, submitted_at__isnull=False).exists()
    )
    if is_analysed or found.papers.filter(what=what).exists():
        raise MoveRefused(_("This is recorded already."))
    with as_system():
        given = PaperGiven.objects.create(incident=found, what=what, given_at=given_at, said=clean(said), at=now, by=by)
        save(found, by=by, at=now, reason=str(Paper(what).label))
    return given


# --- what it says of its harm ----------------------------------------------------------------------------------------


@transaction.atomic
def reclassify(incident: Incident, claim: Claim, *, reason: str, by: Any, version: int) -> Reclassification:
    """Change what a sent report says of its harm. Raising holds at once; lowering waits for a second person.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    found, at = locked(incident, by, version), timezone.now()
    if not (is_own(found, by) or by.has_perm(CHECK)):
        raise RightMissing
    if found.status not in SENT:
        raise MoveRefused(_("This report was not sent yet: write into it."))
    before, why = found.claim, checked_reason(reason)
    if claim == before:
        raise InvalidInput({"harm": [_("Nothing was changed.")]})
    wrong: dict[str, list[Any]] = {name: [words] for name, words in faults(claim).items()}
    if claim.letter in "GHI" and not found.is_named:
        wrong["harm"] = [_("A mandatory report carries its reporter's name (Article 5).")]
    if wrong:
        raise InvalidInput(wrong)
    if found.reclassifications.filter(is_agreed=None).exists():
        raise MoveRefused(_("Another change waits for its second person."))
    lower = is_lower(before, claim)
    with as_system():
        asked = Reclassification.objects.create(
            incident=found, before=asdict(before), after=asdict(claim), is_lower=lower, reason=why,
            asked_by=by, asked_at=at, is_agreed=None if lower else True,
        )  # fmt: skip
        if lower:
            touch(found)
        else:
            _apply(found, claim, by=by, at=at, reason=why)
    return asked


@transaction.atomic
def answer_lowering(asked: Reclassification, *, agrees: bool, answer: str, by: Any) -> Reclassification:
    """The second person agrees that an incident is lowered, or not; either way what was said before stays.

    Raises `Http404`, `RightMissing`, `SecondPersonNeeded`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    if not by.has_perm(AGREE):
        raise RightMissing
    found, why, at = locked(asked.incident, by), checked_reason(answer), timezone.now()
    waiting = found.reclassifications.select_for_update().filter(pk=asked.pk, is_agreed=None).first()
    if waiting is None:
        raise MoveRefused(_("This waits no longer: it was answered."))
    if waiting.asked_by_id == by.pk:
        raise SecondPersonNeeded(_("This step needs a second person: whoever asks cannot answer."))
    waiting.decided_by, waiting.decided_at, waiting.is_agreed, waiting.answer = by, at, agrees, why
    with as_system():
        waiting.save(update_fields=["decided_by", "decided_at", "is_agreed", "answer"])
        if agrees:
            _apply(found, waiting.claims[1], by=by, at=at, reason=why)
        else:
            touch(found)
    return waiting


def _apply(incident: Incident, claim: Claim, *, by: Any, at: datetime, reason: str) -> None:
    incident.harm, incident.serious_item = claim.letter, claim.item
    incident.exception, incident.deaths = claim.exception, claim.deaths
    mark_mandatory(incident, at)
    save(incident, by=by, at=at, reason=reason)


def claim_of(given: Mapping[str, Any], before: Claim) -> Claim:
    """A claim from a form's values."""
    return replace(
        before, letter=given["harm"], item=given["serious_item"], exception=given["exception"], deaths=given["deaths"]
    )


# --- who is named ----------------------------------------------------------------------------------------------------


def reporter_is_apart(incident: Incident) -> bool:
    """Is who reported kept even from most of the facility? So it is where the report was voluntary (Article 12)."""
    judged = incident.judged
    return judged is None or not judged.is_mandatory


def shown_to(incident: Incident, user: Any) -> tuple[Named.Who, ...]:
    """Whom this person may look at after giving a reason: patients, and the reporter of a mandatory report. Who
    reported voluntarily stays with the facility, and there takes a second person (`incidents.naming`). One query."""
    if not user.has_perm(REVEAL):
        return ()
    if not reporter_is_apart(incident):
        return Named.Who.PATIENT, Named.Who.REPORTER
    approved = NamedRequest.objects.visible_to(user).approved(timezone.now()).filter(incident=incident, asked_by=user)
    if is_own(incident, user) and approved.exists():
        return Named.Who.PATIENT, Named.Who.REPORTER
    return (Named.Who.PATIENT,)


def checked_purpose(purpose: str, reason: str) -> str:
    """The reason, cleaned. Raises `ReasonRequired`, `InvalidInput`."""
    if purpose not in Purpose.values:
        raise InvalidInput({"purpose": [_("Choose one of the offered values.")]})
    text = checked_reason(reason)
    if not REASON_LEAST <= len(text) <= REASON_MOST:
        sentence = _("Say it in %(least)s to %(most)s characters: whoever checks the log must understand it.")
        raise InvalidInput({"reason": [sentence % {"least": REASON_LEAST, "most": REASON_MOST}]})
    return text


def reveal(incident: Incident, *, by: Any, purpose: str, reason: str) -> dict[str, dict[str, str]]:
    """Show who is named in an incident, after writing down who asked, what for and why.

    Raises `Http404`, `RightMissing`, `ReasonRequired`, `InvalidInput`, `NotRecorded`, `CannotOpen`."""
    found = Incident.objects.visible_to(by).filter(pk=incident.pk).first()
    if found is None:
        raise Http404
    whom = shown_to(found, by)
    if not whom:
        record(Act.REFUSED, by=by, about=found, reason="reveal_named")
        raise RightMissing
    text = checked_purpose(purpose, reason)
    record_first(Act.REVEAL, by=by, about=found, purpose=purpose, reason=text)
    with as_system():
        return {row.who: row.opened() for row in Named.objects.filter(incident=found, who__in=whom).order_by("who")}

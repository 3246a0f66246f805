"""Deeds over the register: entering a directive with its text, saying what it goes back to, confirming obligations,
and superseding an older one, where each open obligation is carried on or closed by somebody's choice."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, Refused, RightMissing, StaleVersion
from common.scope import as_system
from common.text import clean, fold, has_unstorable
from directives import periods
from directives.choices import DirectiveState, ObligationState, Party, Relation
from directives.expansion import withdraw_of
from directives.models import Clause, Directive, DocumentVersion, Lineage, Obligation

MANAGE = "directives.manage_directive"
FACTS = ("code", "number", "issuer", "signer", "subject", "issued_on", "effective_on", "ends_on", "scope", "note")
CARRY, CLOSE = "carry", "close"
UNREADABLE = gettext_lazy("This recurrence cannot be read.")


@dataclass(frozen=True)
class Duty:
    """A clause and the obligation that follows from it, as somebody confirmed them."""

    part: str
    text: str
    title: str
    parties: Sequence[str]
    party: str = ""
    evidence: str = ""
    recurrence: str = ""
    due_on: date | None = None
    starts_on: date | None = None
    days_after: int = 0
    needs_second: bool = False
    source: str = ""
    code: str = ""


class LineageCircle(Refused):
    """A line that would lead back to where it began."""

    code = "lineage_circle"
    status = 409
    message = gettext_lazy("This would close a circle: the older directive goes back to this one.")


def require_manager(by: Any) -> None:
    """Raises `RightMissing`."""
    if not by.has_perm(MANAGE):
        raise RightMissing


def same_number(number: str, issuer: str, issued_on: date | None) -> Directive | None:
    """The directive that has this number of this issuer and this day already. One query."""
    key = fold(number).replace(" ", "")[:60]
    if not key:
        return None
    found = [row for row in Directive.objects.filter(number_key=key) if fold(row.issuer) == fold(issuer)]
    return next((row for row in found if row.issued_on == issued_on or None in (row.issued_on, issued_on)), None)


@transaction.atomic
def enter(
    facts: Mapping[str, Any], *, by: Any, text: str = "", file: tuple[str, bytes, str] | None = None
) -> Directive:
    """Put a directive into the register, with its text and file. Raises `RightMissing`, `InvalidInput`."""
    require_manager(by)
    now = timezone.now()
    row = Directive(**{name: _stored(facts.get(name)) for name in FACTS if facts.get(name) not in (None, "")})
    row.entered_by, row.entered_at = by, now
    row.code = row.code or _free_code(row)
    row.fold_number()
    if known := same_number(row.number, row.issuer, row.issued_on):
        said = {"number": row.number, "directive": f"{known.code} – {known.subject[:80]}"}
        raise InvalidInput({"number": [_("The number %(number)s is in the register already: %(directive)s.") % said]})
    _check(row)
    with as_system():
        save(row, by=by, reason="")
        if text or file:
            _add_document(row, text, file, by=by, at=now)
    return row


def _stored(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _free_code(row: Directive) -> str:
    """A short name from the number, with a count where another has it."""
    stem = (row.number or row.issuer).replace(" ", "")[:30] or "VB"
    taken = set(Directive.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(
        name for count in range(1, len(taken) + 3) if (name := stem if count == 1 else f"{stem}-{count}") not in taken
    )


def _check(row: Any) -> None:
    try:
        row.full_clean()
    except ValidationError as refusal:
        told: dict[str, list[Any]] = {
            ("code" if name == "__all__" else name): list(words) for name, words in refusal.message_dict.items()
        }
        raise InvalidInput(told) from refusal


def save(row: Any, *, by: Any, reason: str) -> None:
    row._history_user, row._change_reason = by, reason
    row.save()


def _add_document(
    directive: Directive, text: str, file: tuple[str, bytes, str] | None, *, by: Any, at: datetime
) -> DocumentVersion:
    name, content, kind = file or ("", b"", "")
    digest = hashlib.sha256(content or text.encode()).hexdigest()
    position = 1 + DocumentVersion.objects.filter(directive=directive).count()
    return DocumentVersion.objects.create(
        directive=directive, position=position, name=name[-120:], content=content or None, content_type=kind[:80],
        text=clean(text), sha256=digest, at=at, by=by,
    )  # fmt: skip


def locked(directive: Directive, by: Any, version: int | None = None) -> Directive:
    """The directive as it stands, nobody else writing it. Raises `Http404`, `RightMissing`, `StaleVersion`."""
    rows = Directive.objects.visible_to(by).select_for_update(no_key=True, of=("self",))  # others may point to it
    found: Directive | None = rows.filter(pk=directive.pk).first()
    if found is None:
        raise Http404
    require_manager(by)
    if version is not None and found.version != version:
        raise StaleVersion(current_version=found.version)
    return found


@transaction.atomic
def change(directive: Directive, facts: Mapping[str, Any], *, by: Any, reason: str, version: int) -> Directive:
    """Correct what is known of a directive. Raises `Http404`, `RightMissing`, `StaleVersion`, `InvalidInput`."""
    found = locked(directive, by, version)
    if not reason.strip():
        raise ReasonRequired
    for name in FACTS:
        if name in facts and name != "code":
            value = _stored(facts[name])
            setattr(found, name, value if value is not None or name.endswith("_on") else "")
    found.version += 1
    found.fold_number()
    _check(found)
    with as_system():
        save(found, by=by, reason=clean(reason))
    return found


# --- what it goes back to --------------------------------------------------------------------------------------------


@transaction.atomic
def relate(directive: Directive, relation: str, other: Directive, *, by: Any) -> Lineage:
    """Say what a directive goes back to. Raises `Http404`, `RightMissing`, `InvalidInput`, `LineageCircle`."""
    found = locked(directive, by)
    if relation not in Relation.values:
        raise InvalidInput({"relation": [_("Choose one of the offered values.")]})
    if found.pk == other.pk:
        raise InvalidInput({"other": [_("A directive does not go back to itself.")]})
    if found.issued_on and other.issued_on and other.issued_on > found.issued_on:
        said = {"older": other, "on": other.issued_on.strftime("%d/%m/%Y")}
        raise InvalidInput({"other": [_("%(older)s was issued later (%(on)s), so this cannot go back to it.") % said]})
    if Lineage.objects.filter(directive=found, relation=relation, other=other).exists():
        raise InvalidInput({"other": [_("This is recorded already.")]})
    try:
        with as_system(), transaction.atomic():
            return Lineage.objects.create(directive=found, relation=relation, other=other, at=timezone.now(), by=by)
    except IntegrityError as fault:
        if "lineage_circle" in str(fault):
            raise LineageCircle from fault
        raise


# --- obligations -----------------------------------------------------------------------------------------------------


@transaction.atomic
def oblige(directive: Directive, duties: Sequence[Duty], *, by: Any) -> list[Obligation]:
    """Add clauses with the obligations that follow from them, all or none.

    Raises `Http404`, `RightMissing`, `InvalidInput` with the place of the duty before each field (`3-title`)."""
    found, today = locked(directive, by), timezone.localdate()
    place = Clause.objects.filter(directive=found).count()
    made: list[Obligation] = []
    wrong: dict[str, list[Any]] = {}
    with as_system():
        for number, duty in enumerate(duties):
            faults = faults_of(duty)
            if faults:
                wrong |= {f"{number}-{name}": [words] for name, words in faults.items()}
                continue
            clause = Clause(
                directive=found, part=duty.part[:60], position=place + number + 1, party=duty.party[:300],
                text=clean(duty.text),
            )  # fmt: skip
            obligation = Obligation(
                code=duty.code or _code_of(found, place + number + 1), directive=found, title=clean(duty.title)[:500],
                parties=list(duty.parties), evidence=clean(duty.evidence)[:300], recurrence=duty.recurrence,
                due_on=duty.due_on, days_after=duty.days_after, needs_second=duty.needs_second,
                starts_on=duty.starts_on or max(today, found.effective_on or today), source=duty.source,
            )  # fmt: skip
            clause.save()
            obligation.clause = clause
            save(obligation, by=by, reason="")
            made.append(obligation)
    if wrong:
        raise InvalidInput(wrong)
    return made


def faults_of(duty: Duty) -> dict[str, str]:
    """What keeps a duty from being stored, field by field. No query."""
    wrong: dict[str, str] = {}
    if not clean(duty.title):
        wrong["title"] = _("Say what is to be done.")
    if not duty.parties or set(duty.parties) - set(Party.values):
        wrong["parties"] = _("Say who is obliged.")
    if has_unstorable(duty.title + duty.text + duty.evidence):
        wrong["title"] = _("This text holds characters that cannot be stored. Type it again.")
    try:
        periods.rules_of(duty.recurrence)
    except periods.RuleUnreadable:
        wrong["recurrence"] = str(UNREADABLE)
    if duty.due_on and duty.starts_on and duty.due_on < duty.starts_on:
        wrong["due_on"] = _("It is due before it begins.")
    return wrong


def _code_of(directive: Directive, place: int) -> str:
    return f"{directive.code[:34]}.{place}"


# --- superseding -----------------------------------------------------------------------------------------------------


@transaction.atomic
def supersede(
    old: Directive, new: Directive, choices: Mapping[int, str], *, by: Any, reason: str, version: int
) -> Directive:
    """An older directive gives way to a newer one. `choices` says of each open obligation, by its key, whether the
    newer one carries it on or it is closed; none may be left out, and nothing is guessed.

    Raises `Http404`, `RightMissing`, `StaleVersion`, `MoveRefused`, `ReasonRequired`, `InvalidInput`,
    `LineageCircle`."""
    found, today = locked(old, by, version), timezone.localdate()
    if found.state != DirectiveState.IN_FORCE:
        raise MoveRefused(_("It is not in force any more."))
    if not reason.strip():
        raise ReasonRequired
    open_now = list(
        Obligation.objects.select_for_update(of=("self",)).filter(directive=found, state=ObligationState.OPEN)
    )
    wrong: dict[str, list[Any]] = {
        f"choice-{each.pk}": [_("Say of this obligation whether it goes on.")]
        for each in open_now
        if choices.get(each.pk) not in (CARRY, CLOSE)
    }
    if wrong:
        raise InvalidInput(wrong)
    if not Lineage.objects.filter(directive=new, relation=Relation.REPLACES, other=found).exists():
        relate(new, Relation.REPLACES, found, by=by)
    with as_system():
        for each in open_now:
            if choices[each.pk] == CARRY:
                each.carried_by = new
                each.version += 1
                save(each, by=by, reason=clean(reason))
            else:
                close(each, on=today, by=by, reason=reason)
        found.state, found.version = DirectiveState.SUPERSEDED, found.version + 1
        save(found, by=by, reason=clean(reason))
    return found


def close(obligation: Obligation, *, on: date, by: Any, reason: str) -> None:
    """It holds no longer: nothing more is assigned, and what nobody reported on is withdrawn. As the system."""
    obligation.state, obligation.closed_on = ObligationState.CLOSED, on
    obligation.version += 1
    save(obligation, by=by, reason=clean(reason))
    withdraw_of(obligation, by=by, reason=reason)


def line_of(directive: Directive, reader: Any) -> list[Lineage]:
    """Every line above and below a directive that its reader sees, however far. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up(id) AS (SELECT %(pk)s::bigint UNION SELECT l.other_id FROM directives_lineage l"
            " JOIN up ON l.directive_id = up.id),"
            " down(id) AS (SELECT %(pk)s::bigint UNION SELECT l.directive_id FROM directives_lineage l"
            " JOIN down ON l.other_id = down.id) SELECT id FROM up UNION SELECT id FROM down",
            {"pk": directive.pk},
        )
        family = [row[0] for row in cursor.fetchall()]
    rows = Lineage.objects.visible_to(reader).filter(directive__in=family, other__in=family)
    return list(rows.select_related("directive", "other"))

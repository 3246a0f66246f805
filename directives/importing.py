"""Reading a letter in: what the reader proposes is kept as a draft, a person decides clause by clause, and confirming
makes the directive with its obligations. Nothing is dropped: what was not read stays in sight, what could not be read
at all is kept with the reason."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused, Refused, StaleVersion
from common.scope import as_system
from common.text import clean, short
from directives import register
from directives.choices import OF_FACILITIES, ONCE, Party
from directives.files.reading import text_of
from directives.models import Directive, ImportDraft
from directives.reading.letter import read_letter
from directives.reading.proposal import Proposal
from directives.register import FACTS, Duty, require_manager

TAKE, LEAVE = "take", "leave"
TITLE = 240
FOUND_IN_LETTER = ("number", "issuer", "signer", "subject", "issued_on")


def read_in(*, by: Any, text: str = "", name: str = "", content: bytes = b"", kind: str = "") -> ImportDraft:
    """Read a letter and keep what came of it. A letter that cannot be read is kept as well, with the reason.

    Raises `RightMissing`, `InvalidInput` when there is neither text nor file."""
    require_manager(by)
    if not content and not clean(text):
        raise InvalidInput({"text": [_("Choose a file or paste the text.")]})
    fault, proposal, said = "", {}, text
    try:
        said = text_of(content) if content else text
        proposal = as_rows(read_letter(said))
    except Refused as refusal:
        fault, proposal = str(refusal), as_unread(said)
    with as_system():
        return ImportDraft.objects.create(
            name=clean(name)[-120:], content=content or None, content_type=kind[:80], text=clean(said), fault=fault,
            proposal=proposal, choices=first_choices(proposal), at=timezone.now(), by=by,
        )  # fmt: skip


def as_rows(proposal: Proposal) -> dict[str, Any]:
    """A proposal as it is kept: what was found of the letter, its clauses, and every other line."""
    return {
        "facts": {
            "number": proposal.number or "",
            "issuer": proposal.issuer or "",
            "signer": proposal.signer or "",
            "subject": proposal.subject or "",
            "issued_on": proposal.written_on.isoformat() if proposal.written_on else "",
            "scope": "; ".join(one.rstrip(" ;.") for one in proposal.recipients),
        },
        "cites": list(proposal.cites),
        "bases": list(proposal.bases),
        "clauses": [
            {
                "part": one.part,
                "party": one.party,
                "text": one.text,
                "recurrence": one.recurrence or "",
                "due": one.due.isoformat() if one.due else "",
                "evidence": one.evidence or "",
                "lines": list(one.numbers),
            }
            for one in proposal.clauses
        ],
        "passages": [
            {"kind": str(one.kind), "said": str(one.kind.label), "text": one.text, "lines": list(one.numbers)}
            for one in proposal.passages
        ],
        "unread": [{"line": one.number, "text": one.text} for one in proposal.unread],
    }


def as_unread(text: str) -> dict[str, Any]:
    """A text of which nothing was read: every line with something on it."""
    lines = [(number, clean(line)) for number, line in enumerate(text.split("\n"), start=1)]
    unread = [{"line": number, "text": line} for number, line in lines if line]
    facts = dict.fromkeys((*FOUND_IN_LETTER, "scope"), "")
    return {"facts": facts, "cites": [], "bases": [], "clauses": [], "passages": [], "unread": unread[:2000]}


def first_choices(proposal: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the form before anybody decided: nothing is taken yet."""
    return {"facts": dict(proposal["facts"]), "clauses": [_asked(one) for one in proposal["clauses"]]}


def _asked(clause: Mapping[str, Any]) -> dict[str, Any]:
    codes = [code for code in clause["party"].split(";") if code in Party.values]
    return {
        "part": clause["part"],
        "party": clause["party"],
        "text": clause["text"],
        "decision": "",
        "title": short(clause["text"], TITLE),
        "parties": codes or [str(Party.OTHER)],
        "recurrence": clause["recurrence"],
        "due_on": clause["due"],
        "evidence": clause["evidence"],
        "needs_second": False,
    }


def doubts(draft: ImportDraft) -> list[str]:
    """What a person should look at before confirming, in plain words. One query."""
    facts, found = draft.choices.get("facts", {}), []
    issued = _day(facts.get("issued_on"))
    if draft.fault:
        found.append(draft.fault)
    known = Directive.objects.filter(number_key=_key(facts.get("number", ""))) if facts.get("number") else ()
    for row in known:
        said = {
            "number": row.number,
            "issuer": row.issuer,
            "day": f"{row.issued_on:%d/%m/%Y}" if row.issued_on else "—",
        }
        found.append(_("The register already has %(number)s of %(issuer)s, issued %(day)s.") % said)
    missing = {"number": _("number"), "issued_on": _("day of issue"), "issuer": _("issuer")}
    lacks = [words for name, words in missing.items() if not facts.get(name)]
    if lacks:
        found.append(_("Not found in the letter: %(what)s.") % {"what": ", ".join(lacks)})
    if issued and issued > timezone.localdate():
        found.append(_("The letter is dated in the future."))
    for clause in draft.choices.get("clauses", []):
        due = _day(clause.get("due_on"))
        if issued and due and due < issued:
            said = {"part": clause["part"], "day": f"{due:%d/%m/%Y}"}
            found.append(_("Part %(part)s is due on %(day)s, before the letter was issued.") % said)
    return found


def _key(number: str) -> str:
    row = Directive(number=number)
    row.fold_number()
    return row.number_key


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def locked(draft: ImportDraft, by: Any, version: int) -> ImportDraft:
    """The draft as it stands. Raises `Http404`, `RightMissing`, `StaleVersion`, `MoveRefused`."""
    require_manager(by)
    rows = ImportDraft.objects.visible_to(by).select_for_update(of=("self",))
    found: ImportDraft | None = rows.filter(pk=draft.pk).first()
    if found is None:
        raise Http404
    if found.directive_id or found.dropped_at:
        raise MoveRefused(_("This letter was read in or put aside already."))
    if found.version != version:
        raise StaleVersion(current_version=found.version)
    return found


@transaction.atomic
def decide(draft: ImportDraft, choices: Mapping[str, Any], *, by: Any, version: int) -> ImportDraft:
    """Keep what was decided so far, unfinished or not."""
    found = locked(draft, by, version)
    found.choices, found.version = dict(choices), found.version + 1
    with as_system():
        found.save(update_fields=["choices", "version"])
    return found


@transaction.atomic
def add_line(draft: ImportDraft, line: int, *, by: Any, version: int) -> ImportDraft:
    """Make a duty of a line that was read as none, or not read. Raises `InvalidInput` for a line that is not there."""
    found = locked(draft, by, version)
    text = next((text for number, text in other_lines(found) if number == line), None)
    if text is None:
        raise InvalidInput({"line": [_("This line is not in the letter.")]})
    added = {
        "part": _("line %(line)s") % {"line": line},
        "party": "",
        "text": text,
        "recurrence": "",
        "due": "",
        "evidence": "",
    }
    found.choices["clauses"].append(_asked(added))
    found.version += 1
    with as_system():
        found.save(update_fields=["choices", "version"])
    return found


def other_lines(draft: ImportDraft) -> Iterator[tuple[int, str]]:
    """Every line that is in no clause, with what it says."""
    for one in draft.proposal.get("unread", []):
        yield one["line"], one["text"]
    for one in draft.proposal.get("passages", []):
        if one["lines"]:
            yield one["lines"][0], one["text"]


@transaction.atomic
def drop(draft: ImportDraft, *, by: Any, version: int) -> None:
    """Put a draft aside; it stays."""
    found = locked(draft, by, version)
    found.dropped_at, found.version = timezone.now(), found.version + 1
    with as_system():
        found.save(update_fields=["dropped_at", "version"])


@transaction.atomic
def confirm(draft: ImportDraft, *, by: Any, version: int) -> Directive:
    """Make the directive and its obligations, as decided. Every clause is taken or left by somebody's choice.

    Raises `InvalidInput` with the field of the form (`facts-number`, `3-title`), and what `register.enter` raises."""
    found = locked(draft, by, version)
    rows = found.choices.get("clauses", [])
    undecided: dict[str, list[Any]] = {
        f"{place}-decision": [_("Say whether this is a duty.")]
        for place, row in enumerate(rows)
        if row.get("decision") not in (TAKE, LEAVE)
    }
    if undecided:
        raise InvalidInput(undecided, _("Some clauses are not decided yet."))
    facts = {name: value for name, value in found.choices["facts"].items() if name in FACTS and value}
    for name in ("issued_on", "effective_on", "ends_on"):
        facts[name] = _day(facts.get(name))
    file = (found.name, bytes(found.content), found.content_type) if found.content else None
    try:
        made = register.enter(facts, by=by, text=found.text, file=file)
    except InvalidInput as refusal:
        told: dict[str, list[Any]] = {f"facts-{name}": list(words) for name, words in refusal.fields.items()}
        raise InvalidInput(told) from refusal
    _oblige(made, rows, by)
    found.directive, found.version = made, found.version + 1
    with as_system():
        found.save(update_fields=["directive", "version"])
    return made


def _oblige(made: Directive, rows: Sequence[Mapping[str, Any]], by: Any) -> None:
    taken = [(place, row) for place, row in enumerate(rows) if row["decision"] == TAKE]
    try:
        register.oblige(made, [_duty(row) for _place, row in taken], by=by)
    except InvalidInput as refusal:
        told: dict[str, list[Any]] = {}
        for name, words in refusal.fields.items():
            number, _dash, field = name.partition("-")
            told[f"{taken[int(number)][0]}-{field}"] = list(words)
        raise InvalidInput(told) from refusal


def _duty(row: Mapping[str, Any]) -> Duty:
    return Duty(
        part=row["part"], party=row["party"], text=row["text"], title=row["title"], parties=row["parties"],
        recurrence=row["recurrence"], due_on=_day(row["due_on"]) if row["recurrence"] == ONCE else None,
        evidence=row["evidence"], needs_second=bool(row["needs_second"]),
    )  # fmt: skip


def reaches_facilities(parties: Sequence[str]) -> bool:
    """Will any facility get an assignment of it?"""
    return any(party in OF_FACILITIES for party in parties)

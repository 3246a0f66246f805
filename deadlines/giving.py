"""What a step does besides telling people: it gives a record or a task to somebody."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count

from deadlines.choices import GIVING, Action
from deadlines.models import Duty
from deadlines.telling import Due, Register, Taken

Gift = tuple[Due, int, Action, str]  # a deadline, its step, what is given, to which role


def give(register: Register, taken: Taken, fired: Collection[int], at: datetime) -> None:
    """Do what these steps ask for, once each: the ledger has just taken them. Nothing is asked while no step gives.

    Of several people in a role the one with the fewest open tasks gets it; a record goes by the deed of its own app,
    and the last step of several decides to whom."""
    gifts = [
        (row, position, rung.action, rung.given_to)
        for row, steps in taken
        if row.id in fired
        for position, rung in zip(row.passed, steps.rungs, strict=True)
        if rung.action in GIVING
    ]
    if gifts:
        _give(register, gifts, at)


def _give(register: Register, gifts: list[Gift], at: datetime) -> None:
    records: dict[str, set[int]] = {}
    for row, _position, _action, role in gifts:
        records.setdefault(role, set()).add(row.about_id)
    people = {role: register.ask((role,), ids) for role, ids in records.items()}
    load = _load({person for found in people.values() for those in found.values() for person in those})
    duties: list[Duty] = []
    handed: dict[int, int] = {}
    for row, position, action, role in gifts:
        if not (able := people[role][row.about_id]):
            continue
        person = min(able, key=lambda each: (load[each], each))
        load[person] += 1
        if action == Action.TASK:
            duties.append(
                Duty(deadline_id=row.id, ladder_id=row.ladder_id, step=position, person_id=person, given_at=at)
            )
        else:
            handed[row.about_id] = person
    Duty.objects.bulk_create(duties, ignore_conflicts=True)
    if handed and register.subject.reassign:
        register.subject.reassign(sorted(handed.items()))


def _load(people: set[int]) -> Counter[int]:
    """How many tasks each of them has open."""
    found = Duty.objects.open().filter(person__in=people).values_list("person").annotate(count=Count("pk"))
    return Counter(dict(found.order_by()))

"""Directives of the planted world, and the assignments that follow from them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from common.uploads import checked
from directives import importing, register, reporting, transitions
from directives.choices import Status
from directives.models import Assignment, Directive, PartyRule
from tests.directives import factories as make
from tests.files import recording


def plant(world: Any, planted: Callable[[int, str], str]) -> None:
    """A directive that reached A, and one that reached B and C."""
    by = world.by("division_2")
    world.directives, world.obligations, world.assignments, world.letters, world.proofs = {}, {}, {}, {}, {}
    world.party_rule = PartyRule.objects.create(party="HOSP", type="BVDK")
    for name, units in (("directive_a", ("a",)), ("directive_b", ("b", "c"))):
        number = world.numbers[name] = 60 + len(world.directives)
        made = make.directive(
            by, f"{number}/CT-SYT", subject=f"Tăng cường kiểm tra {planted(number, 'gb')}",
            note=f"ghi chú {planted(number, 'gn')}", text=f"Toàn văn {planted(number, 'gt')}",
        )  # fmt: skip
        duty = make.obligation(by, made, title=f"Báo cáo {planted(number, 'go')}")
        register.change(made, {}, by=by, reason=f"sửa {planted(number, 'gr')}", version=1)
        world.directives[name] = Directive.objects.get(pk=made.pk)
        world.obligations[name] = duty
        text = f"Hôm nay {planted(number, 'gi')} trời đẹp."
        world.letters[name] = importing.read_in(by=by, text=text)
        for unit in units:
            due = timezone.localdate() + timedelta(days=20)
            world.assignments[f"duty_{unit}"] = make.assigned(duty, getattr(world, unit), due)
    _report(world, planted)


def _report(world: Any, planted: Callable[[int, str], str]) -> None:
    """What A handed in, what B is writing, and what was withdrawn of C, which ends."""
    for place, name in enumerate(("duty_a", "duty_b", "duty_c")):
        world.numbers[name] = 65 + place
    for name, letter, what in (("duty_a", "a", "hn"), ("duty_b", "b", "hx")):
        assignment, number = world.assignments[name], world.numbers[name]
        by = world.by(f"facility_officer_{letter}")
        upload = SimpleUploadedFile("minh-chung.mp3", recording(planted(number, what)))
        file = reporting.keep_file(
            assignment.facility_id, checked(upload), title=f"Biên bản {planted(number, what)}", by=by
        )
        reporting.write(assignment, f"Đã làm {planted(number, what)}", {}, [file], by=by, version=0)
        world.proofs[name] = file
        if name == "duty_a":
            reason = f"đã đủ {planted(number, 'hs')}"
            transitions.move(assignment, Status.SUBMITTED, by=by, reason=reason, version=1)
    Assignment.objects.filter(pk=world.assignments["duty_c"].pk).update(status=Status.WITHDRAWN)
    for name, row in world.assignments.items():
        world.assignments[name] = Assignment.objects.get(pk=row.pk)

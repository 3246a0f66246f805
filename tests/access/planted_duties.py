"""Directives of the planted world, and the assignments that follow from them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from directives import importing, register
from directives.models import Directive, PartyRule
from tests.directives import factories as make


def plant(world: Any, planted: Callable[[int, str], str]) -> None:
    """A directive that reached A, and one that reached B and C."""
    by = world.by("division_2")
    world.directives, world.obligations, world.assignments, world.letters = {}, {}, {}, {}
    world.party_rule = PartyRule.objects.create(party="HOSP", type="BVDK")
    for name, units in (("directive_a", ("a",)), ("directive_b", ("b", "c"))):
        number = world.numbers[name] = 90 + len(world.directives)
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

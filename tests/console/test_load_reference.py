"""One command loads every app's reference data."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import TestCase

from console.management.commands.load_reference import STEPS, _loader
from facilities.models import Area, Division


class LoadReferenceTest(TestCase):
    def test_it_loads_every_app_and_a_second_run_changes_nothing(self):
        told = StringIO()
        call_command("load_reference", stdout=told)
        self.assertEqual(len(told.getvalue().splitlines()), len(STEPS))
        before = (Area.objects.count(), Division.objects.count(), Group.objects.count())
        call_command("load_reference", stdout=told)
        self.assertEqual((Area.objects.count(), Division.objects.count(), Group.objects.count()), before)


@pytest.mark.parametrize(("module", "function"), [("facilities.nowhere", "load"), ("facilities.reference", "nothing")])
def test_a_missing_step_is_one_sentence(module, function):
    with pytest.raises(CommandError, match=f"{module}.{function} is missing"):
        _loader(module, function)

"""A convention: whatever belongs to a case says who may see it, and the case has one page in the console."""

from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.test import TestCase

from feedback.models import Case, DayCount, Receipt, ReceivedMail, Reporter, SearchEntry, Submission
from tests.feedback import factories as make

# Read through the case only, by code that asked `Case.visible_to` before: no list, no page, no address of their own.
THROUGH_THE_CASE = {Submission, Receipt, Reporter, SearchEntry, DayCount}


def models_of_cases() -> list[type[Model]]:
    """Case itself, and every model of ours that points to one, histories apart."""
    found: list[type[Model]] = [Case]
    for model in apps.get_models():
        is_history = hasattr(model, "history_id")
        points = any(isinstance(field, ForeignKey) and field.related_model is Case for field in model._meta.fields)
        if points and not is_history and model is not Case:
            found.append(model)
    return found


class ScopeTests(TestCase):
    def test_every_model_of_cases_says_who_may_see_it_or_is_read_through_the_case(self) -> None:
        for model in models_of_cases():
            with self.subTest(model=model._meta.label):
                is_scoped = hasattr(model._default_manager.all(), "visible_to")
                self.assertTrue(is_scoped or model in THROUGH_THE_CASE)

    def test_only_the_case_itself_has_a_page_of_its_own(self) -> None:
        registered = {model for model in models_of_cases() if model in admin.site._registry}
        self.assertEqual(registered, {Case, ReceivedMail})  # the latter: what came of e-mails, most with no case
        histories = [model for model in apps.get_models() if hasattr(model, "history_id")]
        self.assertFalse([model for model in histories if model in admin.site._registry])

    def test_a_stranger_sees_nothing_of_any_of_them(self) -> None:
        make.seed()
        team = make.Team()
        make.case_in("closed", team)
        for model in models_of_cases():
            rows = model._default_manager.all()
            if hasattr(rows, "visible_to"):
                with self.subTest(model=model._meta.label):
                    self.assertFalse(rows.visible_to(team.stranger).exists())

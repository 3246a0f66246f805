"""What even the directors left late is told to somebody outside the chain who sees every case: the internal auditor."""

from django.test import TestCase

from accounts.roles import ROLES
from feedback import subject
from feedback.choices import Status
from tests.feedback import factories as make

RIGHT = "feedback.oversee_department"


class OverseerTests(TestCase):
    def test_exactly_one_seeded_role_oversees_and_it_handles_no_case(self) -> None:
        holders = {role.code: role for role in ROLES if RIGHT in role.permissions}
        self.assertEqual(list(holders), ["auditor"])
        rights = set(holders["auditor"].permissions)
        self.assertLessEqual({"feedback.view_every_case", "feedback.view_confidential_case"}, rights)
        self.assertFalse(rights & {"feedback.triage_case", "feedback.check_case", "feedback.confirm_case"})

    def test_the_last_step_reaches_the_auditor_and_not_the_directors_alone(self) -> None:
        make.seed()
        team = make.Team()
        case = make.case_in(Status.TRIAGED, team)
        self.assertEqual(subject.recipients("higher", [case.pk]), {case.pk: [team.auditor.pk]})
        self.assertEqual(subject.recipients("director", [case.pk]), {case.pk: [team.director.pk]})

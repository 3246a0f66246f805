"""The story of a case, and who reads which part of it."""

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from feedback import services, timeline
from feedback.choices import Audience, Status, Urgency
from feedback.models import Case
from feedback.transitions import move
from tests.feedback import factories as make


class TimelineTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def kinds(self, case: Case, reader: object) -> list[str]:
        return [f"{entry.kind}:{entry.status}" for entry in timeline.entries(case, reader)]

    def test_the_department_reads_everything_newest_first(self) -> None:
        case = make.case_in(Status.CHECKED, self.team)
        officer = make.fresh(self.team.officer)
        case = services.edit(case, {"urgency": "S2"}, by=officer, reason="nặng hơn", version=case.version)
        services.add_note(case, "Đã gọi", audience=Audience.DEPARTMENT, by=officer)
        told = timeline.entries(case, officer)
        self.assertEqual([entry.kind for entry in told], ["note", "edit", "move", "move", "move", "received"])
        self.assertEqual(told[1].reason, "nặng hơn")
        self.assertEqual(
            [(change.name, change.new) for change in told[1].changes], [("urgency", str(Urgency.SERIOUS.label))]
        )
        self.assertEqual(told[3].text, make.GIVEN["findings"])
        self.assertEqual(told[4].by, str(self.team.officer))

    def test_a_facility_reads_what_is_between_it_and_the_department(self) -> None:
        case = make.case_in(Status.CLOSED, self.team)
        self.assertEqual(self.kinds(case, make.fresh(self.team.quality_officer)), ["move:answered", "move:forwarded"])

    def test_a_return_and_its_reason_are_for_the_facility(self) -> None:
        case = make.case_in(Status.RETURNED, self.team)
        newest = timeline.entries(case, make.fresh(self.team.quality_officer))[0]
        self.assertEqual((newest.status, newest.reason), ("returned", "theo quy trình"))

    def test_corrections_and_inner_notes_are_not(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        officer = make.fresh(self.team.officer)
        case = services.edit(case, {"urgency": "S2"}, by=officer, reason="LÝ DO NỘI BỘ", version=case.version)
        services.add_note(case, "NỘI BỘ", audience=Audience.DEPARTMENT, by=officer)
        services.add_note(case, "CHUNG", audience=Audience.FACILITY, by=officer)
        told = timeline.entries(case, make.fresh(self.team.quality_officer))
        self.assertEqual([entry.text or entry.status for entry in told], ["CHUNG", "forwarded"])
        self.assertFalse(any("assignee" in (change.name for change in entry.changes) for entry in told))

    def test_the_next_facility_reads_nothing_of_the_one_before(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        officer = make.fresh(self.team.officer)
        case = move(case, Status.TRIAGED, by=officer, reason="NHẦM NƠI", version=case.version)
        case = move(
            case,
            Status.FORWARDED,
            by=officer,
            reason="đúng nơi",
            version=case.version,
            given={"facility": self.team.other_hospital.code},
        )
        told = timeline.entries(case, make.fresh(self.team.stranger))
        self.assertEqual([entry.reason for entry in told], ["đúng nơi"])

    def test_each_entry_says_who_reads_it(self) -> None:
        case = make.case_in(Status.REPLIED, self.team)
        officer = make.fresh(self.team.officer)
        for audience in Audience:
            services.add_note(case, f"cho {audience}", audience=audience, by=officer)
        case = services.edit(case, {"urgency": "S2"}, by=officer, reason="nặng", version=case.version)
        told = {
            entry.text if entry.kind == "note" else entry.status: entry for entry in timeline.entries(case, officer)
        }
        marks = {
            "received": "department", "forwarded": "facility", "answered": "facility", "checked": "department",
            "confirmed": "department", "cho department": "department", "cho facility": "facility",
            "cho citizen": "citizen",
        }  # fmt: skip
        self.assertEqual({name: told[name].audience for name in marks}, marks)
        kinds = {(entry.kind, entry.status): entry.audience for entry in timeline.entries(case, officer)}
        self.assertEqual(kinds["move", "replied"], "citizen")
        self.assertEqual(kinds["edit", "replied"], "department")

    def test_what_is_marked_for_the_facility_is_what_the_facility_reads(self) -> None:
        for status in (Status.RETURNED, Status.CLOSED, Status.IN_REVIEW):
            case = make.case_in(status, self.team)
            services.add_note(case, "CHUNG", audience=Audience.FACILITY, by=make.fresh(self.team.officer))
            marked = [e.at for e in timeline.entries(case, make.fresh(self.team.officer)) if e.audience == "facility"]
            read = [e.at for e in timeline.entries(case, make.fresh(self.team.quality_officer))]
            self.assertEqual(marked, read)

    def test_what_happened_since_a_version(self) -> None:
        case = make.case_in(Status.ANSWERED, self.team)
        told = timeline.since(case, 1, make.fresh(self.team.officer))
        self.assertEqual([entry.status for entry in told], ["forwarded", "answered"])
        self.assertEqual(timeline.since(case, case.version, make.fresh(self.team.officer)), [])

    def test_a_case_that_one_may_not_see_has_no_name_in_the_story(self) -> None:
        secret, case = make.case(), make.case()
        merged = move(
            case,
            Status.MERGED,
            by=make.fresh(self.team.lead),
            reason="trùng",
            version=case.version,
            given={"target": secret.reference},
        )
        Case.objects.filter(pk=secret.pk).update(is_confidential=True)
        told = timeline.entries(merged, make.fresh(self.team.officer))
        self.assertEqual([change.new for change in told[0].changes if change.name == "merged_into"], ["—"])
        told = timeline.entries(merged, make.fresh(self.team.lead))
        self.assertEqual([change.new for change in told[0].changes if change.name == "merged_into"], [secret.reference])

    def test_the_number_of_queries_does_not_grow_with_the_story(self) -> None:
        def cost(case: Case) -> int:
            officer = make.fresh(self.team.officer)
            with CaptureQueriesContext(connection) as seen:
                timeline.entries(case, officer)
            return len(seen)

        short, long = make.case_in(Status.ANSWERED, self.team), make.case_in(Status.IN_REVIEW, self.team)
        for number in range(5):
            services.add_note(long, str(number), audience="department", by=make.fresh(self.team.officer))
        self.assertEqual(cost(long), cost(short))
        self.assertLessEqual(cost(long), 13)

    def test_two_answers_in_a_row_stand_each_with_its_own_step(self) -> None:
        case = make.case_in(Status.RETURNED, self.team)
        given = make.given_for(self.team) | {"findings": "Đã bổ sung nguyên nhân."}
        officer = make.fresh(self.team.quality_officer)
        case = move(case, Status.ANSWERED, by=officer, reason="bổ sung", version=case.version, given=given)
        texts = [entry.text for entry in timeline.entries(case, make.fresh(self.team.officer)) if entry.text]
        self.assertEqual(texts, ["Đã bổ sung nguyên nhân.", make.GIVEN["findings"]])

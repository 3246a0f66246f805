"""The pages: writing a report with colleagues, the list and its filters, the home page."""

from datetime import timedelta

import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deadlines.choices import Obligation
from deadlines.models import Deadline
from incidents import services
from incidents.choices import AnalysisStatus, Paper, Status
from incidents.classification import Claim
from incidents.completeness import NEEDED
from incidents.models import Addendum, Incident, Named, PaperGiven, Past, Reclassification
from tests.feedback.factories import fresh
from tests.incidents import analyses
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

LIST = "admin:incidents_incident_changelist"
ANNEX_THREE = [  # code, day, unit and form of the report follow and are not asked for
    "subject", "patient_name", "patient_record", "patient_born_on", "patient_sex", "patient_ward",
    "ward", "spot", "occurred_at", "detected_at", "description", "treatment", "proposal",
    "told_physician", "is_in_record", "told_family", "told_patient",
    "harm", "deaths", "more_feared", "serious_item", "exception",
    "reporter_role", "reporter_other", "reporter_name", "reporter_phone", "reporter_email",
    "reporter_witness_1", "reporter_witness_2", "is_anonymous", "types", "causes",
]  # fmt: skip


class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()

    def signed_in(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def address(self, name: str, incident: Incident, *more) -> str:
        return reverse(f"admin:incidents_incident_{name}", args=[incident.pk, *more])

    def posted(self, incident: Incident, **changes) -> dict[str, str]:
        """The form as a browser sends it back."""
        answer = self.signed_in(self.team.writer).get(self.address("edit", incident))
        form = answer.context["form"]
        sent = {}
        for field in form:
            value = field.value()
            if isinstance(value, list):
                sent[field.html_name] = value
            elif value not in (None, False):
                sent[field.html_name] = field.field.widget.format_value(value) or ""
        return sent | changes

    def test_a_report_is_begun_written_and_sent(self) -> None:
        client = self.signed_in(self.team.writer)
        begun = client.post(reverse("admin:incidents_incident_start"), {"facility": self.team.hospital.pk})
        incident = Incident.objects.get()
        self.assertRedirects(begun, self.address("edit", incident))
        page = client.get(self.address("change", incident)).content.decode()
        self.assertIn("data-lacks", page)
        body = self.posted(
            incident,
            subject="SUB1", ward="Khoa Nội", occurred_at="2026-01-02T08:00", detected_at="2026-01-02T08:10",
            description="Phát nhầm thuốc", treatment="Theo dõi", told_physician="yes", is_in_record="yes",
            told_family="no", told_patient="unrecorded", harm="D", reporter_role="REP1",
            types=["IT03.7", "IT03.8"], causes=["CA1.2"], patient_name="Lê Thị Hoa Sen",
        )  # fmt: skip
        self.assertRedirects(client.post(self.address("edit", incident), body), self.address("change", incident))
        incident.refresh_from_db()
        self.assertEqual((incident.types, incident.causes), (["IT03.7", "IT03.8"], ["CA1.2"]))
        page = client.get(self.address("change", incident)).content.decode()
        self.assertNotIn("data-lacks", page)
        self.assertNotIn("Hoa Sen", page)
        body = {"version": incident.version, "reason": "Báo cáo đã đầy đủ"}
        client.post(self.address("step", incident, "submitted"), body)
        incident.refresh_from_db()
        self.assertEqual(incident.status, Status.SUBMITTED)

    def test_what_was_left_alone_is_no_wish(self) -> None:
        incident = make.draft(self.team.writer, self.team.hospital, **SEVERE)
        before = Incident.objects.values().get()
        self.signed_in(self.team.writer).post(self.address("edit", incident), self.posted(incident))
        after = Incident.objects.values().get()
        self.assertEqual({name for name in after if after[name] != before[name]}, {"version", "updated_at"})

    def test_two_writers_choose_field_by_field(self) -> None:
        incident = make.draft(self.team.writer, self.team.hospital)
        mine = self.posted(incident, ward="Khoa Nhi", spot="Buồng 3")
        services.edit(incident, {"ward": "Khoa Ngoại"}, by=fresh(self.team.colleague), version=incident.version)
        client = self.signed_in(self.team.writer)
        answer = client.post(self.address("edit", incident), mine)
        self.assertEqual(answer.status_code, 409)
        page = answer.content.decode()
        self.assertTrue("Khoa Ngoại" in page and "Khoa Nhi" in page and "Buồng 3" in page)
        hidden = {}
        for name, value in answer.context["hidden"]:
            hidden.setdefault(name, []).append(value)
        chosen = {"wished": answer.context["wished"], "pick-ward": "theirs", "pick-spot": "mine"}
        client.post(self.address("edit", incident), hidden | chosen)
        incident.refresh_from_db()
        self.assertEqual((incident.ward, incident.spot), ("Khoa Ngoại", "Buồng 3"))

    def test_rubbish_in_a_form_keeps_what_was_typed(self) -> None:
        incident = make.draft(self.team.writer, self.team.hospital)
        client = self.signed_in(self.team.writer)
        for rubbish in (
            {"occurred_at": "hôm qua"},
            {"occurred_at": "0001-01-01T00:00"},
            {"harm": "Z"},
            {"serious_item": "99"},
            {"deaths": "-1"},
        ):
            with self.subTest(rubbish=rubbish):
                answer = client.post(self.address("edit", incident), self.posted(incident, spot="Buồng 7", **rubbish))
                self.assertEqual(answer.status_code, 200)
                self.assertIn("Buồng 7", answer.content.decode())
        self.assertEqual(Incident.objects.get().spot, "")

    def test_an_incomplete_one_is_refused_with_every_element(self) -> None:
        incident = make.draft(self.team.writer, self.team.hospital, ward="", treatment="")
        body = {"version": incident.version, "reason": "gửi"}
        page = self.signed_in(self.team.writer).post(self.address("step", incident, "submitted"), body).content.decode()
        self.assertEqual(page.count('class="ln-error"'), 3)

    def test_what_cannot_be_is_kept_in_the_draft_and_told_with_its_article(self) -> None:
        incident = make.draft(self.team.writer, self.team.hospital)
        body = self.posted(
            incident, occurred_at="2026-01-02T10:00", detected_at="2026-01-02T08:00", harm="C", serious_item="6"
        )
        page = self.signed_in(self.team.writer).post(self.address("edit", incident), body, follow=True)
        incident.refresh_from_db()
        self.assertEqual((incident.harm, incident.serious_item), ("C", 6))
        told = [str(one) for one in page.context["messages"] if one.level_tag == "warning"]
        self.assertEqual(len(told), 2)
        self.assertTrue(all("43/2018" in words for words in told), told)

    def test_the_form_marks_what_is_needed_before_sending(self) -> None:
        incident = make.draft(self.team.writer, self.team.hospital)
        page = self.signed_in(self.team.writer).get(self.address("edit", incident))
        self.assertContains(page, 'class="ln-needed" aria-hidden="true"', count=len(NEEDED))

    def test_the_facility_is_not_told_that_the_departments_clock_is_its_own(self) -> None:
        severe = make.sent(self.team.writer, self.team.hospital, **SEVERE)
        own = self.signed_in(self.team.writer).get(self.address("change", severe)).context
        others = self.signed_in(self.team.checker).get(self.address("change", severe)).context
        self.assertEqual(own["due"].obligation, Obligation.ANALYSE)
        self.assertEqual(others["due"], severe)
        bound = {str(clock.deadline.obligation) for clock in own["clocks"] if clock.binds_department}
        self.assertEqual(bound, {Obligation.QUICK_REPORT})

    def test_the_list_shows_a_facility_what_it_has_to_do_itself(self) -> None:
        severe = make.sent(self.team.writer, self.team.hospital, **SEVERE)
        quick = Deadline.objects.about(severe).get(obligation=Obligation.QUICK_REPORT)
        address = reverse(LIST)
        (own,) = self.signed_in(self.team.writer).get(address).context["cl"].result_list
        self.assertGreater(own.due_here, quick.due_at)
        with time_machine.travel(quick.due_at + timedelta(minutes=1), tick=False):
            late = [
                len(self.signed_in(person).get(f"{address}?queue=late").context["cl"].result_list)
                for person in (self.team.writer, self.team.checker)
            ]
        self.assertEqual(late, [0, 1])

    def test_both_readings_of_the_sixty_days_are_told(self) -> None:
        severe = make.sent(self.team.writer, self.team.hospital, **SEVERE)
        client = self.signed_in(self.team.checker)

        def lines() -> str:
            clocks = client.get(self.address("change", severe)).context["clocks"]
            found = next(one for one in clocks if one.deadline.obligation == Obligation.ANALYSE)
            return " ".join(map(str, found.lines))

        self.assertNotIn(f"{timezone.localdate() + timedelta(days=60):%d/%m/%Y}", lines().split("8.")[-1])
        analyses.step(analyses.written(severe, self.team.writer), AnalysisStatus.SUBMITTED, self.team.writer)
        self.assertIn(f"{timezone.localdate() + timedelta(days=60):%d/%m/%Y}", lines())

    def test_the_fishbone_has_six_bones_and_the_ticked_causes_on_theirs(self) -> None:
        severe = make.sent(self.team.writer, self.team.hospital, **SEVERE)
        analyses.written(severe, self.team.writer, causes=["CA1.2"], factors={"CA1.2": "Ca trực thiếu người."})
        page = self.signed_in(self.team.writer).get(self.address("analysis", severe))
        bones = page.context["bones"]
        self.assertEqual([len(bone.causes) for bone in bones], [1, 0, 0, 0, 0, 0])
        self.assertContains(page, "Ca trực thiếu người.")

    def test_the_form_has_every_field_of_annex_three_in_its_order(self) -> None:
        incident = make.draft(self.team.writer, self.team.hospital)
        form = self.signed_in(self.team.writer).get(self.address("edit", incident)).context["form"]
        shown = [field.name for _title, fields in form.sections() for field in fields]
        self.assertEqual(shown, ANNEX_THREE)
        self.assertEqual(len(form.fields["reporter_role"].choices) - 1, 5)
        self.assertEqual(len(form.fields["subject"].choices) - 1, 4)

    def test_the_story_says_what_was_done(self) -> None:
        incident = make.draft(self.team.writer, self.team.hospital)
        page = self.signed_in(self.team.writer).get(self.address("change", incident), headers={"accept-language": "vi"})
        self.assertContains(page, "Đã thay đổi: ")

    def test_lists_cost_the_same_for_few_and_many(self) -> None:
        def queries(user) -> int:
            client = self.signed_in(user)
            client.get(reverse(LIST))
            with CaptureQueriesContext(
                connection,
            ) as asked:
                self.assertEqual(client.get(reverse(LIST)).status_code, 200)
            return len(asked)

        people = (self.team.writer, self.team.checker, self.team.lead)
        make.sent(self.team.writer, self.team.hospital, **SEVERE)
        few = [queries(user) for user in people]
        for _number in range(4):
            make.sent(self.team.writer, self.team.hospital)
        self.assertEqual([queries(user) for user in people], few)

    def test_filters_narrow_and_rubbish_asks_for_nothing(self) -> None:
        severe = make.sent(self.team.writer, self.team.hospital, **SEVERE)
        mild = make.sent(self.team.writer, self.team.hospital)
        client = self.signed_in(self.team.checker)
        for query, expected in (
            ("?level=NC3", [severe]), ("?level=NC1", [mild]), ("?queue=severe", [severe]),
            ("?queue=to-check", [mild, severe]), ("?queue=returned", []), ("?since=01/01/2020", [mild, severe]),
            ("?until=01/01/2020", []), (f"?facility={self.team.other.pk}", []),
            ("?level=x&facility=zq&since=hôm&queue=draft", [mild, severe]),
        ):  # fmt: skip
            with self.subTest(query=query):
                shown = client.get(reverse(LIST) + query).context["cl"].result_list
                self.assertEqual(list(shown), expected)

    def test_the_home_page_counts_what_waits_for_whom(self) -> None:
        make.sent(self.team.writer, self.team.hospital)
        make.draft(self.team.writer, self.team.hospital)
        for user, tile in ((self.team.writer, "incident-draft"), (self.team.checker, "incident-to-check")):
            tiles = {one.name: one.count for one in self.signed_in(user).get(reverse("admin:index")).context["tiles"]}
            self.assertEqual(tiles[tile], 1)
        tiles = self.signed_in(self.team.officer).get(reverse("admin:index")).context["tiles"]
        self.assertFalse([one for one in tiles if one.name.startswith("incident")])

    def test_nothing_is_deleted(self) -> None:
        incident = make.sent(self.team.writer, self.team.hospital, **SEVERE)
        services.add(incident, "bổ sung", by=fresh(self.team.writer))
        services.give(incident, Paper.QUICK, given_at=timezone.now(), said="số 1", by=fresh(self.team.checker))
        incident.refresh_from_db()
        services.reclassify(incident, Claim("F"), reason="nhẹ", by=fresh(self.team.writer), version=incident.version)
        for model in (Incident, Past, Named, Addendum, PaperGiven, Reclassification):
            with self.subTest(model=model.__name__):
                self.assertTrue(model._base_manager.exists())
                with self.assertRaises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"DELETE FROM {model._meta.db_table}")

"""Incidents reported by the API: once, refused in words with the article, whole or as a draft of the facility."""

import threading
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.utils import timezone, translation
from fhir.resources.bundle import Bundle

from accounts.models import User
from audit.models import Act, Entry
from common.api import feed
from deadlines.services import deadlines_of
from incidents import services
from incidents.choices import Status
from incidents.completeness import NEEDED
from incidents.models import Incident, Named, Past, SystemReport
from incidents.taxonomy import lists
from notifications.models import Outbox
from tests.api.factories import PROBLEM, Caller, system
from tests.api.test_schema import problems_of
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.factories import Team

LIST = "/api/v1/incidents/"
EVENTS = f"{LIST}adverse-events/"
SAID = ("description", "treatment", "ward", "spot", "proposal")


def moment(**ago: int) -> str:
    return (timezone.localtime() - timedelta(**ago)).isoformat(timespec="seconds")


def body(**changes: Any) -> dict[str, Any]:
    """Every field of Annex III, of a severe incident."""
    whole = {
        "send": True, "subject": "SUB1", "ward": "Khoa Ngoại", "spot": "Phòng mổ 2", "occurred_at": moment(hours=3),
        "detected_at": moment(hours=1), "description": "Gạc còn trong ổ bụng.", "proposal": "Đếm gạc hai người.",
        "treatment": "Mổ lấy gạc.", "told_physician": "yes", "is_in_record": "yes", "told_family": "no",
        "told_patient": "unrecorded", "harm": "G", "deaths": 0, "more_feared": False, "serious_item": 4,
        "exception": "", "types": ["IT01.6"], "causes": ["CA1.2"], "reporter_role": "REP5",
        "reporter_other": "Kỹ thuật viên",
        "patient": {"name": "Lê Thị Hoa Sen", "record": "BA-77", "born_on": "1970", "sex": "F", "ward": "Khoa Ngoại"},
        "reporter": {
            "name": "Trần Ngọc Mai", "phone": "0900000001", "email": "mai@example.vn", "witness_1": "Lý Văn Ba",
            "witness_2": "Đỗ Thị Tư",
        },
    }  # fmt: skip
    return whole | changes


def without(said: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in names}


MILD = {"harm": "C", "serious_item": None}


class ReportTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = team = Team()
        roles = ("api_incident_reports",)
        cls.client_of_a, cls.of_a = system("phan-mem-a", may_send=True, roles=roles)
        cls.client_of_a.facilities.set([team.hospital])
        cls.every, cls.department = system("cong-bao-cao", may_send=True, roles=roles)

    def send(self, said: Any = None, key: str = "A-1", caller: Caller | None = None) -> Any:
        headers = {"Idempotency_Key": key} if key else {}
        return (caller or self.of_a).post(LIST, body() if said is None else said, **headers)

    def refused(self, said: Any, *fields: str, caller: Caller | None = None, status: int = 400) -> dict[str, list[str]]:
        answer = self.send(said, caller=caller)
        self.assertEqual((answer.status_code, answer["Content-Type"]), (status, PROBLEM), answer.content)
        found: dict[str, list[str]] = answer.json()["fields"]
        self.assertEqual(set(found), set(fields), found)
        return found

    def test_a_facilitys_own_system_sends_the_whole_report(self) -> None:
        said = body()
        answer = self.send(said)
        self.assertEqual(answer.status_code, 201, answer.content)
        incident = Incident.objects.get()
        self.assertEqual((incident.status, incident.facility), (Status.SUBMITTED, self.team.hospital))
        self.assertEqual((incident.division, incident.opened_by), (self.team.division, self.client_of_a.user))
        for name in without(said, "send", "patient", "reporter", "occurred_at", "detected_at"):
            self.assertEqual(getattr(incident, name), said[name], name)
        self.assertEqual(timezone.localtime(incident.detected_at).isoformat(), said["detected_at"])
        told = answer.json()
        self.assertEqual((told["status"], told["level"], told["is_mandatory"]), ("submitted", "NC3", True))
        self.assertEqual((told["missing"], told["maybe_same_as"]), ([], []))
        self.assertEqual(problems_of(told, {"$ref": "#/components/schemas/ReportReceipt"}), [])
        clocks = {clock.obligation for clock in deadlines_of(incident)}
        self.assertEqual(clocks, {"report_incident", "quick_report", "analyse"})

    def test_who_is_named_lies_under_seal_and_nowhere_else(self) -> None:
        said = body()
        answer = self.send(said)
        sealed = {row.who: row.opened() for row in Named.objects.all()}
        self.assertEqual(sealed, {who: said[who] for who in ("patient", "reporter")})
        self.assertTrue(Incident.objects.get().is_named)
        kept = [*Incident.objects.values(), *Past.objects.values(), *SystemReport.objects.values(), answer.json()]
        names = [*said["patient"].values(), *said["reporter"].values()]
        for name in set(names) - {"F", "Khoa Ngoại", "1970"}:
            self.assertNotIn(name, str(kept))

    def test_both_sides_are_told(self) -> None:
        self.send()

        def told(template: str) -> set[int]:
            return set(Outbox.objects.filter(template=template).values_list("recipient_id", flat=True))

        self.assertEqual(told("incident_submitted"), {self.team.checker.pk, self.team.second.pk, self.team.director.pk})
        self.assertEqual(told("incident_severe"), {self.team.head.pk})
        self.assertEqual(told("system_report"), {self.team.writer.pk, self.team.colleague.pk})

    def test_twenty_times_the_same_is_one_incident_and_one_answer(self) -> None:
        said = body()
        answers = [self.send(said) for _time in range(20)]
        self.assertEqual([answer.status_code for answer in answers], [201] + [200] * 19)
        self.assertEqual({answer.content for answer in answers}, {answers[0].content})
        self.assertNotIn("Idempotent-Replayed", answers[0])
        self.assertEqual({answer["Idempotent-Replayed"] for answer in answers[1:]}, {"true"})
        incident = Incident.objects.get()
        make.step(incident, Status.ACCEPTED, self.team.checker)
        self.assertEqual(self.send(said).content, answers[0].content)  # whatever became of it

    def test_another_content_under_the_same_key_is_refused(self) -> None:
        self.send()
        for other in (body(description="Chuyện khác."), body(reporter={"name": "Ai khác"}), body(send=False)):
            answer = self.send(other)
            self.assertEqual((answer.status_code, answer.json()["code"]), (409, "idempotency_key_reused"))
        self.assertEqual(Incident.objects.count(), 1)

    def test_a_key_is_the_systems_own_and_a_refused_one_stays_free(self) -> None:
        self.refused(body(harm="B"), "serious_item")
        self.assertEqual(self.send().status_code, 201)
        code = self.team.hospital.code
        draft = without(body(facility=code), "send")
        self.assertEqual(self.send(draft, caller=self.department).status_code, 201)
        self.assertEqual(Incident.objects.count(), 2)
        self.assertEqual(list(self.send(key="").json()["fields"]), ["Idempotency-Key"])

    def test_each_missing_element_is_named_with_its_article(self) -> None:
        for name in NEEDED:
            said = without(body(), name)
            with self.subTest(name=name):
                found = self.refused(said, name)
                self.assertTrue(found[name])
        found = self.refused({"send": True}, *NEEDED)
        self.assertIn("Điều 5", found["treatment"][0])
        self.refused(body(reporter={"phone": "0900000001"}), "reporter.name")
        self.refused(body(serious_item=None), "serious_item")
        self.assertFalse(Incident.objects.exists())

    def test_what_contradicts_itself_is_refused_with_its_article(self) -> None:
        later = {"occurred_at": moment(hours=1), "detected_at": moment(hours=2)}
        for changes, field in (
            (later, "detected_at"),
            ({"detected_at": moment(hours=-2)}, "detected_at"),
            ({"occurred_at": moment(hours=-3), "detected_at": moment(hours=-2)}, "occurred_at"),
            ({"harm": "F"}, "serious_item"),
            ({"harm": "G", "serious_item": 5}, "serious_item"),
            ({"deaths": 1}, "deaths"),
            ({"serious_item": 2, "exception": "đã duyệt"}, "exception"),
        ):
            for is_sent in (True, False):
                with self.subTest(changes=changes, is_sent=is_sent):
                    answer = self.send(body(send=is_sent, **changes))
                    self.assertEqual(answer.status_code, 400)
                    self.assertIn("43/2018", answer.json()["fields"][field][0])
        self.assertFalse(Incident.objects.exists())

    def test_what_the_circular_leaves_out_is_told_where_it_goes(self) -> None:
        for code, entry in lists().exclusions.items():
            sentence = self.refused(body(excluded=code), "excluded")["excluded"][0]
            self.assertIn("Điều 1", sentence)
            with translation.override("vi"):
                self.assertIn(str(entry), sentence)
        self.assertFalse(Incident.objects.exists())

    def test_refusals_are_in_the_readers_language(self) -> None:
        vietnamese = self.send(body(harm="B")).json()
        User.objects.filter(pk=self.client_of_a.user_id).update(language="en")
        english = self.send(body(harm="B")).json()
        self.assertNotEqual(english["fields"], vietnamese["fields"])
        self.assertIn("Article 7", english["fields"]["serious_item"][0])

    def test_what_does_not_fit_is_named_and_nothing_is_kept(self) -> None:
        for changes, field in (
            ({"description": 5}, "description"), ({"description": "x" * 20_001}, "description"),
            ({"description": "a\x00b"}, "description"), ({"ward": "x" * 201}, "ward"), ({"harm": "J"}, "harm"),
            ({"harm": ["G"]}, "harm"), ({"deaths": "1"}, "deaths"), ({"deaths": -1}, "deaths"),
            ({"serious_item": 29}, "serious_item"), ({"more_feared": "no"}, "more_feared"),
            ({"types": ["IT99"]}, "types.0"),
            ({"causes": "CA1.2"}, "causes"), ({"told_family": "maybe"}, "told_family"),
            ({"status": "accepted"}, "status"),
            ({"occurred_at": "hôm qua"}, "occurred_at"), ({"occurred_at": "2026-02-30T08:00:00"}, "occurred_at"),
            ({"patient": {"tên": "x"}}, "patient.tên"), ({"reporter": {"name": 5}}, "reporter.name"),
            ({"facility": "KHONGCO"}, "facility"), ({"level": "NC1"}, "level"),
        ):  # fmt: skip
            with self.subTest(changes=changes):
                answer = self.send(body(**changes))
                self.assertEqual(answer.status_code, 400, answer.content)
                self.assertTrue(any(name.startswith(field) for name in answer.json()["fields"]), answer.content)
        self.assertFalse(Incident.objects.exists() or SystemReport.objects.exists())

    def test_without_send_it_is_a_draft_that_the_facility_completes(self) -> None:
        said = {"ward": "Khoa Nội", "description": "Phát nhầm thuốc.", **MILD}
        answer = self.send(said | {"occurred_at": "2026-01-05T08:00:00"})
        self.assertEqual(answer.status_code, 201, answer.content)
        incident = Incident.objects.get()
        self.assertEqual((incident.status, answer.json()["status"]), (Status.DRAFT, "draft"))
        self.assertEqual(timezone.localtime(incident.occurred_at).hour, 8)
        self.assertIn("treatment", answer.json()["missing"])
        told = Outbox.objects.filter(template="system_draft").values_list("recipient_id", flat=True)
        self.assertEqual(set(told), {self.team.writer.pk, self.team.colleague.pk})
        rest = make.report(harm="C")
        incident = services.edit(incident, rest, by=fresh(self.team.writer), version=incident.version)
        self.assertEqual(make.step(incident, Status.SUBMITTED, self.team.writer).status, Status.SUBMITTED)

    def test_a_system_of_the_department_leaves_drafts_with_facilities_and_sends_nothing(self) -> None:
        said = body(facility="T02")
        sentence = self.refused(said, "send", caller=self.department)["send"][0]
        self.assertTrue(sentence)
        self.refused(without(said, "facility", "send"), "facility", caller=self.department)
        self.assertEqual(self.send(without(said, "send"), caller=self.department).status_code, 201)
        incident = Incident.objects.get()
        self.assertEqual((incident.status, incident.facility), (Status.DRAFT, self.team.other))
        self.assertFalse(Incident.objects.visible_to(fresh(self.every.user)).exists())

    def test_nobody_reports_for_another_facility_or_without_the_right(self) -> None:
        self.assertEqual(self.send(body(facility="T02")).status_code, 403)
        _row, feedback = system("tong-dai", may_send=True)
        _row, reader = system("kho", may_read=True, roles=("api_incident_reports",))
        for caller, status in (
            (feedback, 403), (reader, 403), (Caller(), 401), (Caller(user=self.team.writer), 403),
            (Caller(user=self.team.checker), 403),
        ):  # fmt: skip
            self.assertEqual(self.send(caller=caller).status_code, status)
        self.assertEqual(self.of_a.get(LIST).status_code, 403)  # who reports does not read
        self.assertFalse(Incident.objects.exists())

    def test_a_report_of_the_same_event_is_pointed_out(self) -> None:
        first = self.send().json()["reference"]
        second = self.send(body(description="Cùng ca mổ đó."), key="A-2").json()
        self.assertEqual(second["maybe_same_as"], [first])
        make.draft(self.team.writer, self.team.hospital)  # a draft is not told of
        self.assertEqual(len(self.send(body(description="Lần ba."), key="A-3").json()["maybe_same_as"]), 2)

    def test_who_may_read_it_is_given_its_address(self) -> None:
        self.assertNotIn("Location", self.send())
        roles = ("api_incident_reports", "api_incidents")
        row, both = system("hai-chieu", may_send=True, may_read=True, roles=roles)
        row.facilities.set([self.team.hospital])
        answer = self.send(key="A-2", caller=both)
        self.assertEqual(answer.json()["links"]["incident"], answer["Location"])
        self.assertEqual(both.get(answer["Location"]).status_code, 200)


class BundleTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = team = Team()
        cls.sent = [make.sent(team.writer, team.hospital, types=["IT03.7"]) for _one in range(3)]
        cls.other = make.sent(team.stranger, team.other, **make.SEVERE)
        cls.unsent = make.draft(team.writer, team.hospital)
        cls.every, cls.whole = system("kho-su-co", may_read=True, roles=("api_incidents",))
        cls.client_of_a, cls.of_a = system("he-thong-a", may_read=True, roles=("api_incidents",))
        cls.client_of_a.facilities.set([team.hospital])

    def walk(self, caller: Caller, path: str) -> list[str]:
        """The incidents of every page, each page a Bundle by the standard's own model."""
        met: list[str] = []
        for _page in range(9):
            answer = caller.get(path)
            self.assertEqual(answer.status_code, 200, answer.content)
            bundle = Bundle.model_validate_json(answer.content)
            self.assertEqual(bundle.type, "searchset")
            for word in ("Hoa Sen", "Ngọc Mai", "BA-77", "Phát nhầm", "Khoa Nội", "T01", "T02"):
                self.assertNotIn(word, answer.content.decode())
            entries = bundle.entry or []
            met += [entry.resource.id for entry in entries]
            links = {link.relation: link.url for link in bundle.link}
            if "next" not in links or not entries:
                return met
            path = str(links["next"])
        self.fail("no end")

    def test_many_incidents_page_by_page_without_drafts_and_identities(self) -> None:
        expected = [self.other.reference, *(one.reference for one in reversed(self.sent))]
        self.assertEqual(self.walk(self.whole, f"{EVENTS}?page_size=2"), expected)
        self.assertEqual(self.walk(self.of_a, EVENTS), expected[1:])
        self.assertEqual(self.walk(self.whole, f"{EVENTS}?level=NC3"), [self.other.reference])
        self.assertEqual(self.walk(self.whole, f"{EVENTS}?opened_from=2099-01-01"), [])

    def test_people_take_no_drafts_either_and_what_is_unknown_is_refused(self) -> None:
        own = self.walk(Caller(user=self.team.writer), EVENTS)
        self.assertEqual(set(own), {one.reference for one in self.sent})
        for wrong in ("?description=x", "?cursor=x", "?facility=T01"):
            self.assertEqual(self.whole.get(EVENTS + wrong).status_code, 400)

    def test_every_page_is_written_down(self) -> None:
        self.whole.get(f"{EVENTS}?page_size=2")
        entry = Entry.objects.get(act=Act.EXPORT)
        self.assertEqual((entry.by, entry.reason), (self.every.user, "2: fhir api bundle"))


class FollowingTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = team = Team()
        cls.incidents = [make.sent(team.writer, team.hospital) for _one in range(4)]
        _row, cls.reader = system("kho-su-co", may_read=True, roles=("api_incidents",))
        cls.start = timezone.now() - timedelta(hours=2)
        for minutes, one in enumerate(cls.incidents):
            Incident.objects.filter(pk=one.pk).update(updated_at=cls.start + timedelta(minutes=minutes))

    def setUp(self) -> None:
        lag = mock.patch.object(feed, "LAG", timedelta(0))  # so that nobody waits for five seconds
        lag.start()
        self.addCleanup(lag.stop)

    def walk(self, path: str) -> tuple[list[str], str]:
        met: list[str] = []
        while True:
            page = self.reader.get(path).json()
            if not page["results"]:
                return met, page["next"]
            met += [row["reference"] for row in page["results"]]
            path = page["next"]

    def test_changes_come_in_their_order_each_once_and_go_on_from_the_end(self) -> None:
        met, path = self.walk(f"{LIST}?ordering=changed&page_size=3")
        self.assertEqual(met, [one.reference for one in self.incidents])
        self.assertEqual(self.walk(path)[0], [])

    def test_whatever_goes_out_of_an_incident_is_a_change(self) -> None:
        _met, path = self.walk(f"{LIST}?ordering=changed")
        incident, by, checker = self.incidents[0], fresh(self.team.writer), fresh(self.team.checker)
        asked: list[Any] = []

        def ask() -> None:
            incident.refresh_from_db()
            claim = services.Claim("A")
            reason = "chưa chạm tới người bệnh"
            asked.append(services.reclassify(incident, claim, reason=reason, by=by, version=incident.version))

        deeds = (
            lambda: services.add(incident, "Đã ổn định.", by=by),
            ask,
            lambda: services.answer_lowering(asked[0], agrees=False, answer="chưa đủ căn cứ", by=checker),
            lambda: make.step(incident, Status.ACCEPTED, self.team.checker),
        )
        for deed in deeds:
            deed()
            met, path = self.walk(path)
            self.assertEqual(met, [incident.reference])

    def test_since_a_moment_and_wrong_questions(self) -> None:
        since = (self.start + timedelta(minutes=2)).isoformat().replace("+", "%2B")
        met, _next = self.walk(f"{LIST}?changed_since={since}")
        self.assertEqual(met, [one.reference for one in self.incidents[2:]])
        for wrong in ("?ordering=level", "?changed_since=x", "?ordering=received&changed_since=2026-01-01"):
            self.assertEqual(self.reader.get(LIST + wrong).status_code, 400)

    def test_a_bundle_of_changes(self) -> None:
        bundle = Bundle.model_validate_json(self.reader.get(f"{EVENTS}?ordering=changed").content)
        self.assertEqual([entry.resource.id for entry in bundle.entry], [one.reference for one in self.incidents])


class AtOnceTests(TransactionTestCase):
    """What two connections do at the same time."""

    def test_the_same_report_arriving_many_times_at_once_is_one_incident(self) -> None:
        team = Team()
        row, caller = system("phan-mem-a", may_send=True, roles=("api_incident_reports",))
        row.facilities.set([team.hospital])
        said, statuses, bodies = body(), [], []

        def send() -> None:
            try:
                answer = Caller(token=caller.headers["Authorization"].split()[1]).post(LIST, said, Idempotency_Key="K")
                statuses.append(answer.status_code)
                bodies.append(answer.content)
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _one in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(statuses), [200, 200, 200, 200, 201])
        self.assertEqual((len(set(bodies)), Incident.objects.count()), (1, 1))

"""The pages of actions: planning, writing with colleagues, evidence, verifying, and the lists."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.actions import services
from incidents.choices import ActionStatus as S
from incidents.choices import Concession, Effect, Status
from incidents.models import Action
from tests.feedback.factories import fresh
from tests.incidents import actions
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

LIST = "admin:incidents_action_changelist"


class ActionPageTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.incident = make.sent(cls.team.writer, cls.team.hospital, causes=["CA1.2"], **SEVERE)

    def signed_in(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def address(self, name: str, action: Action, *more) -> str:
        return reverse(f"admin:incidents_action_{name}", args=[action.pk, *more])

    def planned(self, **changes) -> Action:
        return actions.planned(self.team.writer, self.team.hospital, self.incident, **changes)

    def posted(self, page) -> dict:
        """The form as a browser sends it back."""
        sent = {}
        for field in page.context["form"]:
            value = field.value()
            if isinstance(value, list):
                sent[field.html_name] = value
            elif value not in (None, False, ""):
                sent[field.html_name] = field.field.widget.format_value(value)
        return {name: value[0] if name == "kind" and isinstance(value, list) else value for name, value in sent.items()}

    def test_an_action_is_planned_from_the_incident_done_verified_and_checked(self) -> None:
        writer, checker = self.signed_in(self.team.writer), self.signed_in(self.team.checker)
        begin = reverse("admin:incidents_action_start_after", args=[self.incident.pk])
        page = writer.get(begin)
        self.assertEqual(page.context["form"]["causes"].value(), ["CA1.2"])
        day = timezone.localdate()
        body = self.posted(page) | {
            "title": "Xe thuốc có ngăn", "kind": "S2", "details": "Mua 4 xe", "measure": "Số lần nhầm",
            "due_on": (day + timedelta(days=7)).isoformat(), "check_on": (day + timedelta(days=90)).isoformat(),
        }  # fmt: skip
        writer.post(begin, body)
        action = Action.objects.get()
        self.assertEqual((action.owner, action.incident), (self.team.writer, self.incident))
        story = reverse("admin:incidents_incident_change", args=[self.incident.pk])
        self.assertIn(action.reference, checker.get(story).content.decode())
        self.assertIn("data-lacks", writer.get(self.address("change", action)).content.decode())
        file = SimpleUploadedFile("bien-ban.pdf", actions.PDF)
        writer.post(self.address("progress", action), {"text": "Đã mua đủ", "files": file})
        page = writer.get(self.address("change", action)).content.decode()
        self.assertNotIn("data-lacks", page)
        self.assertIn("bien-ban.pdf", page)
        got = checker.get(self.address("evidence", action, action.evidence.get().token))
        self.assertTrue(b"".join(got.streaming_content).startswith(b"%PDF-"))
        body = {"version": action.version, "reason": "Đã xong"}
        writer.post(self.address("step", action, "done"), body)
        action.refresh_from_db()
        checker.post(self.address("step", action, "verified"), {"version": action.version, "reason": "Đã xem"})
        action.refresh_from_db()
        said = {"checked_on": day.isoformat(), "found": "Không còn nhầm", "result": Effect.EFFECTIVE}
        checker.post(self.address("effect", action), said | {"version": action.version})
        action.refresh_from_db()
        self.assertEqual(action.status, S.EFFECTIVE)
        moment = timezone.now().replace(second=0, microsecond=0)
        given = {"causes": ["CA1.2"], "occurred_at": moment, "detected_at": moment}
        again = make.draft(self.team.writer, self.team.hospital, **given)
        make.step(again, Status.SUBMITTED, self.team.writer)
        for where in (story, reverse("admin:incidents_incident_change", args=[again.pk])):
            self.assertIn('data-relation="recurred_as"', checker.get(where).content.decode())

    def test_another_facility_in_the_address_is_not_asked(self) -> None:
        begin, client = reverse("admin:incidents_action_start"), self.signed_in(self.team.writer)
        for asked in (str(self.team.other.pk), "1", "x", "٣", "9" * 30):
            with self.subTest(asked=asked):
                page = client.get(begin, {"co-so": asked})
                self.assertEqual((page.status_code, page.context["facility"]), (200, self.team.hospital))
        self.assertEqual(self.signed_in(self.team.checker).get(begin).status_code, 403)

    def test_a_file_of_a_wrong_kind_keeps_what_was_typed(self) -> None:
        action = self.planned()
        file = SimpleUploadedFile("anh.pdf", b"<html>")
        body = {"text": "Đã mua đủ xe", "files": file}
        page = self.signed_in(self.team.writer).post(self.address("progress", action), body).content.decode()
        self.assertIn("Đã mua đủ xe", page)
        self.assertIn("ln-error", page)
        self.assertFalse(action.progress.exists())

    def test_two_writers_choose_field_by_field(self) -> None:
        action, client = self.planned(), self.signed_in(self.team.writer)
        mine = self.posted(client.get(self.address("edit", action))) | {"title": "Việc của tôi", "measure": "Đếm khác"}
        services.write(action, {"title": "Việc của bạn"}, by=fresh(self.team.colleague), version=action.version)
        answer = client.post(self.address("edit", action), mine)
        self.assertEqual(answer.status_code, 409)
        page = answer.content.decode()
        self.assertTrue("Việc của tôi" in page and "Việc của bạn" in page and "Đếm khác" in page)
        hidden: dict[str, list[str]] = {}
        for name, value in answer.context["hidden"]:
            hidden.setdefault(name, []).append(value)
        chosen = {"wished": answer.context["wished"], "pick-title": "theirs", "pick-measure": "mine"}
        client.post(self.address("edit", action), hidden | chosen)
        action.refresh_from_db()
        self.assertEqual((action.title, action.measure), ("Việc của bạn", "Đếm khác"))

    def test_a_stale_step_is_refused_and_shown_again(self) -> None:
        action = actions.done(self.planned(), self.team.writer)
        client = self.signed_in(self.team.checker)
        answer = client.post(self.address("step", action, "verified"), {"version": 1, "reason": "Đã xem"})
        self.assertEqual(answer.status_code, 409)
        action.refresh_from_db()
        self.assertEqual(action.status, S.DONE)

    def test_a_request_is_answered_on_its_page(self) -> None:
        action = self.planned()
        client = self.signed_in(self.team.writer)
        client.post(self.address("ask", action, Concession.WITHDRAWAL), {"version": action.version, "reason": "thôi"})
        asked = action.concessions.get()
        page = self.signed_in(self.team.checker).get(self.address("change", action)).content.decode()
        self.assertIn(self.address("answer", action, asked.pk), page)
        body = {"agree": "1", "answer": "đồng ý"}
        self.signed_in(self.team.checker).post(self.address("answer", action, asked.pk), body)
        action.refresh_from_db()
        self.assertEqual(action.status, S.WITHDRAWN)

    def test_queues_and_tiles_show_what_waits_for_whom(self) -> None:
        due = self.planned(due_on=timezone.localdate() + timedelta(days=3))
        far = self.planned()
        done = actions.done(self.planned(), self.team.writer)
        for user, query, expected in (
            (self.team.writer, "?queue=soon", {due}),
            (self.team.writer, "?queue=due", {due, far}),
            (self.team.checker, "?queue=to-verify", {done}),
            (self.team.checker, "?queue=effect-due", set()),
            (self.team.checker, "?strength=weak", set()),
            (self.team.checker, "?strength=strong", {due, far, done}),
            (self.team.stranger, "", set()),
        ):
            with self.subTest(query=query):
                rows = self.signed_in(user).get(reverse(LIST) + query).context["cl"].result_list
                self.assertEqual(set(rows), expected)
        for user, tile in ((self.team.writer, "action-soon"), (self.team.checker, "action-to-verify")):
            tiles = {one.name: one.count for one in self.signed_in(user).get(reverse("admin:index")).context["tiles"]}
            self.assertEqual(tiles[tile], 1)

    def test_the_list_costs_the_same_for_few_and_many(self) -> None:
        client = self.signed_in(self.team.checker)

        def queries() -> int:
            client.get(reverse(LIST))
            with CaptureQueriesContext(connection) as asked:
                self.assertEqual(client.get(reverse(LIST)).status_code, 200)
            return len(asked)

        self.planned()
        few = queries()
        for _number in range(4):
            self.planned()
        self.assertEqual(queries(), few)

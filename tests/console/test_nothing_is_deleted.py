"""Case data is deleted by nobody, from no door: not by the ORM, not in SQL, not in the console, not through the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, ProtectedError
from django.test import TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Recusal, User
from audit.models import Entry, Purpose
from deadlines.models import Deadline, Escalation, Extension, Pause
from feedback import reveals, services
from feedback.choices import Audience, Status
from feedback.imports import work
from feedback.models import Case, CaseRecusal, Channel, DayCount, Draft, ReceivedMail, SavedFilter, SearchEntry
from feedback.reconciling import comparing, stating
from feedback.tasks import refresh_day_counts
from links.models import Link
from tests.feedback import factories as make
from tests.files import PDF

DERIVED = {SearchEntry, DayCount}  # made again from the cases at any time; they hold nothing of their own
OF_READERS = {SavedFilter}  # the words of a list that somebody keeps: nothing of a case
UNFINISHED = {Draft}  # what an operator is typing: no case yet, theirs to throw away, gone after a shift
BESIDE = [Deadline, Pause, Extension, Escalation, Entry, Recusal, Link]


def kept() -> list[type[Any]]:
    """Every model of the case app and its history, the clocks, links and audit entries of cases."""
    return [
        model
        for model in apps.get_app_config("feedback").get_models()
        if model not in DERIVED | OF_READERS | UNFINISHED
    ] + [
        *BESIDE,
        Recusal.history.model,
    ]


class DoorTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        paper = [SimpleUploadedFile("thu.pdf", PDF)]
        told = {"reporter": {"phone": "0900000009"}, "receipt_secret": "bí mật của tờ khai" * 2, "uploads": paper}
        cls.case = make.case_in(Status.CLOSED, cls.team, **told)
        services.add_note(cls.case, "đã gọi lại", audience=Audience.DEPARTMENT, by=make.fresh(cls.team.officer))
        secret = make.case(is_confidential=True, reporter={"phone": "0900000008"})
        why = "mời làm việc trực tiếp để bảo vệ người tố giác"
        reveals.ask(secret, by=make.fresh(cls.team.lead), purpose=Purpose.INVITE, reason=why)
        now, lead = timezone.now(), cls.team.lead
        CaseRecusal.objects.create(case=secret, user=cls.team.officer, reason="người nhà", by=lead, at=now)
        Recusal.objects.create(user=cls.team.officer, facility=cls.team.hospital, reason="x", recorded_by=lead)
        clock = Deadline.objects.first()
        Pause.objects.create(deadline=clock, starts_at=now - timedelta(days=9), ends_at=now, reason="chờ", by=lead)
        Extension.objects.create(deadline=clock, amount=9, asked_by=lead, asked_at=now, reason="x", due_before=now)
        ledger = {"cycle": 9, "step": 1, "level": 1, "due_at": now, "fired_at": now, "recipients": 1}
        Escalation.objects.create(deadline=clock, ladder=clock.ladder, **ledger)
        kind = ContentType.objects.get_for_model(Case)
        of = {"source_type": kind, "source_id": cls.case.pk, "target_type": kind, "target_id": secret.pk}
        Link.objects.create(relation="related", by=lead, reason="cùng việc", **of)
        cls.hand_in(lead)
        cls.admin = User.objects.create_superuser("quan-tri", password=None, is_staff=True)

    @classmethod
    def hand_in(cls, lead: User) -> None:
        """A list of a source, a file of cases, an e-mail."""
        today, letters = timezone.localdate(), Channel.objects.get(code="LETTER")
        run = stating.by_system([stating.Stated("A")], key="k", source="s", since=today, until=today, by=lead)
        comparing.compare(run)
        content = "Mã tại nguồn;Nội dung\nA;Chờ lâu.\n".encode()
        work.keep(content, "thu.csv", source="import", channel=letters, by=make.fresh(lead))
        ReceivedMail.objects.create(mark="m", sender="s", at=timezone.now(), outcome="auto")

    def each(self, deed: Callable[[type[Any]], Any], *faults: type[Exception]) -> None:
        """Do it to every model: refused, and every row is still there."""
        for model in kept():
            with self.subTest(model=model._meta.label):
                before = model._base_manager.count()
                self.assertGreater(before, 0)
                with self.assertRaises(faults or DatabaseError) as refused, transaction.atomic():
                    sql("SET CONSTRAINTS ALL IMMEDIATE")
                    deed(model)
                self.assertRegex(str(refused.exception), "Cannot|protected|foreign key")
                self.assertEqual(model._base_manager.count(), before)

    def test_the_orm(self) -> None:
        faults = (DatabaseError, ProtectedError)
        self.each(lambda model: model._base_manager.first().delete(), *faults)
        self.each(lambda model: model._base_manager.all().delete(), *faults)

    def test_sql_names_the_refusal(self) -> None:
        def delete(model: type[Model]) -> None:
            sql(f"DELETE FROM {model._meta.db_table}")

        self.each(delete)
        for model in kept():
            refused = self.assertRaisesMessage(DatabaseError, "Cannot")
            with self.subTest(model=model._meta.label), refused, transaction.atomic():
                delete(model)

    def test_emptying_a_table(self) -> None:
        for how in ("", " CASCADE", " RESTART IDENTITY CASCADE"):
            self.each(lambda model, how=how: sql(f"TRUNCATE {model._meta.db_table}{how}"))  # type: ignore[misc]

    def test_emptying_what_cases_point_to(self) -> None:
        for table in ("accounts_user", "facilities_facility", "facilities_division", "django_content_type"):
            refused = self.assertRaisesMessage(DatabaseError, "Cannot truncate")
            with self.subTest(table=table), refused, transaction.atomic():
                sql("SET CONSTRAINTS ALL IMMEDIATE")
                sql(f"TRUNCATE {table} CASCADE")
        self.assertTrue(Case.objects.filter(pk=self.case.pk).exists())

    def test_the_console(self) -> None:
        self.client.force_login(self.admin)
        for model in admin.site._registry:
            row = model._default_manager.first()
            if row is None:
                continue
            with self.subTest(model=model._meta.label):
                before, base = keys(model), f"/console/{model._meta.app_label}/{model._meta.model_name}/"
                for address in (f"{base}{row.pk}/delete/", f"{base}{row.pk}/delete/?_popup=1"):
                    for answer in (self.client.get(address), self.client.post(address, {"post": "yes"})):
                        self.assertIn(answer.status_code, (302, 403, 404))
                chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
                self.assertIn(self.client.post(base, chosen).status_code, (200, 302, 403))
                self.assertLessEqual(before, keys(model))  # refusals add audit entries
                self.assertNotContains(self.client.get(base), "delete_selected", status_code=200)

    def test_the_history_pages(self) -> None:
        self.client.force_login(self.admin)
        for model in (m for m in kept() if hasattr(m, "history") and m in admin.site._registry):
            row = model.history.first()
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            if not row:
                continue
            for tail in ("history/", f"history/{row.history_id}/", f"history/{row.history_id}/delete/"):
                before = model.history.count()
                answer = self.client.post(f"{address}{row.id}/{tail}", {"post": "yes", "_change_history": "1"})
                with self.subTest(model=model._meta.label, tail=tail):
                    self.assertIn(answer.status_code, (200, 302, 403, 404, 405))
                    self.assertEqual(model.history.count(), before)

    def test_the_api(self) -> None:
        self.client.force_login(self.admin)
        before = {model: keys(model) for model in kept()}
        asked = 0
        for address in addresses(get_resolver(), {"reference": self.case.reference}):
            if address.startswith("/api/"):
                asked += 1
                with self.subTest(address=address):
                    self.assertIn(self.client.delete(address, HTTP_IF_MATCH='"1"').status_code, (403, 404, 405))
        self.assertGreater(asked, 8)
        for model, rows in before.items():
            self.assertLessEqual(rows, keys(model))

    def test_what_is_derived_is_made_again(self) -> None:
        DayCount.objects.all().delete()
        refresh_day_counts()
        self.assertTrue(make.entry_is_true(self.case))


def keys(model: type[Any]) -> set[int]:
    return set(model._base_manager.values_list("pk", flat=True))


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def addresses(resolver: Any, values: dict[str, str], prefix: str = "/") -> list[str]:
    """Every address of the resolver, its parameters filled in."""
    found: list[str] = []
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            found += addresses(each, values, route)
        elif isinstance(each, URLPattern):
            for name, value in values.items():
                route = route.replace(f"<str:{name}>", value)
            found.append(route)
    return found

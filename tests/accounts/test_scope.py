"""A request is one transaction on behalf of who asks; a task is the system while it runs."""

from collections.abc import Callable

from celery import shared_task
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, TransactionTestCase

from accounts.access.middleware import ScopeMiddleware
from accounts.access.scope import become
from accounts.models import User
from common.scope import ROLE, Scope, as_system, current, entered
from common.scope import become as scope_of_now
from facilities.models import Division


def told() -> tuple[str, str, str]:
    """The role, the person and whether every row shows, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user::text, coalesce(current_setting('langnghe.person', true), ''),"
            " coalesce(current_setting('langnghe.system', true), '')"
        )
        role, person, system = cursor.fetchone()
    return role, person, system


@shared_task
def tell() -> tuple[str, str, str]:
    return told()


class ScopeTests(TransactionTestCase):
    def answer(self, view: Callable[[HttpRequest], HttpResponse], path: str = "/", user: object = None) -> HttpResponse:
        request = RequestFactory().get(path)
        request.user = user or AnonymousUser()
        if user:
            request.COOKIES["sessionid"] = "x"
        return ScopeMiddleware(view)(request)

    def test_a_fault_takes_back_what_was_written(self) -> None:
        for status, kept in ((200, 1), (302, 1), (409, 1), (500, 0), (503, 0)):
            with self.subTest(status):

                def view(request: HttpRequest, status: int = status) -> HttpResponse:
                    Division.objects.create(code=f"P{status}", name="Phòng")
                    return HttpResponse(status=status)

                self.answer(view)
                self.assertEqual(Division.objects.filter(code=f"P{status}").count(), kept)

    def test_a_page_asks_on_behalf_of_who_asks_it(self) -> None:
        person, seen = User.objects.create_user("nguoi"), []
        outside = told()

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(told())
            with as_system():
                seen.append(told())
            become(User.objects.create_user("nguoi-khac"))
            seen.append(told())
            return HttpResponse()

        self.answer(view, user=person)
        other = User.objects.get(username="nguoi-khac")
        self.assertEqual(seen, [(ROLE, str(person.pk), ""), (ROLE, str(person.pk), "on"), (ROLE, str(other.pk), "")])
        self.assertEqual((told(), current()), (outside, None))

    def test_rights_end_with_the_scope_that_held_them(self) -> None:
        """A right of one reader must not stay for the next one in the same transaction, nor after the block."""

        def held() -> set[str]:
            with connection.cursor() as cursor:
                rights = ("feedback.view_case", "audit.view_entry", "is_client")
                cursor.execute("SELECT right_ FROM unnest(%s::text[]) right_ WHERE " + asked, [list(rights)])
                return {row[0] for row in cursor.fetchall()}

        asked = "current_setting('langnghe.may.' || right_, true) = 'on'"
        first, second = (
            Scope(rights=frozenset({"feedback.view_case", "is_client"})),
            Scope(rights=frozenset({"is_client"})),
        )
        with transaction.atomic():
            with entered(first):
                self.assertEqual(held(), first.rights)
                with entered(second):
                    self.assertEqual(held(), second.rights)
                    with as_system():
                        self.assertEqual(held(), second.rights)
                self.assertEqual(held(), first.rights)
                scope_of_now(Scope(rights=frozenset({"audit.view_entry"})))
                self.assertEqual(held(), {"audit.view_entry"})
            self.assertEqual(held(), set())
        with entered(first):
            pass
        self.assertEqual(held(), set())

    def test_nobody_is_nobody(self) -> None:
        seen = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(told())
            return HttpResponse()

        self.answer(view)
        self.answer(view, user=User.objects.create_user("da-nghi", is_active=False))
        self.assertEqual(seen, [(ROLE, "", "")] * 2)

    def test_a_web_process_is_nobody_again_after_somebody(self) -> None:
        """There the connection itself is the application's, and nobody's scope needs no statement."""
        person, seen = User.objects.create_user("nguoi"), []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(told())
            return HttpResponse()

        with self.settings(DATABASE_ROLE=ROLE), connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {ROLE}; SET langnghe.system = ''")  # as settings begin such a connection
            try:
                self.answer(view)
                self.answer(view, user=person)
                self.answer(view)
            finally:
                cursor.execute("RESET ROLE; RESET langnghe.system")
        self.assertEqual(seen, [(ROLE, "", ""), (ROLE, str(person.pk), ""), (ROLE, "", "")])

    def test_health_and_signing_in_stand_outside(self) -> None:
        seen = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append((connection.in_atomic_block, current()))
            return HttpResponse()

        for path in ("/health/ready", "/console/login/"):
            self.answer(view, path)
        self.assertEqual(seen, [(False, None)] * 2)

    def test_a_task_is_the_system_while_it_runs(self) -> None:
        outside = told()
        self.assertEqual(tell(), (ROLE, "", "on"))
        self.assertEqual((told(), current()), (outside, None))

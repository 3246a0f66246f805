"""What people and systems are told when the database is away, in the form of their door. The crash run of intake
(tests/chaos) looks that nothing else comes out of a real one."""

import json
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.test import RequestFactory
from psycopg.errors import QueryCanceled

from config import errors

DOORS = (
    "/phan-anh/",
    "/su-co/",
    "/console/",
    "/api/v1/intake/",
    "/open311/v2/requests.json",
    "/open311/v2/requests.xml",
)


def answer_to(fault: Exception, path: str = "/phan-anh/", cause: Exception | None = None) -> Any:
    """What is answered while this fault is being handled."""
    try:
        raise fault from cause
    except Exception:
        return errors.server_error(RequestFactory().post(path))


@pytest.mark.parametrize("path", DOORS)
def test_an_interruption_says_when_to_come_again_and_asks_no_database(path: str) -> None:
    answer = answer_to(OperationalError("the database system is starting up"), path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(errors.RETRY_AFTER)
    assert b"starting up" not in answer.content


def test_each_door_answers_in_its_own_form() -> None:
    fault = InterfaceError("the connection is closed")
    assert json.loads(answer_to(fault, "/api/v1/intake/").content)["code"] == "interrupted"
    assert json.loads(answer_to(fault, "/open311/v2/requests.json").content)[0]["code"] == 503
    assert b"<errors>" in answer_to(fault, "/open311/v2/requests.xml").content
    page = answer_to(fault).content.decode()
    assert "<h1" in page and "115" in page


@pytest.mark.parametrize("fault", [ProgrammingError("no such column"), ValueError(), KeyError("x")])
def test_a_fault_of_ours_is_no_interruption(fault: Exception) -> None:
    answer = answer_to(fault)
    assert answer.status_code == 500
    assert "Retry-After" not in answer


def test_a_query_that_took_too_long_is_a_fault_of_ours() -> None:
    assert answer_to(OperationalError("canceling statement"), cause=QueryCanceled()).status_code == 500

"""What the tests of every door share: how much is sent, from another address each time, and what the memory does."""

import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from _pytest.logging import LogCaptureHandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory, TestCase
from django.test.client import BOUNDARY, MULTIPART_CONTENT, ClientHandler, encode_multipart
from rest_framework.settings import api_settings

from tests.conftest import LINES
from tests.doors.rubbish import Sent

FEW = 60  # of every kind there is something in them; a way to send it all is the option
MOST_GROWTH = 0.05
LONG_ENOUGH = 1000  # pieces; a sample is over before everything was loaded once, and may take WARMING_UP bytes
WARMING_UP = 24 * 1024**2
FORM = "application/x-www-form-urlencoded"


def held() -> int:
    """Memory of this process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def with_file(fields: Mapping[str, str], name: str, content: bytes, field: str = "file") -> Sent:
    """A form with a file, as a browser sends it."""
    parts = {**fields, field: SimpleUploadedFile(name, content)}
    return Sent(encode_multipart(BOUNDARY, parts), MULTIPART_CONTENT)


@contextmanager
def unkept_records() -> Iterator[None]:
    """pytest keeps every log record of a test for its report: ten thousand of them would look like a leak of ours."""
    named = [logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    keepers = [
        (logger, handler)
        for logger in (logging.root, *named)
        for handler in logger.handlers
        if isinstance(handler, LogCaptureHandler)
    ]
    for logger, handler in keepers:
        logger.removeHandler(handler)
    yield
    for logger, handler in keepers:
        logger.addHandler(handler)


class TracelessHandler(ClientHandler):
    """The test client's handler connects two signals anew for each request, and each time something of it stays; here
    the whole test goes without them (`DoorTests.setUp`)."""

    def __call__(self, environ: dict[str, Any]) -> Any:
        if self._middleware_chain is None:
            self.load_middleware()
        request_started.send(sender=self.__class__, environ=environ)
        request = WSGIRequest(environ)
        request._dont_enforce_csrf_checks = True
        response = self.get_response(request)
        response.wsgi_request = request
        response.close()
        return response


class TracelessClient(Client):
    """The test client, but for what it keeps of each answer: the pages' contexts, and who looks for faults."""

    def request(self, **request: Any) -> Any:
        response = self.handler(self._base_environ(**request))
        if response.cookies:
            self.cookies.update(response.cookies)
        return response


class Sender(RequestFactory):
    """Sends with the cookies of a browser, and keeps nothing: neither the pages' contexts nor who looks for faults."""

    def __init__(self, browser: Client) -> None:
        super().__init__()
        self.cookies, self.handler = browser.cookies, browser.handler

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


def traceless_browser(test: TestCase) -> Client:
    """A browser whose requests leave nothing behind in this process, for `Sender`; to the end of this test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
        test.addCleanup(signal.connect, close_old_connections)
    browser = TracelessClient(raise_request_exception=True)
    browser.handler = TracelessHandler()
    return browser


class DoorTests(TestCase):
    """Tests that send rubbish to one door; `many` is set by the fixture."""

    many = FEW

    @pytest.fixture(autouse=True)
    def how_many(self, request: pytest.FixtureRequest) -> None:
        self.many = int(request.config.getoption("--rubbish") or FEW)

    def setUp(self) -> None:
        self.sent = 0
        rates = api_settings.DEFAULT_THROTTLE_RATES  # or the throttle of the client would answer for the door
        self.addCleanup(rates.__setitem__, "intake", rates["intake"])
        rates["intake"] = None
        self.statuses: Counter[int] = Counter()
        self.memory = ""
        self.browser = traceless_browser(self)

    def times(self, count: int) -> Iterator[int]:
        """Count up, and look at the memory after a quarter, when everything is loaded, and at the end."""
        before = held()
        with unkept_records():
            for nth in range(count):
                if nth == count // 4:
                    before = held()
                yield nth
        growth = held() - before
        self.memory = f"{before / 1024**2:.0f} MiB {growth / before:+.1%}"
        self.assertLessEqual(growth, MOST_GROWTH * before if count >= LONG_ENOUGH else WARMING_UP, self.memory)

    def told(self, answer: Any) -> None:
        self.assertLess(answer.status_code, 500)
        self.statuses[answer.status_code] += 1

    def post(self, path: str, sent: Sent, **headers: str) -> Any:
        self.sent += 1  # each piece comes from another address, or the throttle would answer for the door
        address = f"10.{self.sent >> 16}.{(self.sent >> 8) & 255}.{self.sent & 255}"
        return Sender(self.browser).generic(
            "POST", path, sent.body, content_type=sent.content_type, headers=headers, REMOTE_ADDR=address
        )

    def tell(self, door: str, kept: str) -> None:
        """One line of what came out, at the end of the run."""
        self.assertGreater(sum(count for status, count in self.statuses.items() if status >= 400), 0)
        counted = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        LINES.append(f"Rubbish at {door}: {counted}; {kept}; memory {self.memory}")

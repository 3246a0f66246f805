"""Malformed submissions at all the citizen's doors (`dev.py test tests/public/test_malformed.py --rubbish 10000` for as
many): a clear answer each time, never a fault, and nothing half-stored."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from feedback.models import Attachment, Case, Note, Receipt, Submission
from tests.conftest import LINES
from tests.doors.posting import LONG_ENOUGH, MOST_GROWTH, WARMING_UP, held, unkept_records
from tests.public.malformed import Sender
from tests.public.pages import PageTests, code_in

FEW = 120
CLEAR = {200, 302, 400, 404, 405, 409, 413, 422, 429}


class MalformedTests(PageTests):
    many = FEW

    @pytest.fixture(autouse=True)
    def how_many(self, request: pytest.FixtureRequest) -> None:
        self.many = int(request.config.getoption("--rubbish") or FEW)

    def test_each_gets_a_clear_answer_and_nothing_is_half_stored(self) -> None:
        code = self.code_of_a_case()
        client = Client(raise_request_exception=False)
        sender = Sender(client, 20261130, self.key, code)
        answers: dict[int, int] = {}
        acknowledged, before = {code}, 0
        with unkept_records():
            for number in range(self.many):
                cache.clear()
                answer = sender.send()
                answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
                self.assertIn(answer.status_code, CLEAR, f"request {number}")
                if answer.status_code in (400, 413, 422):
                    self.assertIn("<h1", answer.content.decode())
                if answer.status_code == 200 and not answer.streaming and (shown := code_in(answer)):
                    acknowledged.add(shown)
                if number == self.many // 4:
                    before = held()
        growth = held() - before
        LINES.append(f"malformed submissions: {self.many}, answered {dict(sorted(answers.items()))}")
        self.assertGreater(len(acknowledged), 3)  # among the bad ones are some that are only odd
        self.assertEqual(Receipt.objects.count(), len(acknowledged))
        self.assertEqual(Case.objects.count(), len(acknowledged))
        self.assertEqual(Submission.objects.count(), len(acknowledged))
        self.assertFalse(Case.objects.filter(body="").exists())
        self.assertFalse(Note.objects.filter(text="").exists())
        for kept in Attachment.objects.all():
            self.assertTrue((Path(settings.MEDIA_ROOT) / kept.file.name).stat().st_size)
        LINES.append(f"malformed submissions: memory {before / 1024**2:.0f} MiB {growth / before:+.1%}")
        self.assertLessEqual(growth, MOST_GROWTH * before if self.many >= LONG_ENOUGH else WARMING_UP)

"""Hundreds of malformed submissions (MALFORMED=10000 for as many): a clear answer each time, never a fault, and nothing
half-stored."""

import os
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.test import Client

from feedback.models import Attachment, Case, Note, Receipt, Submission
from tests.conftest import LINES
from tests.public.malformed import Sender
from tests.public.pages import PageTests, code_in
from tests.uploads.test_zoo import held

COUNT = int(os.environ.get("MALFORMED", 400))
CLEAR = {200, 302, 400, 404, 405, 409, 413, 422, 429}


class MalformedTests(PageTests):
    def test_each_gets_a_clear_answer_and_nothing_is_half_stored(self) -> None:
        code = self.code_of_a_case()
        client = Client(raise_request_exception=False)
        sender = Sender(client, 20261130, self.key, code)
        answers: dict[int, int] = {}
        acknowledged, before = {code}, 0
        for number in range(COUNT):
            cache.clear()
            answer = sender.send()
            answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
            self.assertIn(answer.status_code, CLEAR, f"request {number}")
            if answer.status_code in (400, 413, 422):
                self.assertIn("<h1", answer.content.decode())
            if answer.status_code == 200 and not answer.streaming and (shown := code_in(answer)):
                acknowledged.add(shown)
            if number == COUNT // 4:
                before = held()
        LINES.append(f"malformed submissions: {COUNT}, answered {dict(sorted(answers.items()))}")
        self.assertGreater(len(acknowledged), 5)  # among the bad ones are some that are only odd
        self.assertEqual(Receipt.objects.count(), len(acknowledged))
        self.assertEqual(Case.objects.count(), len(acknowledged))
        self.assertEqual(Submission.objects.count(), len(acknowledged))
        self.assertFalse(Case.objects.filter(body="").exists())
        self.assertFalse(Note.objects.filter(text="").exists())
        for kept in Attachment.objects.all():
            self.assertTrue((Path(settings.MEDIA_ROOT) / kept.file.name).stat().st_size)
        self.assertLessEqual(held() - before, max(0.05 * before, 8 * 1024**2))

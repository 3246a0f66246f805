"""Words of messages: never a failure, never a raw code, moments by the clock on the wall."""

import re

import pytest
from django.utils import translation

from notifications.templates import PROVISIONAL, TEMPLATES, render

VALUES = {
    "reference": "PA-2026-000123",
    "obligation": "answer",
    "due_at": "2026-02-26T17:00:00+00:00",
    "number": "7",
    "level": "NC3",
    "minutes": "3",
    "attempts": "5",
    "fault": "SMTPException 421",
    "until": "30/09/2026",
}


@pytest.mark.parametrize("code", [*TEMPLATES, "a_template_of_tomorrow"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_text_renders_whole_in_both_languages(code, language):
    with translation.override(language):
        text = render(code, VALUES)
    assert text.title and text.body
    assert not re.search(r"%\(|…", text.title + text.body)


def test_codes_and_moments_are_put_in_words():
    with translation.override("en"):
        body = render("deadline_passed", VALUES).body
    assert "answer of the unit" in body
    assert "24:00" in body and "26" in body and "T17" not in body  # 17:00 UTC is the end of the 26th here


@pytest.mark.parametrize(("language", "mark"), [("vi", "(tạm tính)"), ("en", "(provisional)")])
def test_a_moment_that_may_still_move_says_so_wherever_it_stands(language, mark):
    with translation.override(language):
        for code in [
            code for code, template in TEMPLATES.items() if "%(due_at)s" in f"{template.title}{template.body}"
        ]:
            sure, doubtful = render(code, VALUES), render(code, {**VALUES, PROVISIONAL: "due_at"})
            assert mark in doubtful.body and mark not in sure.title + sure.body
            assert "due_at" not in doubtful.body


def test_missing_or_odd_values_do_not_fail():
    assert "…" in render("deadline_passed", {"due_at": "soon"}).title
    assert "%" in render("case_forwarded", {"reference": "100%"}).title
    assert render("case_forwarded", {"reference": "A", PROVISIONAL: "due_at"}).title.startswith("A")

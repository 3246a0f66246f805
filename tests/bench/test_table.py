"""The table: what is shown, and where it is put."""

from math import log
from pathlib import Path

from console.bench import api, growth, pages, writing  # noqa: F401 - these register their measures
from console.bench.growth import _slope
from console.bench.load import get, post
from console.bench.table import BEGIN, END, MEASURES, Row, as_markdown, as_text, p95, write_into


def test_a_missed_target_is_said():
    row = Row("P1", "a page", "10 /s", target="≥ 35 % of raw", raw="100 /s", ratio=0.1, is_met=False)
    assert "**no**" in as_markdown([row])
    assert "0.10" in as_text([row])


def test_every_measure_of_the_targets_is_registered():
    assert {"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P10"} <= MEASURES.keys()


def test_only_the_table_of_a_page_is_renewed(tmp_path: Path):
    page = tmp_path / "performance.md"
    page.write_text(f"Words.\n{BEGIN}\nold\n{END}\nMore words.\n", encoding="utf-8")
    write_into(page, "new")
    write_into(page, "newer")
    assert page.read_text(encoding="utf-8") == f"Words.\n{BEGIN}\nnewer\n{END}\nMore words.\n"


def test_the_exponent_of_linear_growth_is_one():
    assert round(_slope([(log(size), log(size * 0.001)) for size in (10_000, 100_000, 1_000_000)]), 3) == 1
    assert round(_slope([(log(size), log(0.05)) for size in (10_000, 100_000)]), 3) == 0


def test_the_slowest_twentieth_lies_above():
    assert 94 <= p95(list(range(1, 101))) <= 96


def test_requests_are_plain_http():
    assert get("/x", Cookie="a=b") == b"GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nCookie: a=b\r\n\r\n"
    assert post("/x", b"{}", Idempotency_Key="k").endswith(b"Idempotency-Key: k\r\n\r\n{}")

"""Which control chart, where its limits lie, and what it takes for unusual."""

from math import sqrt
from random import Random

import pytest

from incidents.signals.control import between_events, chart_of, over_windows, run_limit
from tests.incidents.signals.chance import drawn


def test_a_steady_series_gets_a_u_chart_with_three_sigma_limits():
    chart = chart_of([10, 8, 12, 9, 11, 10, 10, 9, 11, 8, 12, 10], [5.0] * 11 + [10.0], [])
    assert chart is not None and chart.kind == "u" and chart.spread == 1.0
    assert chart.centre == pytest.approx(120 / 65)
    first, last = chart.spots[0], chart.spots[-1]
    assert first.upper == pytest.approx(chart.centre + 3 * sqrt(chart.centre / 5))
    assert last.upper == pytest.approx(chart.centre + 3 * sqrt(chart.centre / 10))


def test_a_month_far_above_the_others_lies_outside():
    chart = over_windows([(4, 1.0)] * 11 + [(14, 1.0)])
    assert [spot.is_outside for spot in chart.spots] == [False] * 11 + [True]


def test_where_windows_differ_by_more_than_chance_the_limits_are_wider():
    counts = [40, 90, 35, 95, 30, 100, 45, 85, 38, 92, 33, 97]
    chart = over_windows([(count, 1.0) for count in counts])
    assert chart.kind == "laney" and chart.spread > 3
    assert not any(spot.is_outside for spot in chart.spots)


def test_rare_events_are_judged_by_the_gaps_between_them():
    chart = chart_of([1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0], [30.0] * 20, [60.0] * 8)
    assert chart is not None and chart.kind == "t"
    assert chart.centre == pytest.approx(60.0)


def test_hardly_any_gap_of_chance_lies_outside_a_t_chart():
    dice = Random(1)
    gaps = [dice.expovariate(1 / 100) for _event in range(2000)]
    outside = sum(spot.is_outside for spot in between_events(gaps).spots)
    assert outside <= 2000 * 0.005


def test_a_gap_far_longer_than_the_others_is_seen():
    chart = between_events([10, 12, 9, 11, 10, 12, 9, 300])
    assert chart.spots[-1].is_outside


def test_too_little_is_not_judged():
    assert chart_of([3] * 11, [1.0] * 11, []) is None
    assert chart_of([0] * 23 + [1], [1.0] * 24, [20.0]) is None
    assert chart_of([3] * 12, [1.0] * 6 + [0.0] * 6, []) is None


def test_a_long_run_on_one_side_is_the_second_sign():
    chart = over_windows([(8, 1.0)] * 12 + [(12, 1.0)] * 12)
    assert (chart.longest_run, chart.run_limit) == (12, 8)
    assert chart.has_long_run and not any(spot.is_outside for spot in chart.spots)
    assert (run_limit(0), run_limit(24)) == (0, 8)


def test_few_quiet_series_have_a_month_outside():
    dice = Random(3)
    charts = [over_windows([(drawn(dice, 6.0), 1.0) for _month in range(24)]) for _series in range(300)]
    assert sum(spot.is_outside for chart in charts for spot in chart.spots) <= 300 * 24 * 0.006

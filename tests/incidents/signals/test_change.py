"""The rule for change: how often it is wrong, and how soon it is right. Both are what the page promises."""

from math import exp
from random import Random

import pytest

from incidents.signals import change
from incidents.signals.chances import chi_square_quantile, gamma_quantile, poisson, poisson_at_most, poisson_quantile
from tests.incidents.signals.chance import drawn

RATES = (0.5, 1.0, 2.0, 5.0)  # incidents a week


def watched(dice: Random, rate: float, then: float) -> change.Alarm | None:
    """Two years at one rate, from which it is learnt, and a year at another."""
    before = sum(drawn(dice, rate) for _week in range(change.BASELINE_WEEKS))
    expected = change.expected_counts(before, change.BASELINE_WEEKS, [1.0] * change.WATCHED_WEEKS)
    return change.alarm_in([drawn(dice, then) for _week in range(change.WATCHED_WEEKS)], expected) if expected else None


def test_a_thousand_quiet_years_stay_within_the_stated_share_of_false_alarms():
    dice = Random(43)
    alarms = [watched(dice, rate, rate) for rate in RATES for _year in range(1000 // len(RATES))]
    assert len(alarms) == 1000
    assert sum(alarm is not None for alarm in alarms) <= 1000 * change.FALSE_ALARMS


@pytest.mark.parametrize("rate", RATES)
def test_no_rate_alone_has_more_false_alarms_than_chance_explains(rate):
    dice = Random(2018)
    wrong = sum(watched(dice, rate, rate) is not None for _year in range(1000))
    assert poisson_at_most(wrong - 1, 1000 * change.FALSE_ALARMS) < 0.99 or wrong == 0


@pytest.mark.parametrize(
    ("rate", "median", "nine_in_ten"),
    [(1.0, 16, 33), (2.0, 9, 17), (5.0, 4, 8)],
)
def test_a_doubling_is_signalled_within_the_stated_weeks(rate, median, nine_in_ten):
    dice, never = Random(7), 99
    found = [watched(dice, rate, 2 * rate) for _run in range(500)]
    weeks = sorted(alarm.week + 1 if alarm else never for alarm in found)
    assert weeks[250] <= median
    assert weeks[450] <= nine_in_ten


def test_the_threshold_is_no_higher_than_the_false_alarms_ask():
    assert change.threshold_for(2.0, 0.2) < change.threshold_for(2.0, 0.02) < change.threshold_for(2.0, 0.002)


def test_an_alarm_says_what_was_seen_and_expected_since_the_excess_began():
    alarm = change.alarm_in([0, 0, 7, 7, 0], [1.0] * 5)
    assert alarm is not None
    assert (alarm.week, alarm.since, alarm.observed, alarm.expected) == (3, 2, 14, 2.0)
    assert alarm.ratio == 7.0
    assert alarm.statistic >= alarm.threshold


def test_a_series_that_is_hardly_known_is_not_judged():
    few = change.LEAST_KNOWN - 1
    assert change.expected_counts(few, 104.0, [1.0] * 52) is None
    assert change.expected_counts(50, 0.0, [1.0] * 52) is None
    assert change.expected_counts(50, 104.0, [0.0] * 52) is None
    assert change.expected_counts(52, 104.0, [1.0, 2.0]) == [0.5, 1.0]


def test_twice_the_exposure_with_twice_the_incidents_is_no_change():
    expected = change.expected_counts(208, 104.0, [1.0] * 26 + [2.0] * 26)
    assert expected is not None
    assert change.alarm_in([2] * 26 + [4] * 26, expected) is None


def test_the_distributions_say_what_tables_say():
    assert poisson(0, 3.0) == pytest.approx(exp(-3))
    assert poisson_at_most(5, 5.0) == pytest.approx(0.6160, abs=1e-4)
    assert poisson(0, 0.0) == 1.0 and poisson(1, 0.0) == 0.0
    assert 9 < poisson_quantile(0.975, 5.0) < 10 and 0 < poisson_quantile(0.025, 5.0) < 1
    assert chi_square_quantile(0.95, 23) == pytest.approx(35.172, abs=0.05)
    assert gamma_quantile(0.5, 10) == pytest.approx(9.669, abs=0.01)

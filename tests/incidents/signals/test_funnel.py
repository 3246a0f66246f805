"""Facilities beside each other: limits, what is too small to judge, and silence as a question."""

from random import Random

from incidents.signals.funnel import INNER, LEAST_EXPECTED, OUTER, funnel_of
from tests.incidents.signals.chance import drawn


def test_limits_narrow_as_exposure_grows():
    funnel = funnel_of({key: (10, 10.0) for key in range(6)})
    assert funnel is not None and funnel.rate == 1.0
    narrow, wide = funnel.limits_at(100.0), funnel.limits_at(5.0)
    assert narrow[INNER][1] < wide[INNER][1] and narrow[INNER][1] < narrow[OUTER][1]
    assert wide[OUTER][0] == 0.0


def test_a_facility_far_from_the_others_lies_beyond_the_outer_limits():
    funnel = funnel_of({**{key: (50, 100.0) for key in range(20)}, 99: (160, 100.0)})
    assert funnel is not None
    beyond = {standing.key: standing.beyond for standing in funnel.standings}
    assert beyond[99] == 2 and set(beyond.values()) == {0, 2}


def test_small_exposures_are_drawn_and_not_judged():
    funnel = funnel_of({**{key: (50, 100.0) for key in range(6)}, 9: (20, 2.0)})
    assert funnel is not None
    small = next(standing for standing in funnel.standings if standing.key == 9)
    assert small.expected < LEAST_EXPECTED and not small.is_judged and small.beyond == 0


def test_silence_is_asked_about_only_where_reports_are_expected():
    funnel = funnel_of({**{key: (30, 100.0) for key in range(6)}, 7: (0, 100.0), 8: (0, 3.0)})
    assert funnel is not None
    assert [standing.key for standing in funnel.standings if standing.is_silent] == [7]


def test_facilities_that_differ_by_more_than_chance_widen_the_limits():
    dice = Random(5)
    mixed = {key: (drawn(dice, 40.0 * (0.5 + dice.random())), 40.0) for key in range(40)}
    alike = {key: (drawn(dice, 40.0), 40.0) for key in range(40)}
    wide, narrow = funnel_of(mixed), funnel_of(alike)
    assert wide is not None and narrow is not None
    assert wide.dispersion > 2 and narrow.dispersion == 1.0
    assert sum(abs(standing.beyond) == 2 for standing in wide.standings) <= 2


def test_too_few_facilities_make_no_funnel():
    assert funnel_of({key: (3, 10.0) for key in range(4)}) is None
    assert funnel_of({key: (0, 10.0) for key in range(9)}) is None
    assert funnel_of({key: (3, 0.0) for key in range(9)}) is None

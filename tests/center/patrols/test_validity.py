"""Whether a patrol counts: by the confirmed example first (Akqi county: 30 min, 2000 m, 96 h, Mar–Dec)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.center.patrols.settings import settings, track_limits
from huanzhi.center.patrols.validity import Asked, Done, judge, months_of, share_inside, track_of

AKQI = Asked(30, 2000, 96, "3-12")
START = datetime(2026, 5, 4, 1, tzinfo=UTC)
SQUARE = {"type": "Polygon", "coordinates": [[[121, 29], [122, 29], [122, 30], [121, 30], [121, 29]]]}


def done(minutes=30, metres=2000, **more):
    ended = START + timedelta(minutes=minutes)
    told = {"started": START, "ended": ended, "arrived": ended, "metres": metres, "used": 50}
    return Done(**(told | more))


def verdict(asked, what):
    found, reasons = judge(asked, what, settings())
    return found, [one["key"].removeprefix("patrols.reason_") for one in reasons]


def test_exactly_what_is_asked_counts():
    assert verdict(AKQI, done()) == ("valid", ["ok"])


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (done(minutes=29.9), "minutes"),
        (done(metres=1999), "metres"),
        (done(before=START - timedelta(hours=95.9)), "gap"),
        (done(used=1, metres=0), "no_track"),
        (done(inside=0.49), "outside"),
        (
            done(started=datetime(2026, 2, 28, 1, tzinfo=UTC), ended=datetime(2026, 2, 28, 2, tzinfo=UTC)),
            "season",
        ),
    ],
)
def test_what_lacks_is_named(what, reason):
    found, reasons = verdict(AKQI, what)
    assert found == "invalid" and reasons[0] == reason


def test_a_gap_of_just_so_many_hours_counts():
    assert verdict(AKQI, done(before=START - timedelta(hours=96)))[0] == "valid"


def test_a_month_is_that_of_china():
    late = datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert verdict(AKQI, done(started=late, ended=late + timedelta(minutes=40)))[0] == "valid"


def test_clock_and_lateness_are_told_and_do_not_decide():
    what = done(clock_s=-900.0, arrived=START + timedelta(days=3))
    assert verdict(AKQI, what) == ("valid", ["ok", "clock", "late"])


def test_without_a_table_there_is_no_verdict():
    assert verdict(Asked(judged=False), done()) == ("unjudged", ["no_rule"])


@given(st.integers(0, 100), st.integers(0, 5000), st.integers(0, 100))
def test_valid_means_that_nothing_lacks(minutes, metres, used):
    found, reasons = verdict(AKQI, done(minutes=minutes, metres=metres, used=used))
    assert (found == "valid") == (minutes >= 30 and metres >= 2000 and used >= 2)
    assert reasons


def test_months():
    assert months_of("3-12") == frozenset(range(3, 13))
    assert months_of("11-2") == frozenset({11, 12, 1, 2})
    assert months_of("5") == frozenset({5}) and len(months_of("")) == 12


def test_share_inside_an_area_and_near_a_line():
    points = [[n * 10_000, 121.99 + n * 0.001, 29.5, 8.0] for n in range(20)]
    track = track_of(points, track_limits())
    assert track.used == 20
    assert share_inside(points, track, SQUARE, 0.0) == pytest.approx(0.55)
    line = {"type": "LineString", "coordinates": [[121.98, 29.5], [121.995, 29.5]]}
    assert share_inside(points, track, line, 200) == pytest.approx(0.4, abs=0.06)
    assert share_inside(points, track, None, 200) is None
    assert share_inside([], track_of([], track_limits()), SQUARE, 200) is None

"""The score, by hand: what counts as found, false, first and soon."""

import pytest

from huanzhi.center.watching.rules import Sign
from huanzhi.center.watching.watch import Issue, Warned
from huanzhi.city import terrain, world
from huanzhi.city.simulation import simulate
from huanzhi.city.violations import Violation
from huanzhi.programmes.discovery.bench import by_kind
from huanzhi.programmes.discovery.chain import line
from huanzhi.programmes.discovery.score import EARLY, LATE, score

CITY = world.build(3, 4, None, 2)
T, HOUR = CITY.start + 86400, 3600


def violation(kind="short_exceedance", culprit="E1", place="P1", start=T, hours=1):
    return Violation("V1", kind, culprit, place, start, start + hours * HOUR, 2.0)


def issue(at, place="P1", suspects=("E1",), number=1, **facts):
    return Issue(number, at, place, suspects, [Warned(Sign("over_limit", place, (), facts), at, at)])


def test_found_first_and_soon():
    found = score(CITY, [violation()], [issue(T + 300)])
    assert (found.committed, found.issues, found.found, found.false) == (1, 1, 1.0, 0.0)
    assert (found.culprit_first, found.median_minutes) == (1.0, 5.0)


def test_an_issue_about_nothing_is_false_and_what_nobody_saw_is_not_found():
    found = score(CITY, [violation()], [issue(T + 300, "P9", ("E9",))])
    assert (found.found, found.false, found.culprit_first, found.median_minutes) == (0.0, 1.0, None, None)


@pytest.mark.parametrize(
    ("at", "share"),
    [(T - EARLY - 1, 0.0), (T - EARLY, 1.0), (T + HOUR + LATE, 1.0), (T + HOUR + LATE + 1, 0.0)],
)
def test_too_early_and_too_late_do_not_count(at, share):
    assert score(CITY, [violation()], [issue(at)]).found == share


def test_the_culprit_second_is_found_but_not_first():
    found = score(CITY, [violation()], [issue(T, suspects=("E9", "E1"))])
    assert (found.found, found.culprit_first) == (1.0, 0.0)


def test_a_second_issue_about_the_same_is_not_false():
    assert score(CITY, [violation()], [issue(T), issue(T + 600, number=2)]).false == 0.0


@pytest.mark.parametrize(
    ("kilometres", "found", "first"), [(0.2, 1.0, 1.0), (1.0, 1.0, 0.0), (2.0, 0.0, None)]
)
def test_a_source_nobody_registered_counts_by_distance(kilometres, found, first):
    shop = CITY.workshops[0]
    done = violation("unpermitted_workshop", shop.code, shop.code)
    north = shop.place.lat + kilometres * (world.Place(0, 1).lat - world.Place(0, 0).lat)
    told = score(CITY, [done], [issue(T, "F1", ("F1",), lon=shop.place.lon, lat=north)])
    assert (told.found, told.culprit_first) == (found, first)


def test_nothing_committed_and_nothing_opened_shares_nothing():
    found = score(CITY, [], [])
    assert (found.found, found.false, found.culprit_first, found.median_minutes) == (None,) * 4


def test_by_kind_holds_each_kind_once():
    told = by_kind(CITY, [violation(), violation("bypass", "E2", "P2")], [issue(T + 60)])
    assert {kind: one["found"] for kind, one in told.items()} == {"short_exceedance": 1.0, "bypass": 0.0}


@pytest.mark.parametrize("seed", [9, 12, 24, 50, 101])
def test_every_seed_has_ground_for_all_townships(seed):
    assert len(terrain.terrain(seed).of("township")) == 9


def test_blocks_of_frames_arrive_in_order_and_hold_no_truth():
    way, document = line(simulate(CITY))
    block = way.block(CITY.start).minutes()
    moments = list(block)
    assert moments == sorted(moments) and all(moment % 60 == 0 for moment in moments)
    known = {place["code"] for place in document["outlets"]}
    for moment, table in block.items():
        assert table.num_rows and set(table.column("feature").to_pylist()) <= known
        assert moment <= CITY.start + 2 * HOUR + 60

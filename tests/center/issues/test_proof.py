"""Proof by the same sensor, read from a store; likeness and samples."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.test_series import source, table

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.center.issues.likeness import Seen, compare, overlap, shingles
from huanzhi.center.issues.models import Issue, Step
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.issues.proof import bounds, cure_of, prove
from huanzhi.center.issues.sampling import sample
from huanzhi.library.places.models import Region
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import Feature, open_store

WORKED = datetime(2026, 9, 1, tzinfo=UTC)
FACTS = {"limit": {"value": "50.0", "bound": "upper"}, "period": "hour"}
FEATURE = Feature("P1", "总排口", "outlet", region_code="330200", simulated=True)


@pytest.fixture
def issue(db):
    Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
    draft = Draft(
        "超标", "outlet_water", "warning", "330200", place="P1", parameter="w01018", sensor=True, facts=FACTS
    )
    made = open_issue(SYSTEM, draft, now=WORKED - timedelta(days=3))
    Step.objects.create(
        issue=made, number=2, at=WORKED, actor="w", transition="rectify", after="rectified", digest=""
    )
    return Issue.objects.get(pk=made.pk)


def written(store, values, flag=0, decimals=1, begin=WORKED):
    start = int(begin.timestamp())
    rows = [
        ("P1", "w01018", "hour", start + 3600 * place, value, decimals, 1 if value is None else 0, flag)
        for place, value in enumerate(values)
    ]
    store.write(table(*rows), [FEATURE], source())


@pytest.mark.parametrize(
    ("values", "flag", "decimals", "proved"),
    [
        ([500] * 24, 0, 1, True),
        ([501] * 24, 0, 1, False),
        ([5000] * 24, 0, 2, True),
        ([5001] * 24, 0, 2, False),
        ([400] * 23, 0, 1, False),
        ([None] * 30, 0, 1, False),
        ([400] * 30, int(DeviceFlag.STOPPED), 1, False),
        ([400] * 30, int(DeviceFlag.MAINTENANCE), 1, False),
        ([900, 900, *[400] * 24], 0, 1, True),
    ],
)
def test_the_curve_after_the_work(issue, tmp_path, values, flag, decimals, proved):
    with open_store("write", tmp_path / "home") as store:
        written(store, values, flag, decimals)
        found = cure_of(store, issue)
    assert found.proved is proved
    assert prove(issue, tmp_path / "home").proved is proved


def test_what_was_before_the_work_does_not_count(issue, tmp_path):
    with open_store("write", tmp_path / "home") as store:
        written(store, [400] * 30, begin=WORKED - timedelta(hours=30))
        assert (cure_of(store, issue).valid, cure_of(store, issue).proved) == (0, False)


def test_without_a_store_nothing_is_proved(issue, tmp_path):
    assert not prove(issue, tmp_path / "none").proved


def test_limits_as_the_channels_tell_them():
    assert [str(one) for one in bounds({"limit": "50"})] == ["None", "50"]
    assert [str(one) for one in bounds({"limit": {"value": "5", "bound": "lower"}})] == ["5", "None"]
    assert bounds({"limit": None}) == bounds({}) == bounds({"limit": "n/a"}) == (None, None)


REPORTS = st.builds(
    Seen,
    st.sampled_from(["odour", "dust", "noise"]),
    st.text("化工厂臭味河边 ", max_size=20),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)),
    st.sampled_from(["", "P1", "P2"]),
    st.sampled_from(["", "E1"]),
    st.one_of(st.none(), st.floats(121, 122)),
    st.one_of(st.none(), st.floats(29, 30)),
)


@given(REPORTS, REPORTS)
def test_likeness_is_the_same_from_both_sides(one, other):
    found = compare(one, other)
    assert found == compare(other, one)
    assert 0 <= found.score <= 1
    assert compare(one, one).score >= found.score or not one.text.strip() or one.lon is None


def test_pieces_of_texts():
    assert shingles("化工厂", 2) == {"化工", "工厂"}
    assert shingles("A", 2) == {"a"}
    assert overlap(shingles("化工厂臭味", 2), shingles("化工厂有臭味", 2)) == 3 / 6
    assert overlap(frozenset(), frozenset()) == 0


@given(st.sets(st.integers(1, 999)), st.text(max_size=5))
def test_samples_are_drawn_again(numbers, seed):
    every = [f"HZ-{one:04d}" for one in numbers]
    drawn = sample(every, seed)
    assert drawn == sample(reversed(every), seed)
    assert set(drawn) <= set(every)
    assert len(drawn) == (max(1, -(-len(every) // 10)) if every else 0)

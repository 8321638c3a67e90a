"""Datums: published points, round trips, nothing outside China, and the real coast against its shift."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.atlas.datum import CHINA_BOX, Datum, from_cgcs2000, to_cgcs2000
from huanzhi.errors import InputError

SHIFTED = [Datum.GCJ02, Datum.BD09]
inside = st.tuples(st.floats(73.0, 135.0), st.floats(3.0, 54.0))
outside = st.one_of(
    st.tuples(st.floats(-180.0, 71.9), st.floats(-90.0, 90.0)),
    st.tuples(st.floats(138.0, 180.0), st.floats(-90.0, 90.0)),
    st.tuples(st.floats(-180.0, 180.0), st.floats(56.0, 90.0)),
    st.tuples(st.floats(-180.0, 180.0), st.floats(-90.0, 0.5)),
)


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [  # test vectors of eviltransform
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_gcj02_is_where_others_put_it(wgs, gcj):
    found = from_cgcs2000([wgs], Datum.GCJ02)[0]
    assert np.abs(found - gcj).max() < 1e-9


@given(place=inside, datum=st.sampled_from(SHIFTED))
def test_there_and_back_again(place, datum):
    back = to_cgcs2000(from_cgcs2000([place], datum), datum)[0]
    assert np.abs(back - place).max() < 1e-7


@given(place=inside, datum=st.sampled_from(SHIFTED))
def test_back_and_there_again(place, datum):
    again = from_cgcs2000(to_cgcs2000([place], datum), datum)[0]
    assert np.abs(again - place).max() < 1e-7


@given(place=outside, datum=st.sampled_from(SHIFTED))
def test_nothing_moves_outside_china(place, datum):
    assert np.array_equal(from_cgcs2000([place], datum)[0], place)
    assert np.array_equal(to_cgcs2000([place], datum)[0], place)


@given(place=inside)
def test_the_shift_is_a_few_hundred_metres(place):
    moved = from_cgcs2000([place], Datum.GCJ02)[0] - place
    metres = np.hypot(moved[0] * 111_320 * np.cos(np.radians(place[1])), moved[1] * 110_570)
    assert metres < 1500


@given(place=inside)
def test_bd09_lies_near_gcj02(place):
    one, other = from_cgcs2000([place], Datum.GCJ02)[0], from_cgcs2000([place], Datum.BD09)[0]
    assert 0.004 < np.hypot(*(one - other)) < 0.015


def test_many_places_at_once_are_the_same_as_each_alone():
    places = np.random.default_rng(7).uniform((73, 3), (135, 54), (500, 2))
    together = to_cgcs2000(places, Datum.BD09)
    alone = np.concatenate([to_cgcs2000([place], Datum.BD09) for place in places])
    assert np.abs(together - alone).max() < 1e-9


def test_cgcs2000_stays_and_nothing_stays_nothing():
    assert to_cgcs2000([], Datum.GCJ02).shape == (0, 2)
    assert np.array_equal(to_cgcs2000([[121.0, 28.0]], "cgcs2000"), [[121.0, 28.0]])
    assert np.isnan(to_cgcs2000([[np.nan, np.nan]], Datum.GCJ02)).all()


def test_an_unknown_datum_is_refused():
    with pytest.raises(InputError) as refused:
        to_cgcs2000([[121.0, 28.0]], "xian80")
    assert "gcj02" in str(refused.value)


def test_the_box_is_that_of_the_published_form():
    assert CHINA_BOX == (72.004, 0.8293, 137.8347, 55.8271)

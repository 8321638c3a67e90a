"""The outlook of a year: by hand, unknown with too little, and exact where nothing is left."""

import pytest

from huanzhi.assess.outlook import Outlook, YearParts, outlook


def test_by_hand():
    earlier = [YearParts(40, 60, 180, 185), YearParts(44, 62, 180, 185), YearParts(42, 58, 181, 185)]
    # usual: 42 before, 60 after; this year 38, four lower, three quarters of it carried on: 57 remain.
    found = outlook(38, 200, 165, earlier)
    assert found.rest == pytest.approx(57)
    assert found.central == pytest.approx((38 * 200 + 57 * 165) / 365)
    assert found.low < found.central < found.high
    assert found.years == 3


def test_one_earlier_year_is_too_little():
    assert outlook(38, 200, 165, [YearParts(40, 60, 180, 185)]) is None
    assert outlook(38, 200, 165, [YearParts(40, 60, 180, 185), YearParts(40, 0, 180, 0)]) is None


def test_without_a_day_nothing_is_foreseen():
    assert outlook(0, 0, 365, [YearParts(40, 60, 180, 185)] * 2) is None


def test_at_the_end_of_the_year_nothing_is_uncertain():
    earlier = [YearParts(40, 60, 364, 1), YearParts(44, 62, 364, 1)]
    assert outlook(36, 365, 0, earlier) == Outlook(36, 36, 36, 2, pytest.approx(56.5))

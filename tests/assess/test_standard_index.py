"""Standard index of HJ 2.3."""

from __future__ import annotations

import numpy as np
import pytest

from huanzhi import standards
from huanzhi.assess.standard_index import oxygen_index, ph_index, saturation, standard_index
from huanzhi.errors import StandardError

NEW, OLD = (standards.edition("HJ 2.3", year) for year in ("2018", "1993"))


def test_ratio_and_ph():
    assert standard_index([0.1, np.nan], 0.2, NEW)[0] == 0.5
    np.testing.assert_allclose(ph_index([6, 6.5, 7, 8, 9, 10], NEW), [1, 0.5, 0, 0.5, 1, 1.5])


def test_saturation_by_temperature_and_salinity():
    assert saturation(20, NEW) == pytest.approx(468 / 51.6)
    assert saturation(20, NEW, salinity=30) == pytest.approx((491 - 79.5) / 53.5)
    with pytest.raises(StandardError):
        saturation(20, OLD, salinity=30)


def test_oxygen_differs_between_editions_below_saturation():
    full = saturation([20, 20, 20], NEW)
    values = [5, 4, 12]
    np.testing.assert_allclose(oxygen_index(values, full, 5, NEW)[:2], [1, 1.25])
    np.testing.assert_allclose(oxygen_index(values, full, 5, OLD)[:2], [1, 2.8])
    assert oxygen_index(values, full, 5, NEW)[2] == pytest.approx((12 - full[2]) / (full[2] - 5))


def test_missing_stays_missing():
    assert np.isnan(oxygen_index([np.nan], [9.0], 5, NEW)).all()
    assert np.isnan(ph_index([np.nan], NEW)).all()

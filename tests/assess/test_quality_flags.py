"""Letters of HJ 212 by edition."""

from __future__ import annotations

import pytest

from huanzhi import standards
from huanzhi.assess.quality_flags import DeviceFlag, Finding
from huanzhi.network.quality.checks import CHECKS


@pytest.mark.parametrize(
    ("letter", "edition", "flag"),
    [
        ("N", "2005", DeviceFlag.NONE),
        ("N", "2017", DeviceFlag.NONE),
        ("F", "2017", DeviceFlag.STOPPED),
        ("m", "2017", DeviceFlag.MAINTENANCE),
        ("C", "2005", DeviceFlag.CALIBRATION),
        ("P", "2005", DeviceFlag.POWER),
        ("P", "2017", DeviceFlag.UNKNOWN),
        ("B", "2017", DeviceFlag.LINK_BROKEN),
        ("B", "2005", DeviceFlag.UNKNOWN),
        ("2", "2005", DeviceFlag.ABNORMAL),
        ("3", "2005", DeviceFlag.NONE),
        ("T", "2025", DeviceFlag.OVER_RANGE),
        ("lw", "2025", DeviceFlag.UNKNOWN),
        ("", "2017", DeviceFlag.NONE),
    ],
)
def test_a_letter_means_what_its_edition_says(letter: str, edition: str, flag: DeviceFlag) -> None:
    assert DeviceFlag.of(letter, edition) is flag


def test_bits_are_bits() -> None:
    for flags in (DeviceFlag, Finding):
        values = [int(flag) for flag in flags]
        assert all(value & (value - 1) == 0 for value in values)
        assert sum(values) < 2**31


def test_every_check_has_a_table_and_every_table_a_check() -> None:
    for edition in standards.standard("QUALITY CHECKS").editions:
        assert set(edition.tables) - {"context"} == set(CHECKS)

"""Flags of quality control 数据标记: what a device says of its value, what a check finds, what a mark does.

`DeviceFlag` is the bit set in the column ``flag`` of an observation: the device's own word, kept raw.
`Finding` is the bit set that the checks give. `Effect` is what a mark does to a value in the reviewed ledger.
Raw values never change.

>>> DeviceFlag.of("M", "2017")
<DeviceFlag.MAINTENANCE: 2>
"""

from __future__ import annotations

from enum import IntFlag, StrEnum
from functools import cache
from types import MappingProxyType
from typing import Self

from huanzhi import standards


class DeviceFlag(IntFlag):
    """What the device says of a value; the letters of each edition of HJ 212 stand in HZ DATA FLAGS."""

    NONE = 0
    STOPPED = 1
    MAINTENANCE = 2
    MANUAL = 4
    FAULT = 8
    CALIBRATION = 16
    OVER_RANGE = 32
    LINK_BROKEN = 64
    POWER = 128
    ABNORMAL = 256
    METEOROLOGY = 512
    STANDARD_CHECK = 1024
    UNKNOWN = 2048
    RESENT = 4096

    @classmethod
    def of(cls, letter: str, edition: str) -> Self:
        """Return the flag that a letter of HJ 212 means in an edition; UNKNOWN for a letter it has not.

        Parameters
        ----------
        letter : str
            ``xxxxxx-Flag`` as sent; empty where there is none.
        edition : str
            ``2005``, ``2017`` or ``2025``.

        References
        ----------
        .. [1] HJ 212-2017, 6.6.4 表8.
        """
        if not letter:
            return cls.NONE
        return cls[_letters(edition).get(letter.upper(), cls.UNKNOWN.name or "")]


class Finding(IntFlag):
    """What the checks find, one bit a check."""

    NONE = 0
    RANGE = 1
    RATE = 2
    FLAT = 4
    REPEATED = 8
    CLIPPED = 16
    CONTRADICTION = 32
    RATIO = 64
    DILUTED = 128
    OUTLET_SILENT = 256
    TREATMENT_OFF = 512
    NEIGHBOURS = 1024
    LOST = 2048
    CALIBRATION = 4096
    MAINTENANCE = 8192
    DEVICE = 16384
    STOPPED = 32768
    START_UP = 65536
    STOPPING = 131072
    DRIFT = 262144
    OUT_OF_STEP = 524288


class Effect(StrEnum):
    """What a mark does to a value in the reviewed ledger.

    ``EXEMPT`` is a working state 工况 that is not judged for exceedance but is valid data; ``CHECK`` the
    automatic standard-sample check 标样核查; ``VALID`` an officer's word that a value holds.
    """

    VALID = "valid"
    SUSPECT = "suspect"
    INVALID = "invalid"
    MISSING = "missing"
    SHUTDOWN = "shutdown"
    CHECK = "check"
    EXEMPT = "exempt"


@cache
def _letters(edition: str) -> MappingProxyType[str, str]:
    rows = standards.edition("HZ DATA FLAGS", edition).table("letters").rows
    return MappingProxyType({str(row["name"]): str(row["flag"]) for row in rows})

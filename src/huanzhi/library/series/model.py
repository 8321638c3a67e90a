"""What the store speaks of: features 监测点位, sources 数据来源, receipts 回执, windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huanzhi.errors import InputError
from huanzhi.standards.periods import Period

KINDS = (
    "air_station",
    "city",
    "section",
    "lake",
    "well",
    "sea_point",
    "soil_point",
    "noise_point",
    "outlet",
    "other",
)


@dataclass(frozen=True)
class Feature:
    """A place whose environment is measured 监测点位.

    Attributes
    ----------
    code : str
        Unique code, given by the network that runs it.
    kind : str
        One of :data:`KINDS`.
    region, province, basin : str
        City (or county), province and river basin, by name.
    region_code : str
        GB/T 2260 code.
    lon, lat : float, optional
        WGS-84 / CGCS2000 degrees.
    simulated : bool
        True for a place of the test city.
    """

    code: str
    name: str
    kind: str
    region: str = ""
    province: str = ""
    basin: str = ""
    region_code: str = ""
    lon: float | None = None
    lat: float | None = None
    simulated: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.code:
            raise InputError("series.no_code", name=self.name)
        if self.kind not in KINDS:
            raise InputError("series.kind", value=self.kind, expected=", ".join(KINDS))


@dataclass(frozen=True)
class Source:
    """Where a batch comes from.

    Attributes
    ----------
    name : str
        File name or feed.
    format : str
        Name of the importer.
    sha256 : str
        Digest of the raw bytes; empty where there are none.
    raw : bytes or Path, optional
        The raw bytes, or the file that holds them; they are kept in the inbox.
    options : str
        What else shaped the reading; the same bytes read with other options are another batch.
    """

    name: str
    format: str
    sha256: str
    note: str = ""
    simulated: bool = False
    raw: bytes | Path | None = None
    options: str = ""


@dataclass(frozen=True)
class Receipt:
    """What became of the rows of one write; they are durable when it is in hand.

    ``received`` = ``new`` + ``revised`` + ``unchanged`` + ``withdrawn`` + ``repeated``. A repeated row had
    its key again further down in the same batch: the last one counts.
    """

    batch: str
    revision: int
    received: int
    new: int
    revised: int
    unchanged: int
    withdrawn: int
    repeated: int = 0


@dataclass(frozen=True)
class Batch:
    """One accepted write, with its source and receipt."""

    receipt: Receipt
    source: Source
    at: datetime


@dataclass(frozen=True)
class Window:
    """Observations on a dense time axis, in scaled integers.

    Attributes
    ----------
    features, parameters : tuple of str
        Codes, as asked.
    times : ndarray of int64, shape (t,)
        Period starts, seconds UTC.
    units : ndarray of int64, shape (f, p, t)
        Numbers of ``10**-decimals[p]``; ``exact.MISSING`` where no value is there.
    decimals : tuple of int, length p
        The most decimals that any row of the parameter in the window was reported with.
    states : ndarray of int8, shape (f, p, t)
        ``State``; MISSING where no row is there.
    flags : ndarray of int32, shape (f, p, t)
    """

    features: tuple[str, ...]
    parameters: tuple[str, ...]
    period: Period
    times: npt.NDArray[np.int64]
    units: npt.NDArray[np.int64]
    decimals: tuple[int, ...]
    states: npt.NDArray[np.int8]
    flags: npt.NDArray[np.int32]

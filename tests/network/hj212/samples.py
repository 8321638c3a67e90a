"""Frames for the tests: made here, and the shared ones where they are there."""

from __future__ import annotations

import csv
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parents[4] / "shared" / "data" / "hj212"
MN = "010000A8900016F000169DC0"
PRINTED_2017 = (
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&RtdInterval=30&&1C80\r\n"
)
PRINTED_2025 = (
    b"##0087QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&2200\r\n"
)
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared HJ 212 frames are not here")


@cache
def vectors() -> list[dict[str, Any]]:
    """Return the shared vectors."""
    return [json.loads(line) for line in (SHARED / "vectors.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def open_frames() -> list[dict[str, str]]:
    """Return the frames of other people's code and logs."""
    with gzip.open(SHARED / "open" / "frames.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def open_segments() -> list[dict[str, str]]:
    """Return data segments without frame."""
    with (SHARED / "open" / "segments.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


AREA = "DataTime=20240601085857;w01018-Rtd=40.10,w01018-Flag=N"


def segment(cn: str = "2011", area: str = AREA, **more: str) -> str:
    """Return a data segment of HJ 212-2017, with fields replaced."""
    fields = {"QN": "20240601085857223", "ST": "32", "CN": cn, "PW": "123456", "MN": MN, "Flag": "5"} | more
    head = ";".join(f"{name}={value}" for name, value in fields.items() if value)
    return f"{head};CP=&&{area}&&"

"""What the inbox speaks of: frames that arrive, frames that are kept, spans of their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from huanzhi.library.home import home_folder


def arrivals_folder(home: Path | None = None) -> Path:
    """Return the folder of the inbox in the data folder."""
    return home_folder(home) / "arrivals"


class Arrival(NamedTuple):
    """A frame on its way in.

    Attributes
    ----------
    received : int
        When it came [µs UTC].
    mn : str
        Device number 设备唯一标识.
    peer : str
        Where it came from.
    raw : bytes
        The frame from ``##`` to the CRC.
    parked : bool
        Its device is not registered: it is kept apart until it is.
    """

    received: int
    mn: str
    peer: str
    raw: bytes
    parked: bool = False


class Kept(NamedTuple):
    """A frame that is durable, with its number in the order of arrival."""

    seq: int
    received: int
    mn: str
    peer: str
    raw: bytes


class Span(NamedTuple):
    """Numbers of frames, both ends included."""

    first: int
    last: int

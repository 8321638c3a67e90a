"""What is wrong with a frame: what, where, and which clause it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huanzhi.messages import text
from huanzhi.network.hj212.tables import Edition


@dataclass(frozen=True, slots=True)
class Fault:
    """One departure from the standard.

    Attributes
    ----------
    key : str
        Message key without its area, e.g. ``crc_modbus``.
    fatal : bool
        The frame is refused for it; otherwise it is noted and the frame is taken.
    at : int
        Where [bytes from the start of the frame]; -1 where it has no one place.
    subject : str
        What the broken clause rules: ``frame``, ``segment``, ``area``, ``crc``, ``command``, ``cipher`` ….
    values : mapping
        What fills the message.
    """

    key: str
    fatal: bool
    at: int = -1
    subject: str = "frame"
    values: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, edition: Edition) -> str:
        """Return the fault in the reader's language, with its place and the clause of `edition`."""
        what = text(f"hj212.{self.key}", **self.values)
        place = text("hj212.at_byte", at=self.at) if self.at >= 0 else ""
        return text("hj212.fault", what=what, place=place, clause=edition.clause(self.subject))

"""Citing 依据: where a target is written, to the character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huanzhi.messages import text


@dataclass(frozen=True, slots=True)
class Written:
    """Where a target is written.

    Attributes
    ----------
    document, title, sha256 : str
        Name of the file or number of the document, its title, and the digest of its bytes.
    quote, start, end : str, int, int
        Verbatim, and its place: ``text[start:end] == quote``.
    item : str
        Item of the review, where there was one.
    """

    document: str
    title: str
    sha256: str
    quote: str
    start: int
    end: int
    item: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Written | None:
        """Read it from plain values; None where nothing is written."""
        if not told.get("quote"):
            return None
        words = {name: str(told.get(name, "")) for name in ("document", "title", "sha256", "quote", "item")}
        return cls(start=int(told.get("start", 0)), end=int(told.get("end", 0)), **words)

    def words(self) -> str:
        """Return the citation in the reader's language."""
        return text(
            "indicators.report_quote",
            document=f"《{self.title}》{self.document}" if self.title else self.document,
            sha256=self.sha256[:16],
            start=self.start,
            end=self.end,
            quote=self.quote,
        )

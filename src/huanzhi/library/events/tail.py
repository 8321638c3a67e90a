"""The tail of the store: what is new in it, read from any process, whichever way it came in.

The hot table holds the newest row of every series and the revision that brought it. So whoever asks for the
rows after a revision gets each series once, newest value only, and nothing before it is durable.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.manifest import Manifest
from huanzhi.library.series.model import Feature
from huanzhi.library.series.schema import PERIODS

_ROWS = "select feature, parameter, period, time, value, decimals, state, flag, rev from hot where rev > ?"


class Newest(NamedTuple):
    """The newest row of a series; `value` counts 10**-`decimals`, None where there is none."""

    feature: str
    parameter: str
    period: str
    time: int
    value: int | None
    decimals: int
    state: int
    flag: int
    revision: int

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what makes the series."""
        return self.feature, self.parameter, self.period


class Tail:
    """Follows the store of a data folder; each object belongs to one thread.

    Raises
    ------
    StoreError
        If there is no store yet.
    """

    def __init__(self, home: Path | None = None) -> None:
        folder = home_folder(home)
        self._hot = open_database(folder / "hot.sqlite", "", writable=False)
        self._manifest = Manifest(folder / "manifest.sqlite", writable=False)
        self._features: dict[int, str] = {}
        self._parameters: dict[int, str] = {}
        self.revision = 0

    def close(self) -> None:
        """Close the databases."""
        self._hot.close()
        self._manifest.close()

    def news(self) -> list[Newest]:
        """Return the series that have a newer row than at the last call; all of them at first."""
        self._hot.execute("begin")
        try:
            row = self._hot.execute("select rev from taken").fetchone()
            taken = int(row[0]) if row else 0
            rows = self._hot.execute(_ROWS, (self.revision,)).fetchall() if taken != self.revision else []
        finally:
            self._hot.execute("commit")
        self.revision = taken
        return list(self._named(rows))

    def features(self) -> dict[str, Feature]:
        """Return the places of the store by code."""
        return {code: feature for code, (_, feature) in self._manifest.features().items()}

    def _named(self, rows: list[tuple[int, ...]]) -> Iterator[Newest]:
        if any(row[0] not in self._features or row[1] not in self._parameters for row in rows):
            codes = self._manifest.codes()
            self._features = {number: code for code, number in codes.features.items()}
            self._parameters = {number: code for code, number in codes.parameters.items()}
        for feature, parameter, period, *rest in rows:
            yield Newest(self._features[feature], self._parameters[parameter], PERIODS[period].value, *rest)

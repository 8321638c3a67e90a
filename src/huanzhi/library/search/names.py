"""Names 名称索引: keys of many entries in one text, so that finding is a scan in C.

A query is cut into words, and Chinese from Latin; every piece must fit the entry somewhere. A piece fits
best as the whole of a key, then as its beginning, then inside; where little fits, keys that begin with the
piece but for one slip (a letter wrong, missing, too many, or two exchanged) fit as well.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from huanzhi.library.rights import Thing
from huanzhi.library.search.pinyin import folded, sounds

WHOLE, BEGINS, SOUND_BEGINS, INSIDE, SLIP = 100, 80, 70, 40, 20
"""Scores of a fit. DEFAULT, NOT FROM THE DOCUMENTS."""

ENOUGH, SHORTEST_SLIP, MOST_SEEN, MOST_FOUND = 5, 4, 4_000, 500
"""Hits above which no slips are looked for, letters below which none are, places of a piece that are looked
at, entries that are given. DEFAULT, NOT FROM THE DOCUMENTS."""

_PIECES = re.compile(r"[⺀-鿿豈-﫿]+|[^\s⺀-鿿豈-﫿]+")
_END = "\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that has a name.

    Attributes
    ----------
    kind, code : str
        As in `Record.KIND`, and what names the row.
    note : str
        What tells it from others of the same name: region, enterprise, clause.
    thing : Thing, optional
        What rights see of it; None for what everybody who is signed in may know.
    weight : int
        Rises the better known it is; decides between equal fits.
    """

    kind: str
    code: str
    name: str
    name_en: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()
    thing: Thing | None = None
    simulated: bool = False
    weight: int = 0

    def written(self) -> Iterator[str]:
        """Go through its spellings."""
        yield from filter(None, (self.code, self.name, self.name_en, *self.aliases))

    def sounded(self) -> Iterator[str]:
        """Go through its sounds."""
        yield from filter(None, sounds(self.name))
        for alias in self.aliases:
            yield from filter(None, sounds(alias))


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with how well it fits."""

    entry: Entry
    score: int


@dataclass(slots=True)
class _Keys:
    """Keys of entries in one text, each on a line of its own."""

    text: str = _END
    starts: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, keys: Iterable[tuple[int, str]]) -> _Keys:
        lines, starts, owners, at = [_END], [], [], 1
        for owner, key in keys:
            starts.append(at)
            owners.append(owner)
            lines.append(key + _END)
            at += len(key) + 1
        return cls("".join(lines), starts, owners)

    def hits(self, piece: str, most: int = MOST_SEEN) -> Iterator[tuple[int, int]]:
        """Go through line number and place within the line of each occurrence."""
        at = self.text.find(piece)
        while at >= 0 and most:
            line = bisect_right(self.starts, at) - 1
            yield line, at - self.starts[line]
            at = self.text.find(piece, at + 1)
            most -= 1

    def key(self, line: int) -> str:
        """Return the key on a line."""
        start = self.starts[line]
        return self.text[start : self.text.index(_END, start)]

    def beginning(self, piece: str, most: int = MOST_SEEN) -> Iterator[int]:
        """Go through the lines that begin with a piece."""
        for line, _ in self.hits(_END + piece, most):
            yield line + 1


class Names:
    """An index over entries; it never changes."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: Sequence[Entry] = tuple(entries)
        self._folded = [folded(entry.name) for entry in self.entries]
        numbered = list(enumerate(self.entries))
        self._written = _Keys.of((n, folded(key)) for n, entry in numbered for key in entry.written())
        self._sounded = _Keys.of((n, key) for n, entry in numbered for key in entry.sounded())

    def find(self, query: str) -> list[Found]:
        """Return the entries that fit a query, the best first."""
        pieces = [folded(piece) for piece in _PIECES.findall(query)]
        if not pieces:
            return []
        fits = [self._fit(piece) for piece in pieces]
        owners = set(fits[0]).intersection(*fits[1:])
        whole = folded(query)
        ranked = [(self._rank(n, min(fit[n] for fit in fits), whole), n) for n in owners]
        return [Found(self.entries[n], -rank[0]) for rank, n in nsmallest(MOST_FOUND, ranked)]

    def _rank(self, n: int, score: int, whole: str) -> tuple[int, int, bool, int, str]:
        """Return what puts entries in order: fit, weight, names that begin with all of it, shorter ones."""
        entry, name = self.entries[n], self._folded[n]
        return -score, -entry.weight, not name.startswith(whole), len(name), entry.code

    def _fit(self, piece: str) -> dict[int, int]:
        fits: dict[int, int] = {}
        for keys, begins in ((self._written, BEGINS), (self._sounded, SOUND_BEGINS)):
            for line in keys.beginning(piece):
                whole = keys.text[keys.starts[line] + len(piece)] == _END
                score = begins + (WHOLE - BEGINS if whole else 0)
                owner = keys.owners[line]
                fits[owner] = max(score, fits.get(owner, 0))
            for line, _ in keys.hits(piece):
                fits.setdefault(keys.owners[line], INSIDE)
        if len(fits) < ENOUGH and len(piece) >= SHORTEST_SLIP and piece.isascii():
            for owner in self._slips(piece):
                fits.setdefault(owner, SLIP)
        return fits

    def _slips(self, piece: str) -> Iterator[int]:
        """Go through the entries with a key that begins with a piece but for one slip.

        One half of the piece is as in the key: the first at its beginning, or the second near its middle.
        """
        half = len(piece) // 2
        for keys in (self._written, self._sounded):
            lines = set(keys.beginning(piece[:half]))
            lines.update(line for line, at in keys.hits(piece[half:]) if abs(at - half) <= 1)
            yield from (keys.owners[line] for line in lines if begins_nearly(keys.key(line), piece))


def begins_nearly(key: str, piece: str) -> bool:
    """Return whether a key begins with a piece but for at most one slip.

    >>> begins_nearly("jiaojiangqu", "jiaojaing"), begins_nearly("jiaojiangqu", "luqiao")
    (True, False)
    """
    at = next((n for n, (a, b) in enumerate(zip(key, piece, strict=False)) if a != b), None)
    if at is None:
        return len(key) >= len(piece) - 1
    ours, theirs = piece[at:], key[at:]
    return (
        theirs[1:].startswith(ours[1:])
        or theirs[1:].startswith(ours)
        or theirs.startswith(ours[1:])
        or (ours[:2] == theirs[1::-1] and theirs[2:].startswith(ours[2:]))
    )

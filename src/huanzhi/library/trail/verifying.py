"""Verifying 校验: whether a chain is whole, from an export alone; no database, no secret."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.trail.hashing import BOUND, FIRST, body_digest, entry_digest

FORMAT = "huanzhi-trail-1"
_FIELDS = frozenset((*BOUND, "digest"))
_BODY = frozenset(("salt", "body"))


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain is broken: `seq` of the first entry that is wrong, and why, as a message key."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Attributes
    ----------
    entries : int
        Entries that are right, from the first on.
    left_out : int
        Of these, how many came without their body.
    anchored : int
        Anchors that were met.
    fault : Fault, optional
        None where all is right.
    """

    first: int
    last: int
    entries: int
    left_out: int
    anchored: int
    digest: str
    fault: Fault | None = None

    @property
    def whole(self) -> bool:
        """Return whether all is right."""
        return self.fault is None


def verify_file(file: Path, anchors: Mapping[int, str] | None = None) -> Verdict:
    """Verify an export.

    Parameters
    ----------
    anchors : mapping, optional
        Digest by ``seq`` as kept elsewhere; they count besides those of the export.

    Raises
    ------
    InputError
        If the file is no export of a trail.
    """
    with file.open(encoding="utf-8") as lines:
        head = _head(file, lines)
        known = {**{one["seq"]: one["digest"] for one in head["anchors"]}, **(anchors or {})}
        found = verify(_rows(file, lines), known, head["first"], head["previous"])
    if found.whole and (found.last, found.digest) != (head["last"], head["digest"]):
        return _with(found, Fault(found.last + 1, "trail.cut_short"))
    return found


def verify(
    rows: Iterable[Mapping[str, Any]],
    anchors: Mapping[int, str],
    first: int = 1,
    previous: str = FIRST,
) -> Verdict:
    """Verify entries in their exported form and their order.

    Parameters
    ----------
    anchors : mapping
        Digest by ``seq``.
    first, previous
        ``seq`` of the first entry and digest of the one before it.
    """
    seq, entries, left_out, met = first - 1, 0, 0, 0
    for row in rows:
        reason = _reason(row, seq + 1, previous, anchors)
        if reason:
            fault = Fault(seq + 1, reason)
            return Verdict(first, seq, entries, left_out, met, previous, fault)
        seq, previous = row["seq"], row["digest"]
        entries += 1
        left_out += "body" not in row
        met += seq in anchors
    verdict = Verdict(first, seq, entries, left_out, met, previous)
    missing = [one for one in sorted(anchors) if one > seq]
    return _with(verdict, Fault(seq + 1, "trail.beyond")) if missing else verdict


def anchors_in(file: Path) -> dict[int, str]:
    """Return the anchors of a file: one JSON object or a list of them."""
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        listed = raw if isinstance(raw, list) else [raw]
        return {int(one["seq"]): str(one["digest"]) for one in listed}
    except (ValueError, KeyError, TypeError):
        raise InputError("trail.no_anchor", file=file) from None


def _reason(row: Mapping[str, Any], seq: int, previous: str, anchors: Mapping[int, str]) -> str:
    """Return what is wrong with an entry; empty where nothing is."""
    names = frozenset(row)
    if names - _BODY != _FIELDS or len(names & _BODY) == 1:
        return "trail.fields"
    if row["seq"] != seq or isinstance(row["seq"], bool):
        return "trail.order"
    if row["previous"] != previous:
        return "trail.previous"
    if row["digest"] != entry_digest(row):
        return "trail.digest"
    if "body" not in row and not row["restricted"]:
        return "trail.left_out"
    if "body" in row and row["details"] != body_digest(str(row["salt"]), str(row["body"])):
        return "trail.body"
    return "trail.anchor" if anchors.get(seq, row["digest"]) != row["digest"] else ""


def _head(file: Path, lines: Iterator[str]) -> Mapping[str, Any]:
    try:
        head = json.loads(next(lines, ""))
        if head["format"] == FORMAT and isinstance(head["anchors"], list):
            return {**head, "first": int(head["first"]), "last": int(head["last"])}
    except (ValueError, KeyError, TypeError):
        pass
    raise InputError("trail.no_export", file=file)


def _rows(file: Path, lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(lines, 2):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise InputError("trail.no_line", file=file, row=number)
        yield row


def _with(found: Verdict, fault: Fault) -> Verdict:
    return Verdict(
        found.first, found.last, found.entries, found.left_out, found.anchored, found.digest, fault
    )

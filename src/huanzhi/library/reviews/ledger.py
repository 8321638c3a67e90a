"""The ledger itself: one SQLite file beside the observation store, rows only added."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal

from huanzhi.assess.quality_flags import Effect
from huanzhi.errors import InputError, StoreError
from huanzhi.library.home import home_folder
from huanzhi.library.reviews.model import (
    Cover,
    Ended,
    Held,
    HeldSubstitute,
    Mark,
    Renewal,
    Role,
    Substitute,
)
from huanzhi.library.reviews.tables import FILE, MARK_COLUMNS, SUBSTITUTE_COLUMNS, TABLES
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults


def open_ledger(mode: Literal["write", "read"] = "write", home: Path | None = None) -> Ledger:
    """Open the ledger of reviews, to add to it or to read it.

    Raises
    ------
    StoreError
        If there is none to read, or the file is damaged.
    """
    path = home_folder(home) / FILE
    if mode == "read" and not path.exists():
        raise StoreError("quality.no_ledger", file=path)
    with storage_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    return Ledger(path, writable=mode == "write")


class Ledger:
    """An open ledger; use it as a context manager. It belongs to one thread."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self.db = open_database(path, TABLES, writable=writable)
        self.db.row_factory = sqlite3.Row

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def mark(self, mark: Mark, who: str, role: Role, at: datetime) -> Held:
        """Add a person's mark; durable on return.

        Parameters
        ----------
        at : datetime
            Now, aware.

        Raises
        ------
        InputError
            Without a reason or a name, for an empty stretch, or where the role may not have this effect.
        """
        _check_person(who, mark.reason)
        if mark.end <= mark.start:
            raise InputError("quality.empty_stretch")
        if mark.effect is Effect.VALID and role is not Role.OFFICER:
            raise InputError("quality.officer_only", value=str(mark.effect))
        with self._transaction():
            number = self._add_mark(mark, who, role, 0, at)
        return Held(number, mark, at, who, role, 0)

    def end_mark(self, number: int, who: str, role: Role, reason: str, at: datetime) -> None:
        """End a mark; it stays in the ledger with who ended it and why.

        Raises
        ------
        InputError
            Without a reason, if there is no such live mark, or an enterprise ends a mark of others.
        """
        _check_person(who, reason)
        with self._transaction():
            found = [held for held in self._marks("m.id = ?", [number]) if held.ended is None]
            if not found:
                raise InputError("quality.no_mark", value=number)
            if role is not Role.OFFICER and found[0].role is not role:
                raise InputError("quality.not_yours", value=number)
            self._end("mark", [number], who, reason, 0, at)

    def renew(self, cover: Cover, marks: Sequence[Mark], who: str, at: datetime) -> Renewal:
        """Take in what a run of the checks found, in place of what earlier runs found there.

        A mark that is found again stays as it is; one that is not found again is ended; what an earlier mark
        covers outside of this run lives on. The same run again changes nothing but the list of runs.
        """
        with self._transaction():
            run = self._add_run(cover, len(marks), at)
            names = {_name(check) for check in cover.checks}
            before = [held for held in self._touching(cover) if _name(held.mark.check) in names]
            wanted = {mark.key: mark for mark in (*marks, *_outside(before, cover))}
            live = {held.mark.key: held for held in before}
            new = [mark for key, mark in wanted.items() if key not in live]
            gone = [held.id for key, held in live.items() if key not in wanted]
            for mark in new:
                self._add_mark(mark, who, Role.CHECK, run, at)
            self._end("mark", gone, who, "", run, at)
        return Renewal(run, len(marks), len(new), len(live) - len(gone), len(gone))

    def marks(
        self,
        features: Sequence[str] | None = None,
        start: int | None = None,
        end: int | None = None,
        period: str | None = None,
        *,
        ended: bool = False,
        as_of: datetime | None = None,
    ) -> list[Held]:
        """Return the marks that touch [`start`, `end`), in the order they came.

        Parameters
        ----------
        ended : bool
            Also those that work no more.
        as_of : datetime, optional
            The ledger as it was then.
        """
        terms, values = _where(features, start, end, period)
        found = self._marks(" and ".join(terms) or "1", values)
        if as_of is not None:
            found = [_as_it_was(held, as_of) for held in found if held.at <= as_of]
        return [held for held in found if ended or held.ended is None]

    def substitute(self, given: Sequence[Substitute], who: str, at: datetime) -> tuple[int, int]:
        """Propose substitutes; one that is there with the same value and rule is not doubled.

        Returns
        -------
        tuple of int
            How many are new, and how many were there.
        """
        for each in given:
            _check_person(who, each.reason)
        with self._transaction():
            there = {_place(held.substitute): held for held in self.substitutes()}
            fresh = [each for each in given if not _same(there.get(_place(each)), each)]
            replaced = [there[_place(each)].id for each in fresh if _place(each) in there]
            self._end("substitute", replaced, who, fresh[0].reason if fresh else "", 0, at)
            for each in fresh:
                self._add_substitute(each, who, at)
        return len(fresh), len(given) - len(fresh)

    def approve(self, numbers: Sequence[int], who: str, at: datetime) -> int:
        """Approve substitutes; the one who proposed them may not.

        Raises
        ------
        InputError
            If one is unknown, approved or ended already, or was proposed by `who`.
        """
        _check_person(who, "-")
        with self._transaction():
            open_ones = {held.id: held for held in self.substitutes() if not held.approved_by}
            for number in numbers:
                if number not in open_ones:
                    raise InputError("quality.no_substitute", value=number)
                if open_ones[number].who == who:
                    raise InputError("quality.second_person", value=number)
                self.db.execute("insert into approval values (?, ?, ?)", (number, _stamp(at), who))
        return len(numbers)

    def substitutes(
        self, features: Sequence[str] | None = None, start: int | None = None, end: int | None = None
    ) -> list[HeldSubstitute]:
        """Return the live substitutes in [`start`, `end`), in the order they came."""
        terms: list[str] = ["e.item is null"]
        values: list[object] = []
        if features is not None:
            terms.append(f"s.feature in ({', '.join('?' * len(features))})")
            values += list(features)
        for bound, sign in ((start, ">="), (end, "<")):
            if bound is not None:
                terms.append(f"s.time {sign} ?")
                values.append(bound)
        query = (
            "select s.*, a.who as approver, a.at as approved_at from substitute s"
            " left join approval a on a.item = s.id"
            " left join ending e on e.item = s.id and e.sort = 'substitute'"
            f" where {' and '.join(terms)} order by s.id"
        )
        with storage_faults(self.path):
            return [_held_substitute(row) for row in self.db.execute(query, values)]

    def runs(self) -> list[dict[str, object]]:
        """Return the runs of the checks, oldest first."""
        with storage_faults(self.path):
            rows = self.db.execute("select * from run order by id").fetchall()
        return [dict(row) for row in rows]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with storage_faults(self.path):
            self.db.execute("begin immediate")
            try:
                yield
                self.db.execute("commit")
            except BaseException:
                self.db.execute("rollback")
                raise

    def _add_run(self, cover: Cover, found: int, at: datetime) -> int:
        names = (_stamp(at), cover.period, cover.start, cover.end, ",".join(cover.checks), cover.version)
        return self._insert(
            'insert into run (at, period, start, "end", checks, version, revision, features, found)'
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*names, cover.revision, len(cover.features), found),
        )

    def _add_mark(self, mark: Mark, who: str, role: Role, run: int, at: datetime) -> int:
        values = tuple(getattr(mark, name) for name in MARK_COLUMNS)
        columns = ", ".join((*(f'"{name}"' for name in MARK_COLUMNS), "who", "role", "run", "at"))
        marks = ", ".join("?" * (len(MARK_COLUMNS) + 4))
        return self._insert(
            f"insert into mark ({columns}) values ({marks})", (*values, who, role, run, _stamp(at))
        )

    def _add_substitute(self, given: Substitute, who: str, at: datetime) -> int:
        values = tuple(getattr(given, name) for name in SUBSTITUTE_COLUMNS)
        columns = ", ".join((*SUBSTITUTE_COLUMNS, "who", "at"))
        marks = ", ".join("?" * (len(SUBSTITUTE_COLUMNS) + 2))
        return self._insert(
            f"insert into substitute ({columns}) values ({marks})", (*values, who, _stamp(at))
        )

    def _insert(self, statement: str, values: Iterable[object]) -> int:
        number = self.db.execute(statement, tuple(values)).lastrowid
        assert number is not None
        return number

    def _end(self, sort: str, numbers: Iterable[int], who: str, reason: str, run: int, at: datetime) -> None:
        rows = [(sort, number, _stamp(at), who, reason, run) for number in numbers]
        self.db.executemany("insert into ending values (?, ?, ?, ?, ?, ?)", rows)

    def _touching(self, cover: Cover) -> list[Held]:
        terms, values = _where(cover.features, cover.start, cover.end, cover.period)
        found = self._marks(" and ".join([*terms, "m.role = 'check'"]), values)
        return [held for held in found if held.ended is None]

    def _marks(self, where: str, values: Sequence[object]) -> list[Held]:
        query = (
            "select m.*, e.at as ended_at, e.who as ended_by, e.reason as ended_why from mark m"
            f" left join ending e on e.item = m.id and e.sort = 'mark' where {where} order by m.id"
        )
        with storage_faults(self.path):
            return [_held(row) for row in self.db.execute(query, tuple(values))]


def _name(check: str) -> str:
    """Return the name of a check without its version: marks of a new one replace those of the old."""
    return check.partition("/")[0]


def _where(
    features: Sequence[str] | None, start: int | None, end: int | None, period: str | None
) -> tuple[list[str], list[object]]:
    terms: list[str] = []
    values: list[object] = []
    if features is not None:
        terms.append(f"m.feature in ({', '.join('?' * len(features))})")
        values += list(features)
    for term, value in (('m."end" > ?', start), ("m.start < ?", end), ("m.period = ?", period)):
        if value is not None:
            terms.append(term)
            values.append(value)
    return terms, values


def _outside(before: Iterable[Held], cover: Cover) -> Iterator[Mark]:
    """Yield what marks of earlier runs cover outside of a run."""
    for held in before:
        mark = held.mark
        for first, last in ((mark.start, min(mark.end, cover.start)), (max(mark.start, cover.end), mark.end)):
            if first < last:
                yield Mark(
                    mark.feature,
                    mark.parameter,
                    mark.period,
                    first,
                    last,
                    mark.kind,
                    mark.effect,
                    mark.check,
                    mark.reason,
                    mark.late,
                )


def _held(row: sqlite3.Row) -> Held:
    values = {name: row[name] for name in MARK_COLUMNS}
    values |= {"effect": Effect(row["effect"]), "late": bool(row["late"])}
    ended = (
        None
        if row["ended_at"] is None
        else Ended(_moment(row["ended_at"]), row["ended_by"], row["ended_why"])
    )
    return Held(
        row["id"], Mark(**values), _moment(row["at"]), row["who"], Role(row["role"]), row["run"], ended
    )


def _held_substitute(row: sqlite3.Row) -> HeldSubstitute:
    given = Substitute(**{name: row[name] for name in SUBSTITUTE_COLUMNS})
    approved = None if row["approved_at"] is None else _moment(row["approved_at"])
    return HeldSubstitute(row["id"], given, _moment(row["at"]), row["who"], row["approver"] or "", approved)


def _as_it_was(held: Held, as_of: datetime) -> Held:
    if held.ended is None or held.ended.at <= as_of:
        return held
    return Held(held.id, held.mark, held.at, held.who, held.role, held.run)


def _place(given: Substitute) -> tuple[object, ...]:
    return (given.feature, given.parameter, given.period, given.time, given.quantity)


def _same(held: HeldSubstitute | None, given: Substitute) -> bool:
    return held is not None and (held.substitute.value, held.substitute.decimals, held.substitute.rule) == (
        given.value,
        given.decimals,
        given.rule,
    )


def _check_person(who: str, reason: str) -> None:
    if not who.strip():
        raise InputError("quality.who")
    if not reason.strip():
        raise InputError("quality.reason")


def _stamp(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp / 1_000_000, UTC)

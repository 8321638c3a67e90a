"""Reckoning 计算: standings and their history from events, written only where they differ from the stored.

What an event may change begins on a day; stretches that ended before it are neither read nor written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from huanzhi.ecocode.grades.models import Code, Event, EventState, Interval
from huanzhi.ecocode.grades.schemes import SORTS, Shelf
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.bulk import save_all
from huanzhi.library.rights import Actor
from huanzhi.rules.grading import UNKNOWN, Happening, Reason, Scheme, Standing, Stretch, history, standing

BATCH = 500
_EVENT = ("enterprise_id", "code", "kind", "day", "until", "facts", "released", "repaired")


@dataclass(slots=True)
class Reckoned:
    """What a reckoning touched."""

    run: int = 0
    enterprises: int = 0
    written: int = 0
    removed: int = 0
    kept: int = 0
    changed: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return the counts."""
        return {
            "enterprises": self.enterprises,
            "written": self.written,
            "removed": self.removed,
            "kept": self.kept,
            "changed": self.changed,
        }


def reckon(
    actor: Actor,
    touched: Mapping[int, date],
    today: date,
    shelf: Shelf | None = None,
    reason: str = "reckoned",
) -> Reckoned:
    """Reckon anew the enterprises that were touched, each from its first day that may stand otherwise."""
    shelf = shelf or Shelf()
    done = Reckoned(run=(Interval.objects.aggregate(last=Max("run"))["last"] or 0) + 1)
    keys = sorted(touched)
    for begin in range(0, len(keys), BATCH):
        with transaction.atomic():
            _Batch(keys[begin : begin + BATCH], touched, today, shelf, done).write(actor, reason)
    return done


def reckon_all(actor: Actor, today: date, shelf: Shelf | None = None) -> Reckoned:
    """Reckon every enterprise anew from its first event."""
    every = Enterprise.objects.exclude(status="closed").values_list("pk", flat=True)
    return reckon(actor, dict.fromkeys(every, date.min), today, shelf)


def due(today: date) -> dict[int, date]:
    """Return the enterprises whose standing changes by itself by a day, or that have none yet."""
    waiting = Code.objects.filter(changes__lte=today).values_list("enterprise", "changes")
    found: dict[int, date] = {}
    for enterprise, day in waiting:
        found[enterprise] = min(day, found.get(enterprise, day))
    known = set(Code.objects.order_by().values_list("enterprise", flat=True))
    every = Enterprise.objects.exclude(status="closed").values_list("pk", flat=True)
    return found | {pk: date.min for pk in every if pk not in known}


class _Batch:
    """Some enterprises with their events and what is stored of them."""

    def __init__(
        self, keys: Sequence[int], touched: Mapping[int, date], today: date, shelf: Shelf, done: Reckoned
    ) -> None:
        self.touched, self.today, self.shelf, self.done = touched, today, shelf, done
        self.firms = list(Enterprise.objects.filter(pk__in=keys).select_related("region").order_by("pk"))
        self.events = happenings(keys)
        self.codes = {(one.enterprise_id, one.sort): one for one in Code.objects.filter(enterprise__in=keys)}
        self.stored = _stored(keys, min(touched[key] for key in keys))
        self.new: list[Interval] = []
        self.changed: list[Interval] = []
        self.gone: list[int] = []
        self.standing: list[Code] = []

    def write(self, actor: Actor, reason: str) -> None:
        """Reckon and write what differs."""
        for firm in self.firms:
            for sort in SORTS:
                self._one(firm, sort)
        Interval.objects.filter(pk__in=self.gone).delete()
        Interval.objects.bulk_create(self.new, batch_size=BATCH)
        fields = ["scheme", "until", "level", "score", "reasons", "run"]
        Interval.objects.bulk_update(self.changed, fields, batch_size=100)
        save_all(actor, self.standing, reason)
        self.done.enterprises += len(self.firms)
        self.done.written += len(self.new) + len(self.changed)
        self.done.removed += len(self.gone)

    def _one(self, firm: Enterprise, sort: str) -> None:
        scheme = self.shelf.scheme(sort, firm.region_id, self.today)
        told = self.events.get(firm.pk, [])
        code = self.codes.get((firm.pk, sort))
        first = min(self.touched[firm.pk], self.today)
        if code is not None and code.scheme != scheme.id:
            first = date.min
        every = self.stored.get((firm.pk, sort), ())
        stored = [one for one in every if one.until is None or one.until >= first]
        begin = self._begin(stored, told, first)
        made = history(scheme, told, begin, None, self.shelf.weighing(scheme, firm.region_id))
        kept = made[1:] if self._leads(firm, sort, stored, made) else made
        self._compare(firm, sort, scheme, stored, kept)
        self._stand(firm, sort, scheme, code, made)

    def _begin(self, stored: Sequence[Interval], told: Iterable[Happening], first: date) -> date:
        """Return the day from which to reckon: the begin of the stored stretch that the first day lies in."""
        if stored and stored[0].day <= first:
            begun: date = stored[0].day
            return begun
        earliest = min((one.day for one in told), default=self.today)
        return max(min(earliest, self.today), first)

    @staticmethod
    def _leads(firm: Enterprise, sort: str, stored: Sequence[Interval], made: Sequence[Stretch]) -> bool:
        """Return whether the first stretch is the time before anything was known, which is not kept."""
        if made[0].level != UNKNOWN:
            return False
        if not stored or stored[0].day != made[0].day:
            return True
        return not Interval.objects.filter(enterprise=firm, sort=sort, day__lt=made[0].day).exists()

    def _compare(
        self, firm: Enterprise, sort: str, scheme: Scheme, stored: Sequence[Interval], made: Sequence[Stretch]
    ) -> None:
        held = {one.day: one for one in stored}
        for stretch in made:
            row = held.pop(stretch.day, None)
            content = _content(scheme, stretch)
            if row is None:
                row = Interval(enterprise=firm, sort=sort, day=stretch.day, run=self.done.run, **content)
                self.new.append(row)
            elif any(getattr(row, name) != value for name, value in content.items()):
                for name, value in content.items():
                    setattr(row, name, value)
                row.run = self.done.run
                self.changed.append(row)
            else:
                self.done.kept += 1
        self.gone += [one.pk for one in held.values()]

    def _stand(
        self, firm: Enterprise, sort: str, scheme: Scheme, code: Code | None, made: Sequence[Stretch]
    ) -> None:
        """Bring the row of where an enterprise stands now up to date."""
        now = next(one for one in reversed(made) if one.day <= self.today)
        code = code or Code(
            code=f"{firm.code}:{sort}",
            enterprise=firm,
            region=firm.region,
            sort=sort,
            simulated=firm.simulated,
        )
        before = _shown(code)
        code.since = self._since(code, now, made)
        code.enterprise, code.region, code.scheme = firm, firm.region, scheme.id
        code.level, code.score, code.changes, code.by_hand = now.level, _score(now), now.until, now.by_hand
        code.reasons = sum(one.weighs(self.today) for one in now.reasons)
        if code.pk is None or _shown(code) != before:
            code.reckoned = self.today
            self.done.changed += code.pk is None or before[1] != code.level
            self.standing.append(code)

    def _since(self, code: Code, now: Stretch, made: Sequence[Stretch]) -> date:
        """Return the day from which the level of now has held, whatever the points."""
        since: date = now.day
        for one in reversed(made):
            if one.day <= now.day and one.level != now.level:
                return since
            since = min(since, one.day)
        if now.level == UNKNOWN and code.pk is not None and code.level == UNKNOWN:
            known: date = code.since
            return min(known, since)
        if self.touched[code.enterprise_id] == date.min:
            return since
        earlier = Interval.objects.filter(enterprise=code.enterprise_id, sort=code.sort, day__lt=since)
        for day, level in earlier.order_by("-day").values_list("day", "level"):
            if level != now.level:
                break
            since = day
        return since


def _shown(code: Code) -> tuple[Any, ...]:
    return (
        code.scheme,
        code.level,
        code.score,
        code.since,
        code.changes,
        code.reasons,
        code.by_hand,
        code.region_id,
    )


def _score(stretch: Stretch) -> str:
    return "" if stretch.score is None else f"{stretch.score:f}"


def _content(scheme: Scheme, stretch: Stretch) -> dict[str, Any]:
    return {
        "scheme": scheme.id,
        "until": stretch.until,
        "level": stretch.level,
        "score": _score(stretch),
        "reasons": [reason_row(one) for one in stretch.reasons],
    }


def reason_row(reason: Reason) -> dict[str, Any]:
    """Return a reason as it is stored: event, days, and which row of which rulebook says what."""
    weight = reason.weight
    return {
        "event": reason.event,
        "day": reason.day.isoformat(),
        "end": reason.end.isoformat() if reason.end else None,
        "row": weight.row,
        "level": weight.level,
        "points": None if weight.points is None else f"{weight.points:f}",
        "steps": weight.steps,
    }


def happenings(keys: Iterable[int]) -> dict[int, list[Happening]]:
    """Return the events of some enterprises as the kernel sees them, as they are known now."""
    rows = Event.objects.filter(enterprise__in=list(keys), state="standing").order_by().values_list(*_EVENT)
    found: dict[int, list[Happening]] = defaultdict(list)
    for owner, code, kind, day, until, facts, released, repaired in rows:
        found[owner].append(Happening(code, kind, day, until, facts, _first(released, repaired)))
    return found


def known_on(enterprise: Enterprise, known: date) -> list[Happening]:
    """Return the events of an enterprise as they were known at the end of a day."""
    states = EventState.objects.filter(event__enterprise=enterprise, known__lte=known).order_by("pk")
    last: dict[str, Happening | None] = {}
    for state in states.select_related("event"):
        event = state.event
        ended = _first(state.released, state.repaired)
        last[event.code] = (
            Happening(event.code, event.kind, state.day, state.until, state.facts, ended)
            if state.state == "standing"
            else None
        )
    return [one for one in last.values() if one is not None]


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _stored(keys: Sequence[int], first: date) -> dict[tuple[int, str], list[Interval]]:
    rows = Interval.objects.filter(enterprise__in=list(keys))
    if first != date.min:
        rows = rows.filter(Q(until__isnull=True) | Q(until__gte=first))
    found: dict[tuple[int, str], list[Interval]] = defaultdict(list)
    for row in rows.order_by("enterprise", "sort", "day"):
        found[(row.enterprise_id, row.sort)].append(row)
    return found


def stand(
    enterprise: Enterprise, sort: str, day: date, known: date | None = None, shelf: Shelf | None = None
) -> tuple[Scheme, Standing]:
    """Return where an enterprise stood on a day, as it is known now or as it was known on `known`."""
    shelf = shelf or Shelf()
    told = (
        happenings([enterprise.pk]).get(enterprise.pk, []) if known is None else known_on(enterprise, known)
    )
    scheme = shelf.scheme(sort, enterprise.region_id, day)
    return scheme, standing(scheme, told, day, shelf.weighing(scheme, enterprise.region_id))


def replay(
    enterprise: Enterprise,
    sort: str,
    first: date,
    end: date,
    known: date | None = None,
    shelf: Shelf | None = None,
) -> tuple[Stretch, ...]:
    """Return the history of an enterprise made anew from its events, whatever is stored."""
    shelf = shelf or Shelf()
    told = (
        happenings([enterprise.pk]).get(enterprise.pk, []) if known is None else known_on(enterprise, known)
    )
    scheme = shelf.scheme(sort, enterprise.region_id, end)
    return history(scheme, told, first, end, shelf.weighing(scheme, enterprise.region_id))

"""Events 赋码事件: taken from what every room tells, kept with all that was known of them before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from huanzhi.ecocode.grades.models import Event, EventState
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA

BATCH = 500
OUTSIDE = 900
"""Values asked for in one statement, which SQLite bounds."""

ENTERED = ("entered:", "proposal:")
"""What the sources of events begin with that people entered: no room tells them, so none withdraws them."""

Named = tuple[int, str, str]


@dataclass(slots=True)
class Recorded:
    """What a recording changed; `touched`: by enterprise the first day that may stand otherwise."""

    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    same: int = 0
    unknown: list[str] = field(default_factory=list)
    touched: dict[int, date] = field(default_factory=dict)

    def touch(self, enterprise: int, day: date) -> None:
        """Note that an enterprise may stand otherwise from a day on."""
        self.touched[enterprise] = min(day, self.touched.get(enterprise, day))

    def as_dict(self) -> dict[str, int]:
        """Return the counts."""
        return {
            "new": self.new,
            "changed": self.changed,
            "withdrawn": self.withdrawn,
            "same": self.same,
            "unknown": len(self.unknown),
            "enterprises": len(self.touched),
        }


def record(
    actor: Actor,
    occurrences: Iterable[Occurrence],
    now: datetime,
    *,
    whole: Mapping[str, date] | None = None,
    known: date | None = None,
) -> Recorded:
    """Take what happened: new events, changed ones, and those that are told no longer.

    Saying the same again changes nothing. What an appeal corrected or struck stays as the appeal left it.

    Parameters
    ----------
    whole : mapping
        Kinds of which everything since a day was told: what of them is missing is withdrawn.
    known : date
        Day from which this is known, the day of `now` in China by default.

    Raises
    ------
    InputError
        If the actor may not, or a field is wrong; nothing is kept then.
    """
    told = list(occurrences)
    known = known or now.astimezone(CHINA).date()
    done = Recorded()
    with transaction.atomic():
        firms = _enterprises({one.enterprise for one in told})
        done.unknown = sorted({one.enterprise for one in told} - set(firms))
        held = {
            (firms[one.enterprise].pk, one.kind, one.source): one for one in told if one.enterprise in firms
        }
        stored = _stored(held, whole or {})
        changed = [
            event
            for name, one in held.items()
            if (event := _taken(one, stored.get(name), firms[one.enterprise], known, done)) is not None
        ]
        changed += _gone(held, stored.values(), whole or {}, done)
        save_all(actor, changed, "told")
        keep_states(actor, changed, known)
    return done


def _enterprises(codes: Collection[str]) -> dict[str, Enterprise]:
    found: dict[str, Enterprise] = {}
    wanted = sorted(codes)
    for begin in range(0, len(wanted), OUTSIDE):
        rows = Enterprise.objects.filter(code__in=wanted[begin : begin + OUTSIDE]).select_related("region")
        found |= {one.code: one for one in rows}
    return found


def _stored(held: Mapping[Named, Occurrence], whole: Mapping[str, date]) -> dict[Named, Event]:
    """Return the stored events that are told again, and those of kinds told whole."""
    codes = [event_code(*name) for name in held]
    found: dict[Named, Event] = {}
    for begin in range(0, len(codes), OUTSIDE):
        for event in Event.objects.filter(code__in=codes[begin : begin + OUTSIDE]):
            found[(event.enterprise_id, event.kind, event.source)] = event
    for kind, since in whole.items():
        for event in Event.objects.filter(kind=kind, day__gte=since, state="standing"):
            found.setdefault((event.enterprise_id, event.kind, event.source), event)
    return found


def event_code(enterprise: int, kind: str, source: str) -> str:
    """Return the code of an event, the same whenever it is told."""
    name = f"{enterprise}|{kind}|{source}".encode()
    return "E" + hashlib.blake2b(name, digest_size=10).hexdigest().upper()


def _taken(
    one: Occurrence, event: Event | None, firm: Enterprise, known: date, done: Recorded
) -> Event | None:
    """Return the event as it now is; None where nothing changed."""
    facts = plain_facts(one.facts)
    if event is None:
        done.new += 1
        done.touch(firm.pk, one.day)
        return _new(one, facts, firm, known)
    if event.state == "struck":
        done.same += 1
        return None
    before = _weighed(event)
    if not event.corrected:
        event.day, event.facts = one.day, facts
    event.until, event.state = one.until, "standing"
    after = _weighed(event)
    words = (event.title_zh, event.title_en, event.address)
    event.title_zh, event.title_en, event.address = one.title[0][:300], one.title[1][:300], one.address[:300]
    if before == after and words == (event.title_zh, event.title_en, event.address):
        done.same += 1
        return None
    done.changed += 1
    if before != after:
        done.touch(firm.pk, first_touched(before, after))
    return event


def _new(one: Occurrence, facts: dict[str, Any], firm: Enterprise, known: date) -> Event:
    return Event(
        code=event_code(firm.pk, one.kind, one.source),
        enterprise=firm,
        region=firm.region,
        kind=one.kind,
        source=one.source,
        day=one.day,
        until=one.until,
        facts=facts,
        title_zh=one.title[0][:300],
        title_en=one.title[1][:300],
        address=one.address[:300],
        recorded=known,
        simulated=one.simulated or firm.simulated,
    )


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as JSON has them: decimals as text, so that no digit is lost."""
    made = {name: str(value) if isinstance(value, Decimal) else value for name, value in facts.items()}
    return dict(json.loads(json.dumps(made, default=str)))


Weighed = tuple[date, date | None, str, str, date | None, date | None]


def _weighed(event: Event) -> Weighed:
    facts = json.dumps(event.facts, sort_keys=True, ensure_ascii=False)
    return event.day, event.until, facts, event.state, event.released, event.repaired


def first_touched(before: Weighed, after: Weighed) -> date:
    """Return the first day on which two states of an event may weigh differently."""
    if (before[0], before[2], before[3]) != (after[0], after[2], after[3]):
        return min(before[0], after[0])
    ends = [end for state in (before, after) for end in (state[1], state[4], state[5]) if end is not None]
    return min(ends, default=before[0])


def _gone(
    held: Mapping[Named, Occurrence], stored: Iterable[Event], whole: Mapping[str, date], done: Recorded
) -> list[Event]:
    """Withdraw what is told no longer, of the kinds that were told whole."""
    gone = []
    for event in stored:
        named = (event.enterprise_id, event.kind, event.source)
        if named in held or event.kind not in whole or event.source.startswith(ENTERED):
            continue
        if event.state != "standing" or event.corrected:
            continue
        event.state = "withdrawn"
        done.withdrawn += 1
        done.touch(event.enterprise_id, event.day)
        gone.append(event)
    return gone


def keep_states(actor: Actor, events: Iterable[Event], known: date, reason: str = "") -> None:
    """Keep what is now known of events beside what was known before."""
    rows = [
        EventState(
            event=event,
            known=known,
            day=event.day,
            until=event.until,
            facts=event.facts,
            state=event.state,
            released=event.released,
            repaired=event.repaired,
            actor=actor.code,
            reason=reason[:2000],
        )
        for event in events
    ]
    EventState.objects.bulk_create(rows, batch_size=BATCH)


def change(actor: Actor, event: Event, reason: str, known: date, **fields: Any) -> date:
    """Change an event by hand of the bureau; return the first day that may stand otherwise."""
    with transaction.atomic():
        before = _weighed(event)
        for name, value in fields.items():
            setattr(event, name, value)
        save(actor, event, reason)
        keep_states(actor, [event], known, reason)
    return first_touched(before, _weighed(event))

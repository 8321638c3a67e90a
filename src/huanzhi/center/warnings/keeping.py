"""Keeping warnings 预警管理: signs become rows that are raised, folded, released, made issues."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from datetime import UTC, datetime

from huanzhi.center.warnings.answering import settle
from huanzhi.center.warnings.entering import enter, note, rise
from huanzhi.center.warnings.models import Warning
from huanzhi.center.warnings.places import where
from huanzhi.center.warnings.settings import level_after, levels
from huanzhi.center.warnings.switches import is_on
from huanzhi.center.watching.rules import Sign, tables
from huanzhi.center.watching.watch import Warned, Watch
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.periods import CHINA

RELEASED_BY_RULE = "signs_ended"


class Keeper:
    """Keeps the rows of one watch.

    Parameters
    ----------
    watch : Watch
    """

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self._rules = [rule.name for rule in watch.rules]
        self._resume()

    def step(self, moment: int) -> None:
        """Look once and keep what was seen.

        Parameters
        ----------
        moment : int
            Now [s UTC].
        """
        now = datetime.fromtimestamp(moment, UTC)
        self._forget()
        for warned in self.watch.step(moment):
            self._raise(warned, now)
        standing = [code_of(one) for one in self.watch.open.values() if one.last == moment]
        Warning.objects.filter(code__in=standing, state="open").update(last=now)
        self._release(self.watch.ended, now)
        self._escalate(now)

    def _forget(self) -> None:
        """Let the watch forget what somebody has released, so that it rises anew if its signs go on."""
        held = {code_of(warned): key for key, warned in self.watch.open.items()}
        gone = Warning.objects.filter(code__in=list(held), state="released").values_list("code", flat=True)
        for code in gone:
            del self.watch.open[held[code]]

    def _resume(self) -> None:
        """Let the watch go on with the warnings that stand, so that none rises twice."""
        for row in Warning.objects.filter(state="open", rule__in=self._rules):
            sign = Sign(row.rule, row.place, tuple(row.parameters), row.facts, row.subject)
            warned = Warned(sign, int(row.since.timestamp()), int(row.last.timestamp()))
            self.watch.open.setdefault((row.rule, row.subject), warned)

    def _raise(self, warned: Warned, now: datetime) -> None:
        code = code_of(warned)
        if Warning.objects.filter(code=code).exists():
            return
        row = _row(self.watch, warned, code, now)
        if is_on(row.rule, row.region):
            enter(row, now)

    def _release(self, ended: Iterable[Warned], now: datetime) -> None:
        for row in Warning.objects.filter(code__in=[code_of(one) for one in ended], state="open"):
            release(row, now)

    def _escalate(self, now: datetime) -> None:
        for row in Warning.objects.filter(state="open", muted=False, rule__in=self._rules):
            level = level_after(row.rule, (now - row.since).total_seconds())
            if levels().index(level) > levels().index(row.level):
                rise(row, now, level)


def release(row: Warning, now: datetime, reason: str = RELEASED_BY_RULE, actor: Actor = SYSTEM) -> None:
    """Let a warning end: its signs have ended, or somebody has decided."""
    row.state, row.released, row.release_reason = "released", now, reason
    if actor != SYSTEM:
        settle(row, "release", now)
    if row.reply_state in ("owed", "refused") and actor != SYSTEM:
        row.reply_state = ""
    save(actor, row, reason)
    note(row, "released", actor, now, {}, "" if reason == RELEASED_BY_RULE else reason)


def code_of(warned: Warned) -> str:
    """Return the code of a warning: the same rule, subject and first moment give the same one."""
    sign = warned.sign
    text = f"{sign.rule}|{sign.subject or sign.place}|{warned.since}"
    day = datetime.fromtimestamp(warned.since, CHINA).strftime("%Y%m%d")
    return f"YJ-{day}-{int(hashlib.blake2b(text.encode(), digest_size=8).hexdigest(), 16) % 10**8:08d}"


def _row(watch: Watch, warned: Warned, code: str, now: datetime) -> Warning:
    sign, known = warned.sign, where(warned.sign.place, watch.facts)
    facts = {name: float(value) for name, value in sign.facts.items() if math.isfinite(value)}
    return Warning(
        code=code,
        rule=sign.rule,
        version=str(tables()["version"]),
        place=sign.place,
        place_name=known.name,
        subject=sign.subject or sign.place,
        enterprise="" if sign.subject else known.enterprise,
        organisation=known.organisation,
        region=known.region,
        lon=facts.get("lon", known.lon),
        lat=facts.get("lat", known.lat),
        parameter=sign.parameters[0] if sign.parameters else "",
        parameters=list(sign.parameters),
        value=facts.get("value"),
        limit=facts.get("limit"),
        facts=facts,
        suspects=list(watch.suspects(warned)),
        level=level_after(sign.rule, 0),
        since=datetime.fromtimestamp(warned.since, UTC),
        last=now,
        simulated=known.simulated,
    )

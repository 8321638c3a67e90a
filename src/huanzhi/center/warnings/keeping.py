"""Keeping warnings 预警管理: signs become rows that are raised, folded, released, made issues."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.warnings.models import Mute, Warning
from huanzhi.center.warnings.places import where
from huanzhi.center.warnings.settings import category, level_after, levels, settings
from huanzhi.center.warnings.words import title, why
from huanzhi.center.watching.rules import Sign, tables
from huanzhi.center.watching.watch import Warned, Watch
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.parameters import all_parameters
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
        for row in Warning.objects.filter(state="open"):
            sign = Sign(row.rule, row.place, tuple(row.parameters), row.facts, row.subject)
            warned = Warned(sign, int(row.since.timestamp()), int(row.last.timestamp()))
            self.watch.open.setdefault((row.rule, row.subject), warned)

    def _raise(self, warned: Warned, now: datetime) -> None:
        sign, code = warned.sign, code_of(warned)
        if Warning.objects.filter(code=code).exists():
            return
        row = _row(self.watch, warned, code, now)
        with transaction.atomic():
            row.muted = _muted(row, now)
            row.storm = _head(row, now)
            save(SYSTEM, row, title(sign.rule, "zh"))
            if row.storm is not None and row.storm.issue:
                row.issue = row.storm.issue
                save(SYSTEM, row)
            elif row.storm is None and not row.muted:
                _open(row, now)

    def _release(self, ended: Iterable[Warned], now: datetime) -> None:
        for row in Warning.objects.filter(code__in=[code_of(one) for one in ended], state="open"):
            release(row, now)

    def _escalate(self, now: datetime) -> None:
        for row in Warning.objects.filter(state="open", muted=False):
            level = level_after(row.rule, (now - row.since).total_seconds())
            if levels().index(level) > levels().index(row.level):
                row.level = level
                save(SYSTEM, row)


def release(row: Warning, now: datetime, reason: str = RELEASED_BY_RULE, actor: Actor = SYSTEM) -> None:
    """Let a warning end: its signs have ended, or somebody has decided."""
    row.state, row.released, row.release_reason = "released", now, reason
    save(actor, row, reason)


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


def _muted(row: Warning, now: datetime) -> bool:
    return Mute.objects.filter(rule=row.rule, subject=row.subject, until__gt=now).exists()


def _head(row: Warning, now: datetime) -> Warning | None:
    """Return the warning that stands for this one: of the same owner, or of the same storm."""
    table = settings()["storm"]
    heads = Warning.objects.filter(storm=None, muted=False)
    owner = row.enterprise or row.subject
    fresh = Q(state="open") | Q(last__gt=now - timedelta(minutes=table["same_owner"]))
    same = heads.filter(fresh, Q(enterprise=owner) | Q(subject=owner)).order_by("since", "pk").first()
    if same is not None or row.rule not in table["rules"]:
        return same
    begun = heads.filter(rule=row.rule, since__gt=now - timedelta(minutes=table["within"]))
    return begun.order_by("since", "pk").first() if begun.count() + 1 >= table["least"] else None


def _open(row: Warning, now: datetime) -> None:
    """Open the issue of a warning; what lies in no region that the library knows waits for the register."""
    if row.region is None or not settings()["rule"][row.rule]["issue"]:
        return
    draft = Draft(
        title=f"{row.place_name}：{title(row.rule, 'zh')}",
        words=why(row, "zh"),
        category=category(row.rule, row.parameter.startswith("a")),
        channel="warning",
        region=row.region.code,
        place=row.place,
        place_name=row.place_name,
        parameter=row.parameter,
        enterprise=row.enterprise,
        source_ref=row.code,
        lon=row.lon,
        lat=row.lat,
        since=row.since,
        sensor=True,
        facts=_facts(row),
        simulated=row.simulated,
    )
    row.issue = open_issue(SYSTEM, draft, now=now).number
    save(SYSTEM, row)


def _facts(row: Warning) -> dict[str, object]:
    known = all_parameters().get(row.parameter)
    shown = {"value": row.value, "limit": row.limit, "unit": known.unit if known else ""}
    more = {"rule": row.rule, "version": row.version, "why": why(row, "zh"), "suspects": row.suspects}
    return {**shown, **more, "side": "max", "period": "instant", "figures": row.facts}

"""News 动态: follows store, gateway and registers, keeps the picture, hands out events; a service.

What changed is read from where every process writes it (the hot table of the store, the state of the
gateway), so it is the same whether gateway and web are one process or several, and nothing is shown that is
not durable.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Q

from huanzhi.errors import StoreError
from huanzhi.library.devices import Device, open_register
from huanzhi.library.devices.register import Register
from huanzhi.library.events import Bus, Newest, Tail
from huanzhi.library.rights import Actor, Thing
from huanzhi.library.series import Feature
from huanzhi.network.gateway.logs import Log
from huanzhi.network.gateway.meanings import PERIODS
from huanzhi.network.gateway.status import DeviceStatus, Status
from huanzhi.programmes.live import Audience, Judging, Picture, Wanted, audience, things
from huanzhi.programmes.live.alerts import Alerts, of_cells, of_devices
from huanzhi.programmes.live.cells import Cell, Standing, iso

EVERY, STATUS_EVERY, RIGHTS_EVERY = 0.05, 1.0, 10.0
"""Seconds between two looks at the store, at the gateway, and at the registers. DEFAULT, NOT FROM THE
DOCUMENTS."""

JOBS_AGAIN, MOST_JOBS = timedelta(seconds=10), 500
"""How far back ended jobs are looked at again, and how many are. Ours."""

KEPT_FOR, MOST_BODIES = 1.0, 64
"""Seconds for which an answer of live values is kept, and how many are. DEFAULT, NOT FROM THE DOCUMENTS."""


class Followed:
    """What the thread has open and last saw; nothing of it is shared."""

    def __init__(self, home: Path | None) -> None:
        self.home = home
        self.judging = Judging()
        self.features: dict[str, Feature] = {}
        self.intervals: dict[str, dict[str, int]] = {}
        self.outlets: dict[str, str] = {}
        self.tail: Tail | None = None
        self.register: Register | None = None
        self.devices: dict[str, DeviceStatus] = {}
        self.reject: int | None = None
        self._status: Status | None = None
        self._revision = -1
        self._jobs: dict[int, object] = {}
        self._warnings: Any = None
        self._steps: dict[str, int] = {}
        self._ended = datetime.now(UTC)

    def rows(self) -> tuple[list[Newest], bool]:
        """Return the newer rows, and whether they are the first ones."""
        self.tail = self.tail or Tail(self.home)
        first = self.tail.revision == 0
        return self.tail.news(), first

    def know(self, rows: Sequence[Newest]) -> bool:
        """Read places, permits and intervals again where they have changed; return whether they had."""
        self.register = self.register or open_register(self.home)
        revision = self.register.revision()
        if revision == self._revision and all(row.feature in self.features for row in rows):
            return False
        assert self.tail is not None
        self._revision, self.features = revision, self.tail.features()
        devices, outlets = self.register.devices(), self.register.outlets()
        self.outlets = {device.mn: device.outlet or device.mn for device in devices}
        self.intervals = intervals_of(devices)
        self.judging.know(self.features, {code: one.permits for code, one in outlets.items()})
        return True

    def status(self) -> tuple[list[DeviceStatus], list[dict[str, Any]]] | None:
        """Return the devices and the rejections that are new; None where no gateway ever ran."""
        try:
            self._status = self._status or Status(self.home)
            if self.reject is None:
                self.reject = self._status.last_reject()
            fresh = self._status.rejects_after(self.reject)
            devices = self._status.devices()
        except StoreError:
            self._status = None
            return None
        self.reject = max([self.reject, *(row["id"] for row in fresh)])
        return devices, fresh

    def changed_jobs(self) -> list[dict[str, Any]]:
        """Return the jobs that wait or run and have changed, and those that have ended, as events."""
        from huanzhi.library.work.forms import job_form
        from huanzhi.library.work.models import Job

        try:
            recent = Job.objects.filter(Q(ended=None) | Q(ended__gt=self._ended - JOBS_AGAIN)).order_by("pk")
            found = {job.pk: job for job in recent[:MOST_JOBS]}
        except DatabaseError:
            connection.close()
            return []
        states = {pk: (job.state, job.progress, job.words, job.cancelling) for pk, job in found.items()}
        changed = [found[pk] for pk, state in states.items() if self._jobs.get(pk) != state]
        self._jobs, self._ended = states, datetime.now(UTC)
        return [{"topic": "jobs", **job_form(job)} for job in changed]

    def new_steps(self) -> dict[str, list[dict[str, Any]]]:
        """Return topic → the steps that were taken since the last look, as events; none at first."""
        from huanzhi.center.enforcement import news as cases
        from huanzhi.center.issues import news as issues
        from huanzhi.center.petitions import news as petitions

        found: dict[str, list[dict[str, Any]]] = {}
        try:
            for topic, room in {"issues": issues, "cases": cases, "petitions": petitions}.items():
                if topic not in self._steps:
                    self._steps[topic] = room.last_step()
                self._steps[topic], found[topic] = room.steps_after(self._steps[topic])
        except DatabaseError:
            connection.close()
        return found

    def changed_warnings(self) -> list[dict[str, Any]]:
        """Return the warnings that have changed since the last look, as events; none at first."""
        from huanzhi.center.warnings.news import Changes

        self._warnings = self._warnings or Changes()
        try:
            return self._warnings.since(datetime.now(UTC))
        except DatabaseError:
            connection.close()
            return []

    def lose(self) -> None:
        """Close the store, to open it anew."""
        if self.tail is not None:
            self.tail.close()
        self.tail = None

    def close(self) -> None:
        """Close everything."""
        self.lose()
        for opened in (self.register, self._status):
            if opened is not None:
                opened.close()
        connection.close()


def intervals_of(devices: Iterable[Device]) -> dict[str, dict[str, int]]:
    """Return feature → period → declared seconds between two uploads."""
    found: dict[str, dict[str, int]] = {}
    for device in devices:
        for cn, seconds in device.intervals.items():
            if cn in PERIODS:
                known = found.setdefault(device.outlet or device.mn, {})
                period = str(PERIODS[cn])
                known[period] = min(seconds, known.get(period, seconds))
    return found


class News:
    """What has changed, in this process or in another one.

    Attributes
    ----------
    bus : Bus
    picture : Picture
    alerts : Alerts
    things : mapping
        Feature → what rights see of it.
    """

    def __init__(self, home: Path | None = None, every: float = EVERY) -> None:
        self.home, self.every, self.log = home, every, Log(sys.stderr)
        self.bus, self.picture, self.alerts = Bus(), Picture(), Alerts()
        self.things: Mapping[str, Thing] = {}
        self.devices: Sequence[DeviceStatus] = ()
        self.outlets: Mapping[str, str] = {}
        self._audiences: dict[Actor, Audience] = {}
        self._bodies: dict[tuple[Wanted, Audience], tuple[float, bytes]] = {}
        self._ended = threading.Event()

    async def start(self) -> None:
        """Begin to follow."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="news", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Follow no more."""
        self._ended.set()
        await self._loop.run_in_executor(None, self._thread.join)
        self.bus.close()

    def audience(self, actor: Actor) -> Audience:
        """Return what an actor may see; kept until places or rights are read again."""
        found = self._audiences.get(actor)
        if found is None:
            found = self._audiences[actor] = audience(actor, self.things)
        return found

    def live(self, wanted: Wanted, actor: Actor, now: float) -> bytes:
        """Return the picture as JSON; the same for all who see and ask the same, at most a second old."""
        seeing = self.audience(actor)
        key = (wanted, seeing)
        made, body = self._bodies.get(key, (0.0, b""))
        if now - made > KEPT_FOR:
            if len(self._bodies) > MOST_BODIES:
                self._bodies.clear()
            body = self.picture.document(wanted, seeing.sees, now)
            self._bodies[key] = (now, body)
        return body

    # The thread.

    def _run(self) -> None:
        """Follow; what nobody foresaw is said in the log, and all is read anew."""
        while not self._ended.is_set():
            followed = Followed(self.home)
            try:
                self._follow(followed)
            except Exception as error:  # noqa: BLE001 (a thread must not end unheard)
                trace = traceback.format_exc(limit=-3)
                self.log.say("news_failed", reason=type(error).__name__, words=str(error), trace=trace)
                self._ended.wait(1.0)
            finally:
                followed.close()

    def _follow(self, followed: Followed) -> None:
        looked = ruled = 0.0
        while not self._ended.wait(self.every):
            now = time.monotonic()
            self._follow_store(followed)
            if now - looked >= STATUS_EVERY:
                looked = now
                self._follow_gateway(followed)
                self._follow_work(followed)
            if now - ruled >= RIGHTS_EVERY:
                ruled = now
                self._read_rights(followed)

    def _follow_store(self, followed: Followed) -> None:
        try:
            rows, first = followed.rows()
            if rows and followed.know(rows):
                self._call(self.picture.know, followed.features, followed.intervals)
                self._read_rights(followed)
        except StoreError:
            followed.lose()
            return
        if rows:
            cells, standings = followed.judging.judge(rows)
            self._call(self._take, cells, standings, first)

    def _follow_gateway(self, followed: Followed) -> None:
        found = followed.status()
        if found is None:
            return
        devices, rejects = found
        changed = [one for one in devices if followed.devices and _turned(one, followed.devices.get(one.mn))]
        followed.devices = {one.mn: one for one in devices}
        self._call(self._take_devices, devices, changed, rejects, dict(followed.outlets))

    def _follow_work(self, followed: Followed) -> None:
        changed = followed.changed_jobs()
        if changed:
            self._call(self.bus.publish, "jobs", [(job["id"], job) for job in changed])
        for topic, steps in followed.new_steps().items():
            if steps:
                self._call(self.bus.publish, topic, [(step["number"], step) for step in steps])
        if warnings := followed.changed_warnings():
            self._call(self.bus.publish, "warnings", [(one["code"], one) for one in warnings])

    def _read_rights(self, followed: Followed) -> None:
        try:
            found = things(followed.features)
        except DatabaseError:
            connection.close()
            return
        self._call(self._take_things, found)

    def _call(self, work: Callable[..., None], *arguments: Any) -> None:
        if not self._ended.is_set():
            self._loop.call_soon_threadsafe(work, *arguments)

    # The loop.

    def _take(self, cells: Sequence[Cell], standings: Mapping[str, Standing], first: bool) -> None:
        self.picture.take(cells, standings)
        if not first:
            self.bus.publish("values", ((cell.newest.key, cell.event()) for cell in cells))

    def _take_devices(
        self,
        devices: Sequence[DeviceStatus],
        changed: Sequence[DeviceStatus],
        rejects: Sequence[Mapping[str, Any]],
        outlets: Mapping[str, str],
    ) -> None:
        self.devices, self.outlets = devices, outlets
        online: dict[str, bool] = {}
        for one in devices:
            code = outlets.get(one.mn, one.mn)
            online[code] = one.online or online.get(code, False)
        self.picture.online = online
        self.bus.publish("devices", ((one.mn, self._device_event(one)) for one in changed))
        self.bus.publish("rejects", ((row["id"], self._reject_event(row)) for row in rejects))
        alerts = [
            *of_cells(self.picture.notable.values()),
            *of_devices(devices, outlets, self.picture.features),
        ]
        self.bus.publish("alerts", self.alerts.renew(alerts))

    def _device_event(self, one: DeviceStatus) -> dict[str, Any]:
        code = self.outlets.get(one.mn, one.mn)
        place = self.picture.features.get(code)
        return {
            "topic": "devices",
            "mn": one.mn,
            "feature": code,
            "name": place.name if place else "",
            "online": one.online,
            "state": one.state,
            "last_seen": iso(int(one.last_seen)) if one.last_seen else None,
            "simulated": bool(place and place.simulated),
        }

    def _reject_event(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a rejection as an event; its bytes are read by the page of rejections."""
        named = {name: row[name] for name in ("id", "mn", "peer", "key", "detail")}
        place = self.outlets.get(row["mn"], row["mn"])
        return {"topic": "rejects", "feature": place, **named, "time": iso(int(row["at"]))}

    def _take_things(self, found: Mapping[str, Thing]) -> None:
        self.things = found
        self._audiences.clear()
        self._bodies.clear()


def _turned(now: DeviceStatus, before: DeviceStatus | None) -> bool:
    """Whether a device went on or off line, or into another state."""
    return before is None or (now.online, now.state) != (before.online, before.state)

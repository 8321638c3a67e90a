"""Reporting: once a second, what the loop knows goes to the status database, from a thread of its own."""

from __future__ import annotations

import asyncio
import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from huanzhi.library.devices import DeviceState
from huanzhi.network.gateway.intake import Intake
from huanzhi.network.gateway.sessions import Session
from huanzhi.network.gateway.status import DeviceStatus, StatusWriter

MINUTE = 60.0


@dataclass(slots=True)
class Pace:
    """How many frames come in a minute, fading with the minutes."""

    frames: int = 0
    at: float = 0.0
    fading: float = 0.0

    def take(self, frames: int, now: float) -> int:
        """Take a new count; return the frames a minute."""
        passed = max(now - self.at, 1e-6)
        share = 1 - math.exp(-passed / MINUTE)
        if self.at:
            self.fading += ((frames - self.frames) / passed - self.fading) * share
        self.frames, self.at = frames, now
        return round(self.fading * MINUTE)


class Reporting:
    """Writes the state of an intake."""

    def __init__(self, intake: Intake, home: Path | None) -> None:
        self.intake = intake
        self._thread = ThreadPoolExecutor(1, "status")
        self._writer = self._thread.submit(StatusWriter, home).result()
        self._written: dict[str, DeviceStatus] = {}
        self._paces: dict[str, Pace] = {}
        self._rejects = 0

    def figures(self) -> dict[str, float]:
        """Return the figures of the gateway."""
        intake, now = self.intake, time.time()
        online = intake.settings.online
        sessions = intake.sessions.values()
        figures = {name: float(value) for name, value in asdict(intake.figures).items()}
        figures |= {f"connections_{reason}": float(count) for reason, count in intake.lost.items()}
        return figures | {
            "connections_open": float(len(intake.connections)),
            "devices": float(len(intake.sessions)),
            "devices_online": float(sum(_online(session, now, online) for session in sessions)),
            "devices_parked": float(sum(session.device.state is DeviceState.PARKED for session in sessions)),
            "rejected": float(intake.rejects.total),
            "in_flight": float(sum(connection.in_flight for connection in intake.connections)),
            "commits": float(intake.inbox.commits),
            "commit_seconds": intake.inbox.commit_seconds,
            "storage_failing": float(bool(intake.storage_error)),
            "arrivals": float(intake.inbox.last),
            "written": now,
        }

    async def write(self) -> None:
        """Write what is new."""
        now, online = time.time(), self.intake.settings.online
        changed = []
        for session in self.intake.sessions.values():
            pace = self._paces.setdefault(session.device.mn, Pace())
            row = _row(session, now, online)._replace(per_minute=pace.take(session.frames, now))
            if self._written.get(row.mn) != row:
                self._written[row.mn] = row
                changed.append(row)
        fresh = self.intake.rejects.total - self._rejects
        self._rejects = self.intake.rejects.total
        rejects = list(self.intake.rejects.newest)[-fresh:] if fresh else []
        work = (changed, self.figures(), rejects)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.write, *work)

    def close(self) -> None:
        """Close the database, after what is being written."""
        self._thread.submit(self._writer.close).result()
        self._thread.shutdown()


def _online(session: Session, now: float, online: float) -> bool:
    return session.connected > 0 and now - session.last_seen < online


def _row(session: Session, now: float, online: float) -> DeviceStatus:
    return DeviceStatus(
        session.device.mn,
        session.device.state.value,
        _online(session, now, online),
        session.connected,
        session.last_seen,
        session.frames,
        session.acknowledged,
        session.rejected,
        session.last_reject,
        session.clock_off,
    )

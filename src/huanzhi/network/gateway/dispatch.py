"""Dispatch: requests out to devices, their answers back to the requests; clocks, keys and numbers put right.

One request at a time is under way for a device. Without 9011 it is sent again, with the same QN, as often as
the settings say; after 9011 the device has its time for data and result.

References
----------
.. [1] HJ 212-2017 6.4, 表1 (timeouts); HJ 212-2025 as in public extracts (1001, 1002, 1014).
"""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from huanzhi.errors import InputError
from huanzhi.library.devices import DeviceState, Register
from huanzhi.network import hj212
from huanzhi.network.gateway.clocks import Reference
from huanzhi.network.gateway.connection import Connection
from huanzhi.network.gateway.gaps import Gap, Gaps
from huanzhi.network.gateway.intake import Intake
from huanzhi.network.gateway.logs import Log
from huanzhi.network.gateway.requests import GATEWAY, Request, Requests
from huanzhi.network.gateway.sessions import Session
from huanzhi.network.hj212 import Edition, Item, Packet, cipher
from huanzhi.network.hj212.bodies import parse_time, time_text
from huanzhi.network.hj212.segment import area_text, parse_area

ACCEPTED, REFUSED = "9011", "9012"
_FLAGS = {
    Edition.HJT212_2005: "1",
    Edition.HJ212_2017: "5",
    Edition.HJ212_2025: "9",
    Edition.HJ1404_2024: "9",
}
_NO_DATA = "100"
_DONE = "1"
_SECRET = ("1002", "1014", "3020")
KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class Numbers:
    """Request numbers QN 请求编码: milliseconds of China time, each greater than the one before."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, now: float) -> str:
        """Return the next number at time `now` [s UTC]."""
        self._last = max(int(now * 1000), self._last + 1)
        return time_text(datetime.fromtimestamp(self._last / 1000, UTC), milliseconds=True)


class Dispatch:
    """The service of requests inside the gateway; it lives in the thread of the loop."""

    def __init__(self, intake: Intake, register: Register, home: Path | None, log: Log) -> None:
        self.intake, self.register, self.log = intake, register, log
        self.settings = intake.settings
        self.requests, self.gaps = Requests(home), Gaps(home)
        self.under_way: dict[str, Request] = {}
        self._numbers = Numbers()
        self._references = {True: Reference(True), False: Reference(False)}
        self._keys_due: set[str] = set()
        for request in self.requests.open_requests():
            if request.state != "queued":
                self.requests.step(request.id, "lost", "gateway restarted")
        intake.listeners.append(self.heard)
        intake.activations.append(self.activate)

    def close(self) -> None:
        """Close the queue."""
        self.requests.close()
        self.gaps.close()

    # What devices say.

    def heard(self, session: Session, connection: Connection, packet: Packet, edition: Edition) -> None:
        """Take notice of a packet that came the readable way: answers, notices, clocks."""
        if session.parked:
            return
        if request := self.under_way.get(session.device.mn):
            self._answer(request, packet)
        if packet.cn == "1013":
            self._set_clock(session, packet.area_value("PolId"))
        elif packet.cn == "1014":
            self.renew_key(session.device.mn)
        elif packet.cn in ("2011", "9015"):
            self._look_at_clock(session, packet)

    def _answer(self, request: Request, packet: Packet) -> None:
        mine = packet.qn == request.qn
        if packet.cn == ACCEPTED and mine:
            self._accepted(request, packet.area_value("QnRtn"))
        elif packet.cn == REFUSED and mine:
            self._ended(request, packet.area_value("ExeRtn"))
        elif packet.cn == "9013" and mine:
            self._end(request, "noticed", "9013")
        elif packet.cn == request.cn:
            self._brought(request, packet)

    def _brought(self, request: Request, packet: Packet) -> None:
        if request.state == "sent":
            self.requests.step(request.id, "accepted", "data")
            self._renew(request)
        if not packet.cn.startswith("2"):
            self.requests.answered(request.id, area_text(packet.area))
        self.under_way[request.mn] = self.under_way[request.mn]._replace(changed=time.time())

    def _accepted(self, request: Request, result: str) -> None:
        if result == _DONE:
            self.requests.step(request.id, "accepted", f"QnRtn={result}")
            self._renew(request)
        else:
            self._end(request, "refused", f"QnRtn={result}", result)

    def _ended(self, request: Request, result: str) -> None:
        event = {_DONE: "done", _NO_DATA: "no_data"}.get(result, "failed")
        self._end(request, event, f"ExeRtn={result}", result)

    def _renew(self, request: Request) -> None:
        self.under_way[request.mn] = self.requests.get(request.id)
        self.intake.sessions[request.mn].watched = True

    def _end(self, request: Request, event: str, detail: str, result: str = "") -> None:
        state = self.requests.step(request.id, event, detail, result=result)
        self.under_way.pop(request.mn, None)
        self.intake.sessions[request.mn].watched = False
        self.log.say("request_ended", id=request.id, mn=request.mn, cn=request.cn, state=state, detail=detail)
        if request.gap is not None and state in ("no_data", "refused"):
            self.gaps.give_up(request.gap, state)
        if request.cn == "1014":
            self._keys_due.discard(request.mn)
        if state == "done" and request.cn in ("1014", "1072"):
            self._take_secret(request)

    # What goes out.

    def pump(self) -> None:
        """Send what is due, send again what was not answered, give up what is too old."""
        now = time.time()
        for request in list(self.under_way.values()):
            self._follow(request, now)
        waiting = [request for request in self.requests.open_requests() if request.state == "queued"]
        for request in waiting:
            if now - request.created > self.settings.request_life:
                self.requests.step(request.id, "expired")
            elif request.mn not in self.under_way:
                self._send(request, now)

    def _follow(self, request: Request, now: float) -> None:
        waited = now - request.changed
        if request.state == "accepted" and waited > self.settings.execution:
            self._end(request, "timeout", "no 9012")
        elif request.state == "sent" and waited > self.settings.over_time:
            if request.tries > self.settings.re_count:
                self._end(request, "unanswered", "no 9011")
            else:
                self._send(request, now)

    def _send(self, request: Request, now: float) -> None:
        connection = self.intake.routes.get(request.mn)
        session = self.intake.sessions.get(request.mn)
        if connection is None or session is None:
            if request.mn in self.under_way:
                self.requests.step(request.id, "lost", "connection gone")
                del self.under_way[request.mn]
                if session is not None:
                    session.watched = False
            return
        qn = request.qn or self._numbers.next(now)
        if not connection.send(self._frame(session, request, qn)):
            return
        self.requests.step(request.id, "sent", qn, qn=qn, tries=request.tries + 1)
        self._renew(request)
        self.log.say("request_sent", id=request.id, mn=request.mn, cn=request.cn, tries=request.tries + 1)

    def _frame(self, session: Session, request: Request, qn: str) -> bytes:
        device = session.device
        edition = _edition(session)
        header = {
            "QN": qn,
            "ST": device.st or "32",
            "CN": request.cn,
            "PW": device.password,
            "MN": device.mn,
            "Flag": _FLAGS[edition],
        }
        packet = Packet(tuple(Item(*field) for field in header.items()), parse_area(request.area)[0])
        segment = packet.text().encode("utf-8")
        standard = hj212.Verdict.HJ212
        kind = hj212.Verdict(device.crc[0]) if len(device.crc) == 1 else standard
        frame = hj212.build(segment, kind)
        if session.dialect.keys and (request.cn in _SECRET or request.cn.startswith("2")):
            return frame.replace(segment, cipher.encrypt(segment, session.dialect.keys[0]), 1)
        return frame

    # Gaps.

    def ask_for_gaps(self) -> None:
        """Ask devices that are there and not busy for what they have not sent."""
        now = time.time()
        asked: set[str] = {request.mn for request in self.requests.open_requests()}
        for gap in self.gaps.due(now, self.settings.gap_again):
            if gap.tries >= self.settings.gap_tries:
                self.gaps.give_up(gap.id, "tries")
            elif (
                gap.mn in self.intake.routes
                and gap.mn not in asked
                and now - gap.found > self.settings.gap_wait
            ):
                self._ask(gap, now)
                asked.add(gap.mn)

    def _ask(self, gap: Gap, now: float) -> None:
        end = min(gap.end, gap.begin + self.settings.gap_span)
        begin_text, end_text = (time_text(datetime.fromtimestamp(at, UTC)) for at in (gap.begin, end))
        area = f"BeginTime={begin_text};EndTime={end_text}"
        self.requests.add(gap.mn, gap.cn, area, who=GATEWAY, reason="gap", gap=gap.id)
        self.gaps.asked(gap.id, now)
        self.log.say("gap_asked", mn=gap.mn, cn=gap.cn, begin=begin_text, end=end_text)

    # Clocks, keys, numbers.

    def _look_at_clock(self, session: Session, packet: Packet) -> None:
        said = parse_time(packet.get("QN"))
        if said is None or packet.resent:
            return
        now = time.time()
        off = self._references[session.device.simulated].off(said.timestamp(), now)
        session.clock_off = off
        if abs(off) > self.settings.clock_off and now - session.clock_set > self.settings.clock_again:
            self._set_clock(session)

    def _set_clock(self, session: Session, pol_id: str = "") -> None:
        now = time.time()
        session.clock_set = now
        right = self._references[session.device.simulated].now(now)
        prefix = f"PolId={pol_id};" if pol_id else ""
        area = f"{prefix}SystemTime={time_text(datetime.fromtimestamp(right, UTC))}"
        self.requests.add(session.device.mn, "1012", area, who=GATEWAY, reason="clock")

    def activate(self, packet: Packet, connection: Connection) -> None:
        """Give a logger of HJ 212-2025 its MN, if it is registered for one."""
        logger = packet.area_value("i23005-Info")
        found = [
            session
            for session in self.intake.sessions.values()
            if session.device.activation == logger and session.device.state is DeviceState.REGISTERED
        ]
        if not logger or not found:
            self.log.say("activation_unknown", logger=logger, peer=connection.peer)
            return
        mn = found[0].device.mn
        self.intake.routes[mn] = connection
        self.requests.add(mn, "1002", f"i23005-Info={logger},MN={mn}", who=GATEWAY, reason="activation")

    def renew_key(self, mn: str) -> None:
        """Make a new SM4 key for a device and send it; it counts when the device has taken it."""
        session = self.intake.sessions.get(mn)
        if session is None or not session.device.key or mn in self._keys_due:
            return
        self._keys_due.add(mn)
        key = "".join(secrets.choice(KEY_LETTERS) for _ in range(16))
        created = time_text(datetime.now(UTC), milliseconds=True)
        self.requests.add(mn, "1014", f"SKCreateTime={created},NewSK={key}", who=GATEWAY, reason="key")

    def look_at_keys(self) -> None:
        """Renew keys that are older than the settings allow."""
        now = time.time()
        for mn, session in self.intake.sessions.items():
            age = self.register.key_age(session.device.key, now) if session.device.key else None
            if age is not None and age > self.settings.key_days * 86400 and mn in self.intake.routes:
                self.renew_key(mn)

    def _take_secret(self, request: Request) -> None:
        """Take over the key (1014) or password (1072) that the device has taken."""
        device = self.intake.sessions[request.mn].device
        given = {item.name: item.value for group in parse_area(request.area)[0] for item in group}
        reason = f"request {request.id}"
        try:
            if request.cn == "1014":
                grace = self.settings.key_grace
                self.register.add_key(device.key, given["NewSK"].encode(), who=GATEWAY, keep_old=grace)
            else:
                password = given.get("NewPW") or given["PW"]
                self.register.save([replace(device, password=password)], who=GATEWAY, reason=reason)
        except (InputError, KeyError) as error:
            self.log.say("secret_refused", mn=request.mn, words=str(error))


def _edition(session: Session) -> Edition:
    if session.device.edition:
        return Edition(session.device.edition)
    return session.edition or Edition.HJ212_2017

"""Live values and the stream of events over HTTP, from a store that others write to."""

import http.client
import json
import subprocess
import sys
import time
from dataclasses import replace

import pyarrow as pa
import pytest

from huanzhi.errors import InputError
from huanzhi.library.events import Bus, Newest
from huanzhi.library.rights import Actor, Held, Thing
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.programmes.live import Audience, Judging, Picture, Wanted, audience
from huanzhi.programmes.live.alerts import Alerts, of_cells
from huanzhi.web.api.events import form_for, may_hear, stream, topics_of
from huanzhi.web.api.network import month_of

HOUR = 3600
AT = 1_790_000_000 // HOUR * HOUR
ALL = Audience(None, True, True)
STATION = Feature("A1", "站一", "air_station", region_code="330100", lon=120.0, lat=30.0)
OUTLET = Feature("D1", "排口", "outlet", region_code="330102", attributes={"enterprise": "E1"})
SECTION = Feature("S1", "断面", "section", region_code="330100", lon=121.0, lat=31.0)
PLACES = {one.code: one for one in (STATION, OUTLET, SECTION)}
PERMITS = {"D1": {"w01018": {"value": "50", "unit": "mg/L", "standard": "GB 18918-2002", "clause": "表1"}}}


def row(feature, parameter, value, period="hour", time=AT, decimals=0, state=0, flag=0):
    return Newest(feature, parameter, period, time, value, decimals, state, flag, 7)


def judged(*rows):
    judging = Judging()
    judging.know(PLACES, PERMITS)
    return judging.judge(rows)


def six(**changed):
    values = {"a21026": 10, "a21004": 40, "a21005": 1, "a05024": 90, "a34002": 60, "a34004": 30} | changed
    return [row("A1", code, value) for code, value in values.items()]


def test_an_hour_of_air_gives_index_level_and_official_colour():
    cells, standings = judged(*six(a34004=120))
    assert standings["A1"].judge == "aqi" and standings["A1"].level >= 3
    assert standings["A1"].by == ("a34004",) and standings["A1"].form()["colour"].startswith("#")
    fine = next(cell for cell in cells if cell.newest.parameter == "a34004")
    assert fine.level == standings["A1"].level


def test_a_section_gets_the_class_of_its_worst_item():
    _, standings = judged(row("S1", "w01018", 35), row("S1", "w21003", 1, decimals=1))
    assert (standings["S1"].value, standings["S1"].by) == ("Ⅴ", ("w01018",))


@pytest.mark.parametrize(
    ("value", "period", "flag", "exceeds"),
    [(51, "hour", 0, True), (50, "hour", 0, False), (51, "hour", 2, None), (51, "instant", 0, None)],
)
def test_an_outlet_is_judged_by_its_permit_in_hours_and_not_under_maintenance(value, period, flag, exceeds):
    cells, _ = judged(row("D1", "w01018", value, period, flag=flag))
    assert cells[0].exceeds is exceeds and cells[0].limit.standard == "GB 18918-2002"


def test_missing_and_below_detection_exceed_nothing():
    cells, _ = judged(row("D1", "w01018", None, state=1), row("D1", "w01018", 1, state=2))
    assert [cell.exceeds for cell in cells] == [None, False]


def picture(*rows):
    made = Picture()
    made.know(PLACES, {"D1": {"hour": HOUR}})
    made.take(*judged(*rows))
    return made


EVERYTHING = Wanted()


def shown(made, wanted=EVERYTHING, seen=lambda code: True, now=AT + 2 * HOUR):
    return json.loads(made.document(wanted, seen, now))["places"]


def test_values_come_with_age_and_staleness_by_the_declared_interval():
    made = picture(row("D1", "w01018", 12, decimals=1))
    value = shown(made)[0]["values"][0]
    assert (value["value"], value["age"], value["stale"]) == ("1.2", 2 * HOUR, False)
    assert shown(made, now=AT + 5 * HOUR)[0]["values"][0]["stale"] is True
    assert shown(picture(*six()))[0]["values"][0]["stale"] is None


def test_the_picture_is_filtered():
    made = picture(*six(), row("D1", "w01018", 99), row("D1", "w01018-Max", 120))
    assert [one["feature"] for one in shown(made, Wanted(kinds=frozenset({"outlet"})))] == ["D1"]
    assert [one["feature"] for one in shown(made, Wanted(box=(119.0, 29.0, 120.5, 30.5)))] == ["A1"]
    assert [one["feature"] for one in shown(made, Wanted(region="330102"))] == ["D1"]
    assert [one["feature"] for one in shown(made, Wanted(exceeding=True))] == ["D1"]
    assert [one["feature"] for one in shown(made, seen=lambda code: code == "A1")] == ["A1"]
    assert len(shown(made, Wanted(features=frozenset({"D1"})))[0]["values"]) == 1


def test_alerts_stand_until_their_reason_is_gone():
    alerts, made = Alerts(), picture(row("D1", "w01018", 99))
    begun = alerts.renew(of_cells(made.notable.values()))
    assert [event["kind"] for _, event in begun] == ["exceedance"] and "50" in begun[0][1]["why"]
    made.take(*judged(row("D1", "w01018", 88, time=AT + HOUR)))
    assert alerts.renew(of_cells(made.notable.values())) == []
    assert next(iter(alerts.standing.values())).since == AT
    made.take(*judged(row("D1", "w01018", 8, time=AT + 2 * HOUR)))
    assert [event["over"] for _, event in alerts.renew(of_cells(made.notable.values()))] == [True]


def test_who_may_not_see_a_place_hears_nothing_of_it():
    known = {
        "A1": Thing("station", "330000/330100/", "", "public"),
        "D1": Thing("outlet", "330000/330100/330102/", "E1"),
        "D2": Thing("outlet", "330000/330100/330102/", "E2"),
    }
    own = audience(Actor("boss", held=(Held("enterprise", "330000/330100/"),), organisation="E1"), known)
    assert own.places == {"A1", "D1"} and not own.network and not own.work
    nobody = audience(Actor(""), known)
    assert nobody.places == {"A1"}
    bureau = audience(Actor("duty", held=(Held("duty", "330000/"),)), known)
    assert bureau.places is None and bureau.network
    assert not may_hear(own, "values", {"feature": "D2"}, frozenset())
    assert not may_hear(own, "rejects", {"feature": "D1"}, frozenset())
    assert may_hear(own, "alerts", {"feature": "D1"}, frozenset())
    assert not may_hear(bureau, "values", {"feature": "D2"}, frozenset({"D1"}))


def test_topics_and_months_are_checked():
    assert topics_of("values,jobs") == ["values", "jobs"]
    with pytest.raises(InputError):
        topics_of("secrets")
    assert month_of("2026-12")[1] - month_of("2026-12")[0] == 31 * 86400
    with pytest.raises(InputError):
        month_of("2026-13")


def test_a_slow_reader_is_told_and_let_go():
    import asyncio

    async def work():
        bus = Bus(pace=0.0, queue=2)
        subscription = bus.subscribe(["values"])
        pieces = stream(bus, subscription, form_for(lambda: ALL, frozenset()), "en")
        first = await anext(pieces)
        for number in range(6):
            bus.publish("values", [(number, {"feature": "A1"})])
            await asyncio.sleep(0.002)
        rest = [piece async for piece in pieces]
        return first, rest, bus.subscriptions

    first, rest, left = asyncio.run(work())
    assert first.startswith(b"retry: ") and rest[-1].startswith(b"event: dropped") and not left
    assert b"too slow" in rest[-1]


_SERVE = """
import sys
from huanzhi.cli import main
main(["web", "--port", sys.argv[1], "--home", sys.argv[2]])
"""


def write(home, value, time=AT):
    columns = ("A1", "a34004", "hour", time, value, 0, 0, 0, 0)
    table = pa.Table.from_pylist([dict(zip(SCHEMA.names, columns, strict=True))], schema=SCHEMA)
    with open_store("write", home, 10) as store:
        store.write(table, [replace(STATION, region_code="990001")], Source("test", "test", ""))


@pytest.fixture
def separate(tmp_path):
    """A web in a process of its own, over a store that this process writes."""
    import os
    import socket

    write(tmp_path, 10)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = (
        "from huanzhi.library.database import migrate; migrate();"
        "from huanzhi.library.people.demo import accounts, mark_simulated; mark_simulated();"
        "accounts('living-city-1', region='990001')"
    )
    environment = {**os.environ, "HUANZHI_HOME": str(tmp_path), "HUANZHI_DATABASE": ""}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(port), str(tmp_path)], env=environment)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield tmp_path, port
    process.terminate()
    process.wait(20)


def signed_in(port, name):
    from http.cookies import SimpleCookie

    jar = SimpleCookie()

    def ask(method, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        cookie = "; ".join(f"{key}={one.value}" for key, one in jar.items())
        connection.request(method, "/api/v1/session", body, {"Cookie": cookie, **headers})
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            jar.load(line)
        told = json.loads(answer.read())
        connection.close()
        return told

    token = ask("GET")["csrf"]
    body = json.dumps({"name": name, "password": "living-city-1"})
    headers = {"Content-Type": "application/json", "X-CSRFToken": token}
    assert ask("POST", body, **headers)["code"] == name
    return "; ".join(f"{key}={one.value}" for key, one in jar.items())


def test_what_one_process_writes_another_one_streams(separate):
    home, port = separate
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/api/v1/events?topics=values")
    assert connection.getresponse().status == 401
    connection.close()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/api/v1/events?topics=values", headers={"Cookie": signed_in(port, "duty")})
    answer = connection.getresponse()
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no" and "no-cache" in answer.headers["Cache-Control"]
    time.sleep(1.5)
    begun = time.monotonic()
    write(home, 55, AT + HOUR)
    line = next(line for line in answer if line.startswith(b"data: ") or time.monotonic() > begun + 30)
    waited = time.monotonic() - begun
    event = json.loads(line[6:])[0]
    assert (event["feature"], event["value"], event["state"]) == ("A1", "55", "value")
    assert waited < 5
    connection.close()

"""Push: durable before 201, whole or not at all, the same message once, errors that name the place."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from huanzhi.library.series import SCHEMA, Feature, Source, open_store

HOUR = {"station": "S1", "period": "hour", "time": "2026-01-01T08:00+08:00"}
DOCUMENT = {**HOUR, "parameter": "PM2.5", "value": 12.5, "unit": "µg/m³"}


def stored(home):
    with open_store("read", home) as store:
        return [
            (r["feature"], r["parameter"], r["value"], r["decimals"], r["state"])
            for r in store.range().to_pylist()
        ]


def test_a_pushed_value_is_in_the_store_when_201_is_answered(client, key, home):
    answer = client.push(DOCUMENT, key)
    assert answer.status == 201
    assert answer.json["observations"] == 1
    assert stored(home) == [("S1", "a34004", 125, 1, 0)]


def test_a_pushed_value_is_read_through_sensorthings(client, key):
    client.push(DOCUMENT, key)
    found = client.get("/sta/v1.1/Things('S1')/Datastreams('S1:a34004:hour')/Observations").json["value"]
    assert [(one["phenomenonTime"], one["result"]) for one in found] == [
        ("2026-01-01T00:00:00Z/2026-01-01T01:00:00Z", 12.5)
    ]


def test_numbers_are_kept_as_they_were_written(client, key, home):
    client.push(
        b'{"station":"S1","period":"hour","time":"2026-01-01 08:00","parameter":"SO2","value":12.500}', key
    )
    assert stored(home) == [("S1", "a21026", 12500, 3, 0)]


def test_null_is_missing_and_below_detection_is_not(client, key, home):
    client.push({**HOUR, "PM2.5": None, "NO2": "<2"}, key)
    assert stored(home) == [("S1", "a34004", None, 0, 1), ("S1", "a21004", 2, 0, 2)]


def test_units_are_converted_exactly(client, key, home):
    client.push({**DOCUMENT, "value": "0.0125", "unit": "mg/m³"}, key)
    assert stored(home) == [("S1", "a34004", 125, 1, 0)]


def test_one_wrong_value_refuses_the_whole_message_and_names_each(client, key, home):
    records = [DOCUMENT, {**DOCUMENT, "value": "abc"}, {**DOCUMENT, "time": "yesterday"}]
    answer = client.push({"observations": records}, key, **{"Accept-Language": "en"})
    assert answer.status == 422
    assert answer.json["error"] == "intake.refused"
    assert [(f["record"], f["field"], f["value"]) for f in answer.json["faults"]] == [
        (2, "value", "abc"),
        (3, "time", "yesterday"),
    ]
    assert stored(home) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "intake.broken_json"),
        (b"\xff", "intake.not_utf8"),
        (b"[]", "intake.no_records"),
        (b"7", "intake.no_object"),
        (b'{"observations": 7}', "intake.no_list"),
        (b'[{"station": "S1", "value": NaN}]', "intake.no_json_number"),
        (b"[" * 100_000, "intake.too_deep"),
        (json.dumps({**DOCUMENT, "colour": "red"}).encode(), "intake.unknown_field"),
        (json.dumps({**DOCUMENT, "value": {"a": 1}}).encode(), "intake.nested"),
        (json.dumps({**HOUR, "parameter": "PM2.5"}).encode(), "intake.no_field"),
        (json.dumps({"parameter": "PM2.5", "value": 1}).encode(), "feeds.no_column"),
    ],
)
def test_broken_bodies_are_refused_with_a_reason(client, key, body, error):
    answer = client.push(body, key)
    assert (answer.status, answer.json["error"]) == (422, error)
    assert answer.json["message"]


def test_without_a_key_that_holds_nothing_is_taken(client, key, home, make_key):
    from huanzhi.library.people.keys import end_key, key_named
    from huanzhi.library.people.signing import now
    from huanzhi.library.rights import SYSTEM

    assert client.push(DOCUMENT, "").status == 401
    assert client.push(DOCUMENT, key[:-1] + "!").status == 401
    reading = make_key("reader", "observations:read")
    end_key(SYSTEM, key_named("tester"), now())
    assert client.push(DOCUMENT, key).status == 401
    assert client.push(DOCUMENT, reading).status == 403
    assert stored(home) == []


def test_a_key_stays_within_its_places(client, make_key):
    narrow = make_key("narrow", places="A-")
    answer = client.push(DOCUMENT, narrow)
    assert (answer.status, answer.json["value"]) == (422, "S1")
    assert client.push({**DOCUMENT, "station": "A-1"}, narrow).status == 201


def test_a_key_for_simulated_values_marks_them_and_cannot_touch_real_places(client, key, home, make_key):
    client.push(DOCUMENT, key)
    toy = make_key("toy", simulated=True)
    assert client.push(DOCUMENT, toy).json["error"] == "feeds.simulated_for_real"
    assert client.push({**DOCUMENT, "station": "T1"}, toy).status == 201
    with open_store("read", home) as store:
        assert [f.simulated for f in store.features()] == [False, True]


def test_the_same_idempotency_key_is_answered_as_before_and_written_once(client, key, home):
    first = client.push(DOCUMENT, key, **{"Idempotency-Key": "m1"})
    client.push({**DOCUMENT, "value": 99}, key)
    again = client.push(DOCUMENT, key, **{"Idempotency-Key": "m1"})
    assert (first.status, again.status, again.json) == (201, 200, first.json)
    assert stored(home) == [("S1", "a34004", 99, 0, 0)]


def test_an_idempotency_key_stands_for_one_message_only(client, key):
    client.push(DOCUMENT, key, **{"Idempotency-Key": "m1"})
    other = client.push({**DOCUMENT, "value": 1}, key, **{"Idempotency-Key": "m1"})
    assert (other.status, other.json["error"]) == (422, "push.key_reused")


def test_a_known_place_keeps_its_kind(client, key, home):
    outlet = Feature("S1", "总排口", "outlet", region="甲市")
    with open_store("write", home) as store:
        store.write(SCHEMA.empty_table(), [outlet], Source("x", "x", "x"))
    client.push(DOCUMENT, key)
    with open_store("read", home) as store:
        (found,) = store.features()
        assert (found.kind, found.name, found.region) == ("outlet", "总排口", "甲市")


def test_many_senders_share_commits_and_each_value_is_traced_to_its_message(client, key, home):
    documents = [{**DOCUMENT, "station": f"S{number}", "value": number} for number in range(40)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda document: client.push(document, key), documents))
    assert {answer.status for answer in answers} == {201}
    with open_store("read", home) as store:
        assert len(store.batches()) < 40
        for row in store.range().to_pylist():
            (revision,) = store.history(row["feature"], "a34004", "hour", row["time"]).to_pylist()
            batch = store.batch(revision["batch"])
            line = store.raw(batch.source.sha256).splitlines()[row["row"] - 1]
            assert json.loads(json.loads(line)["body"])["station"] == row["feature"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client, key):
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as line:
        line.sendall(b"POST /api/v1/observations HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_the_interface_describes_itself(client):
    document = client.get("/api/v1/openapi.json").json
    assert "/api/v1/observations" in document["paths"]


def test_another_media_type_is_refused(client, key):
    answer = client.push(DOCUMENT, key, **{"Content-Type": "text/plain"})
    assert (answer.status, answer.json["error"]) == (415, "web_api.media")

"""Push: durable before 201, whole or not at all, the same message once, errors that name the place."""

from __future__ import annotations

from huanzhi.library.series import open_store

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

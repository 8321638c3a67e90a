"""Declared registers and devices over the API."""

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook

from huanzhi.library.devices import Device, Outlet, open_register
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.registers.shipped import load_registers, shipped
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
API = "/api/v1"
ENTRY = {
    "code": "P1",
    "name": "一号口",
    "region": "330200",
    "type": "sewage_plant",
    "receiving_water": "甬江",
    "stage": "traced",
}


@pytest.fixture
def ningbo():
    return save(SYSTEM, Region(code="330200", name="宁波市", level="city"))


@pytest.fixture
def http(ningbo, sign_in):
    load_registers()
    return sign_in("admin", ningbo, "admin")


def send(http, method, path, body, **headers):
    return getattr(http, method)(
        f"{API}/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def test_registers_come_with_the_platform(http):
    found = http.get(f"{API}/registers").json()
    assert found["total"] == len(shipped()) >= 8
    shown = http.get(f"{API}/registers/river-outfall").json()
    assert shown["kind"] == "register:river-outfall"
    assert next(c for c in shown["columns"] if c["name"] == "stage")["choices"][0]["zh"] == "已排查"


def test_entries_are_made_changed_filtered_and_remembered(http):
    first = send(http, "post", "registers/river-outfall/entries", ENTRY)
    assert first.status_code == 201, first.content.decode()
    assert send(http, "post", "registers/river-outfall/entries", ENTRY).status_code == 409
    changed = send(
        http,
        "patch",
        "registers/river-outfall/entries/P1?reason=完成",
        {"stage": "done"},
        **{"If-Match": '"1"'},
    )
    assert (changed.json()["stage"], changed.json()["revision"]) == ("done", 2)
    stale = send(
        http, "patch", "registers/river-outfall/entries/P1", {"stage": "closed"}, **{"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    listed = f"{API}/registers/river-outfall/entries"
    assert http.get(f"{listed}?stage=done&region=330200").json()["total"] == 1
    assert http.get(f"{listed}?stage=traced").json()["total"] == 0
    assert http.get(listed, {"q": "甬江"}).json()["total"] == 1
    assert http.get(f"{listed}?sort=-receiving_water").status_code == 200
    newest = http.get(f"{listed}/P1/history").json()["items"][0]
    assert newest["changes"] == [{"column": "stage", "before": "traced", "after": "done"}]


def test_wrong_values_name_the_field_and_what_was_expected(http):
    wrong = send(http, "post", "registers/river-outfall/entries", ENTRY | {"stage": "lost"}).json()
    assert (wrong["column"], wrong["value"]) == ("整治阶段", "lost")
    missing = send(
        http, "post", "registers/river-outfall/entries", {k: v for k, v in ENTRY.items() if k != "type"}
    )
    assert (missing.status_code, missing.json()["column"]) == (422, "类型")
    strange = send(http, "post", "registers/river-outfall/entries", ENTRY | {"colour": "red"})
    assert strange.json()["error"] == "tables.no_column"


def test_dues_come_in_order(http):
    for code, day in (("P1", "2026-12-02"), ("P2", "2026-12-01"), ("P3", None)):
        send(http, "post", "registers/river-outfall/entries", ENTRY | {"code": code, "deadline": day})
    due = http.get(f"{API}/registers/river-outfall/due").json()["items"]
    assert [row["code"] for row in due] == ["P2", "P1"]
    assert http.get(f"{API}/registers/river-outfall/due?until=2026-12-01").json()["total"] == 1


def test_a_declaration_is_versioned_and_keeps_what_is_held(http):
    schema = http.get(f"{API}/registers/camera").json()["schema"]
    schema["properties"]["brand"] = {"type": "string", "x-zh": "品牌"}
    changed = send(http, "put", "registers/camera", {"schema": schema}, **{"If-Match": '"1"'})
    assert changed.json()["revision"] == 2
    assert len(http.get(f"{API}/registers/camera/history").json()["items"]) == 2
    entry = {"code": "C1", "name": "高空瞭望", "region": "330200", "scene": "lookout", "brand": "某"}
    assert send(http, "post", "registers/camera/entries", entry).json()["version"] == 2
    del schema["properties"]["brand"]
    refused = send(http, "put", "registers/camera", {"schema": schema}).json()
    assert (refused["error"], refused["column"]) == ("registers.still_held", "brand")


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": "array"}, "properties"),
        (
            {"type": "object", "x-zh": "甲", "properties": {"code": {"type": "string", "x-zh": "码"}}},
            "properties",
        ),
        ({"type": "object", "x-zh": "甲", "properties": {"a": {"type": "string"}}}, "properties/a/x-zh"),
        ({"type": "object", "x-zh": "甲", "properties": {"a": {"$ref": "http://x/y"}}}, "$ref"),
        (
            {
                "type": "object",
                "x-zh": "甲",
                "x-due": "a",
                "properties": {"a": {"type": "string", "x-zh": "a"}},
            },
            "x-due",
        ),
        ({"type": "thing"}, "type"),
    ],
)
def test_a_declaration_that_is_none_is_refused(http, schema, place):
    answer = send(http, "post", "registers", {"code": "mine", "schema": schema})
    assert (answer.status_code, answer.json()["column"]) == (422, place)


def test_restricted_fields_are_empty_for_others(http, ningbo, sign_in):
    entry = {"code": "C1", "name": "高空瞭望", "region": "330200", "scene": "lookout", "stream": "rtsp://x"}
    send(http, "post", "registers/camera/entries", entry)
    assert http.get(f"{API}/registers/camera/entries/C1").json()["stream"] == "rtsp://x"
    reader = sign_in("reader", ningbo, "reader")
    assert reader.get(f"{API}/registers/camera/entries/C1").json()["stream"] is None
    assert reader.get(f"{API}/registers/camera/entries/C1/history").json()["items"][0]["changes"]
    assert "rtsp" not in reader.get(f"{API}/registers/camera/entries/C1/history").content.decode()


def test_sheets_of_a_register_go_round(http):
    send(http, "post", "registers/river-outfall/entries", ENTRY)
    book = load_workbook(BytesIO(http.get(f"{API}/tables/register:river-outfall/export").content))
    book.active["B2"] = "改名"
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "口.xlsx"
    given = http.post(f"{API}/tables/register:river-outfall/imports", {"file": stream}).json()
    assert (given["changed"], given["wrong"], given["state"]) == (1, 0, "open")
    done = http.post(f"{API}/tables/register:river-outfall/imports/{given['id']}/accept").json()
    assert done["state"] == "accepted"
    assert http.get(f"{API}/registers/river-outfall/entries/P1").json()["name"] == "改名"
    again = http.post(f"{API}/tables/register:river-outfall/imports/{given['id']}/accept")
    assert again.json()["error"] == "sheets.done"


@pytest.mark.parametrize(
    "query",
    [
        "due_to=abc",
        "stage=%00",
        "region=%00",
        "approved=maybe",
        "due=2026-99-99",
        "on=x",
        "colour=red",
        "sort=%00",
    ],
)
def test_filters_that_cannot_be_are_refused(http, query):
    assert http.get(f"{API}/registers/river-outfall/entries?{query}").status_code == 422


@pytest.mark.parametrize(
    "query", ["due_from=2026-01-01&due_to=2026-12-31", "approved=true", "q=%00", "due=2026-01-01"]
)
def test_filters_of_every_kind(http, query):
    send(
        http, "post", "registers/river-outfall/entries", ENTRY | {"deadline": "2026-01-01", "approved": True}
    )
    assert http.get(f"{API}/registers/river-outfall/entries?{query}").json()["total"] == 1


@pytest.mark.parametrize("value", ["a\u0000b", "\ud800"])
def test_texts_that_no_database_holds_are_refused(http, value):
    body = json.dumps(ENTRY | {"receiving_water": value})
    path = f"{API}/registers/river-outfall/entries"
    assert http.post(path, body, content_type="application/json").status_code == 422


def test_no_register_is_404(http):
    assert http.get(f"{API}/registers/none").status_code == 404
    assert http.get(f"{API}/registers/none/entries").status_code == 404
    assert http.get(f"{API}/tables/register:none/template").status_code == 404


@pytest.fixture
def device(ningbo, tmp_path, monkeypatch):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    with open_register() as register:
        outlet = Outlet("DW001", "总排口", region_code="330200")
        register.save([Device("MN1", password="secret", outlet="DW001")], [outlet], who="t")
    return "MN1"


def test_devices_are_shown_without_their_secrets(device, http):
    found = http.get(f"{API}/devices?region=330200").json()
    assert found["items"][0]["outlet_name"] == "总排口"
    shown = http.get(f"{API}/devices/MN1")
    assert shown.json()["has_password"] and "secret" not in shown.content.decode()
    assert http.get(f"{API}/devices/none").status_code == 404


def test_a_change_of_a_device_is_in_register_and_trail(device, http):
    changed = send(http, "patch", "devices/MN1?reason=拆除", {"state": "disabled"})
    assert changed.json()["state"] == "disabled"
    entry = Entry.objects.order_by("-seq").first()
    assert (entry.kind, entry.key, entry.actor) == ("device", "MN1", "admin") and "secret" not in entry.body
    newest = http.get(f"{API}/devices/MN1/history").json()["items"][0]
    assert (newest["reason"], newest["changes"][0]["column"]) == ("拆除", "state")
    stale = send(http, "patch", "devices/MN1", {"note": "x"}, **{"If-Match": '"1"'})
    assert stale.status_code == 412
    assert send(http, "patch", "devices/MN1", {"outlet": "none"}).status_code == 422


def test_a_device_of_another_region_is_not_there(device, sign_in):
    other = save(SYSTEM, Region(code="331000", name="台州市", level="city"))
    stranger = sign_in("stranger", other)
    assert stranger.get(f"{API}/devices").json()["total"] == 0
    assert stranger.get(f"{API}/devices/MN1").status_code == 404

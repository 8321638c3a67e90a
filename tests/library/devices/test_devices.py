"""The register: devices, outlets, keys that are renewed, a trail that nobody can change, lists."""

from __future__ import annotations

import csv
import json
import sqlite3
import stat
from pathlib import Path

import pytest

from huanzhi.errors import InputError, StoreError
from huanzhi.library.devices import Device, DeviceState, Outlet, open_register
from huanzhi.library.devices.importing import read_list
from huanzhi.library.devices.model import device_of


def test_a_device_is_kept_as_it_was_given(tmp_path: Path) -> None:
    device = Device(
        "A1",
        name="一号数采仪",
        password="123456",
        outlet="O1",
        crc=("modbus",),
        parameters={"011": {"parameter": "w01018", "unit": "mg/L"}},
        intervals={"2051": 300},
        rate=5.0,
    )
    with open_register(tmp_path) as book:
        assert book.save([device], [Outlet("O1", "总排口", permits={"w01018": "50"})], who="me") == 2
        assert book.save([device], who="me") == 0
    with open_register(tmp_path) as book:
        assert book.device("A1") == device and book.devices() == [device]
        assert book.outlets()["O1"].feature().kind == "outlet"


def test_every_change_leaves_a_trail_without_the_password(tmp_path: Path) -> None:
    with open_register(tmp_path) as book:
        book.save([Device("A1", password="secret")], who="me", reason="new")
        book.save([device_of({"state": "disabled"}, book.device("A1"))], who="you", reason="moved away")
        newest, first = book.history("A1")
        assert (newest.who, newest.action, newest.reason) == ("you", "device", "moved away")
        assert (newest.before["state"], newest.after["state"]) == ("registered", "disabled")
        assert first.action == "register" and "secret" not in json.dumps(first.after)


@pytest.mark.parametrize("change", ["update audit set who = 'x'", "delete from audit"])
def test_the_trail_cannot_be_changed(tmp_path: Path, change: str) -> None:
    with open_register(tmp_path) as book:
        book.save([Device("A1")], who="me")
        with pytest.raises(sqlite3.IntegrityError):
            book._db.execute(change)


def test_unknown_devices_are_parked_once(tmp_path: Path) -> None:
    with open_register(tmp_path) as book:
        assert book.park(["A1", "A2"]) == ["A1", "A2"]
        assert book.park(["A1", "A3"]) == ["A3"]
        assert {device.mn for device in book.devices(DeviceState.PARKED)} == {"A1", "A2", "A3"}


def test_all_or_none_of_a_list_is_taken(tmp_path: Path) -> None:
    with open_register(tmp_path) as book:
        with pytest.raises(InputError):
            book.save((Device(name) for name in ("A1", "设备")), who="me")
        assert book.devices() == [] and book.revision() == 0


def test_an_old_key_holds_for_its_time(tmp_path: Path) -> None:
    with open_register(tmp_path) as book:
        book.add_key("K", b"0" * 16, who="me")
        book.add_key("K", b"1" * 16, who="me", keep_old=60)
        assert book.keys() == {"K": (b"1" * 16, b"0" * 16)}
        book.add_key("K", b"2" * 16, who="me")
        assert book.keys()["K"][0] == b"2" * 16 and b"1" * 16 not in book.keys()["K"]
        with pytest.raises(InputError):
            book.add_key("K", b"short", who="me")


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    with open_register(tmp_path) as book:
        assert stat.S_IMODE(book.path.stat().st_mode) == 0o600


def test_a_list_comes_from_json_and_csv_alike(tmp_path: Path) -> None:
    device = {
        "mn": "A1",
        "name": "一号",
        "outlet": "O1",
        "enterprise": "模拟厂",
        "intervals": {"2051": 600},
    }
    place = {"code": "O1", "name": "总排口", "enterprise": "模拟厂", "lon": 120.5, "simulated": True}
    as_json, as_csv = tmp_path / "list.json", tmp_path / "list.csv"
    keys = {"A1": (b"k" * 16).hex()}
    as_json.write_text(json.dumps({"devices": [device], "outlets": [place], "keys": keys, "more": 1}))
    with as_csv.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "mn",
                "name",
                "outlet",
                "enterprise",
                "intervals",
                "outlet_name",
                "outlet_lon",
                "outlet_simulated",
            ]
        )
        writer.writerow(["A1", "一号", "O1", "模拟厂", '{"2051": 600}', "总排口", "120.5", "是"])
    found = read_list(as_json)
    assert read_list(as_csv)[:2] == found[:2] == ([Device(**device)], [Outlet(**place)])
    assert found.keys == {"A1": b"k" * 16}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("l.json", "{", "JSON"),
        ("l.json", '{"outlets": []}', "devices"),
        ("l.json", '{"devices": [{"mn": "A1"}, {"mn": "A2", "colour": "red"}]}', "colour"),
        ("l.json", '{"devices": [{}]}', "mn"),
        ("l.json", '{"devices": [{"mn": "A1", "state": "gone"}]}', "gone"),
        ("l.json", '{"devices": [], "keys": {"A1": "zz"}}', "SM4"),
        ("l.csv", "mn,rate\nA1,1\nA2,fast\n", "fast"),
        ("l.csv", "mn,colour\nA1,red\n", "colour"),
    ],
)
def test_the_place_of_a_mistake_is_named(tmp_path: Path, name: str, content: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(InputError) as caught:
        read_list(file)
    assert said in str(caught.value) and name in str(caught.value)


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    with open_register(tmp_path) as book:
        book._db.execute("pragma max_page_count = 1")
        with pytest.raises(StoreError, match=r"磁盘|disk"):
            book.save([Device(f"A{n}", note="x" * 5000) for n in range(9)], who="me")

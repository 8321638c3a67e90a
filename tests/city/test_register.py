"""The registration list: what the device register takes in, and nothing of the truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from huanzhi.city.devices import Device
from huanzhi.city.register import device_sheet, register
from huanzhi.city.simulation import Simulation
from huanzhi.city.truth import truth
from huanzhi.library.devices.importing import read_list
from huanzhi.standards.parameters import all_parameters


@pytest.fixture(scope="module")
def document(town: Simulation, fleet_of: tuple[Device, ...]) -> dict[str, object]:
    return register(town, fleet_of)


def test_the_device_register_takes_the_list_in(
    document: dict[str, object], fleet_of: tuple[Device, ...], tmp_path: Path
) -> None:
    (tmp_path / "list.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "list.csv").write_text(device_sheet(document), encoding="utf-8")
    from_json, from_csv = (read_list(tmp_path / name) for name in ("list.json", "list.csv"))
    assert [device.mn for device in from_json[0]] == [device.mn for device in fleet_of]
    assert from_csv[0] == from_json[0]
    assert from_csv[1] == from_json[1]


def test_everything_in_it_is_simulated_and_every_parameter_is_known(document: dict[str, object]) -> None:
    for table in ("devices", "outlets", "enterprises", "rivers"):
        assert all(row["simulated"] for row in document[table])  # type: ignore[attr-defined]
    for device in document["devices"]:  # type: ignore[attr-defined]
        assert all(entry["parameter"] in all_parameters() for entry in device["parameters"].values())


def test_meters_and_neighbours_that_it_names_are_in_it(document: dict[str, object]) -> None:
    outlets = {row["code"]: row for row in document["outlets"]}  # type: ignore[attr-defined]
    for row in outlets.values():
        for meter in (*row["attributes"].get("production", ()), *row["attributes"].get("treatment", ())):
            assert outlets[meter["feature"]]["kind"] == "other"
        assert all(code in outlets for code in row["attributes"].get("neighbours", ()))


def test_places_say_who_controls_them_where_they_lie_and_what_is_public(document: dict[str, object]) -> None:
    outlets = {row["code"]: row for row in document["outlets"]}  # type: ignore[attr-defined]
    told = {code: outlets[code]["attributes"] for code in ("SIMAQ01", "SIMAQ04", "SIMR1S1", "SIMR1S2")}
    levels = ["national", "provincial", "national", "city"]
    assert [one["control_level"] for one in told.values()] == levels
    assert {one["sensitivity"] for one in told.values()} == {"public"}
    assert all(row["region_code"].startswith("990001") for row in outlets.values())
    assert {len(row["region_code"]) for row in outlets.values()} <= {6, 9}
    assert (outlets["SIMAQ01"]["region_code"], told["SIMAQ01"]["township"]) == ("990001002", "模拟城东街道")
    private = [row for row in outlets.values() if row["kind"] not in ("air_station", "section")]
    fences = [row for row in outlets.values() if row["attributes"].get("control_level") == "park"]
    assert not any("sensitivity" in row["attributes"] for row in (*private, *fences))


def test_nothing_of_the_truth_is_in_it(document: dict[str, object], town: Simulation) -> None:
    content = json.dumps(document, ensure_ascii=False)
    assert "SIMX" not in content
    assert not any(record["kind"] in content for record in truth(town))

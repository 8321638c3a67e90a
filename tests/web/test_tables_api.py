"""Typed tables over the API: lists, forms, conditions, history, changes."""

import json
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from huanzhi.library.places.models import Region, Section, Station
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def regions():
    province = save(SYSTEM, Region(code="330000", name="浙江省", level="province"))
    ningbo = save(SYSTEM, Region(code="330200", name="宁波市", level="city", parent=province))
    taizhou = save(SYSTEM, Region(code="331000", name="台州市", level="city", parent=province))
    cixi = save(SYSTEM, Region(code="330282", name="慈溪市", level="county", parent=ningbo))
    return {each.code: each for each in (province, ningbo, taizhou, cixi)}


@pytest.fixture
def http(regions, sign_in):
    return sign_in("admin", regions["330000"])


@pytest.fixture
def stations(regions):
    made = [
        Station(code="S1", name="市监测站", kind="air", control_level="national", region=regions["330200"]),
        Station(
            code="S2",
            name="慈溪站",
            kind="air",
            control_level="city",
            region=regions["330282"],
            lon=121.2,
            lat=30.1,
        ),
        Station(code="S3", name="台州站", kind="water", region=regions["331000"], valid_to=date(2025, 1, 1)),
    ]
    return [save(SYSTEM, each) for each in made]


def codes(answer):
    return [row["code"] for row in answer.json()["items"]]


def test_a_list_is_paged_and_says_where_it_goes_on(http, stations):
    first = http.get(f"{API}/stations?limit=2").json()
    assert (len(first["items"]), first["total"]) == (2, 3)
    assert codes(http.get(first["next"])) == ["S3"]
    assert http.get(first["next"]).json()["next"] is None


def test_a_region_means_its_subtree(http, stations):
    assert codes(http.get(f"{API}/stations?region=330200")) == ["S1", "S2"]
    assert codes(http.get(f"{API}/stations?region=330282,331000")) == ["S2", "S3"]


def test_filters_sorting_and_search_go_by_declared_columns(http, stations):
    assert codes(http.get(f"{API}/stations?kind=air&sort=-code")) == ["S2", "S1"]
    assert codes(http.get(f"{API}/stations", {"q": "慈溪"})) == ["S2"]
    assert codes(http.get(f"{API}/stations?on=2025-06-01")) == ["S1", "S2"]
    assert codes(http.get(f"{API}/stations?box=121,30,122,31")) == ["S2"]
    wrong = http.get(f"{API}/stations?sort=attributes")
    assert (wrong.status_code, wrong.json()["error"]) == (422, "lists.no_sort")
    assert http.get(f"{API}/stations?kind=fire").json()["error"] == "lists.filter_value"
    assert http.get(f"{API}/stations?box=1,2").json()["error"] == "lists.box"
    assert http.get(f"{API}/stations?limit=0").json()["error"] == "web_api.malformed"


def test_the_same_rows_in_other_forms(http, stations):
    csv = http.get(f"{API}/stations", headers={"Accept": "text/csv"})
    assert csv["Content-Type"].startswith("text/csv") and csv["X-Total-Count"] == "3"
    lines = csv.content.decode().splitlines()
    assert lines[0].startswith("code,name,kind") and lines[1].startswith("S1,市监测站,air")
    assert http.get(f"{API}/stations?format=csv&bom=1&headings=words").content.startswith(
        "\ufeff编码,名称".encode()
    )
    shapes = http.get(f"{API}/stations?format=geojson").json()
    assert shapes["features"][1]["geometry"] == {"type": "Point", "coordinates": [121.2, 30.1]}
    assert shapes["features"][0]["geometry"] is None
    sheet = load_workbook(BytesIO(http.get(f"{API}/stations?format=xlsx").content)).active
    assert [cell.value for cell in sheet[1]][:3] == ["编码", "名称", "类别"]
    assert [cell.value for cell in sheet[2]][:3] == ["S1", "市监测站", "空气自动站"]


def test_no_form_for_places_where_there_are_none(http, regions):
    assert http.get(f"{API}/departments?format=geojson").json()["error"] == "lists.no_place"


def test_an_unchanged_answer_is_not_sent_again(http, stations):
    first = http.get(f"{API}/stations")
    again = http.get(f"{API}/stations", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_change_names_the_revision_that_it_began_from(http, stations):
    def change(revision):
        return http.patch(
            f"{API}/stations/S1?reason=更名",
            json.dumps({"name": "新名"}),
            content_type="application/json",
            headers={"If-Match": f'"{revision}"'},
        )

    assert change(1).json()["name"] == "新名"
    stale = change(1)
    assert (stale.status_code, stale.json()["error"]) == (412, "records.stale")


def test_history_and_how_it_was(http, stations):
    before = http.get(f"{API}/stations/S1/history").json()["items"][0]["at"]
    http.patch(
        f"{API}/stations/S1?reason=更名", json.dumps({"name": "新名"}), content_type="application/json"
    )
    newest = http.get(f"{API}/stations/S1/history").json()["items"][0]
    assert (newest["actor"], newest["reason"]) == ("admin", "更名")
    assert newest["changes"] == [{"column": "name", "before": "市监测站", "after": "新名"}]
    old = http.get(f"{API}/stations/S1", {"as_of": before}).json()
    assert (old["name"], old["region"], old["revision"]) == ("市监测站", "330200", 1)
    never = http.get(f"{API}/stations/S1?as_of=2001-01-01T00:00:00")
    assert (never.status_code, never.json()["error"]) == (404, "tables.no_history")


def test_making_a_row_checks_it(http, regions):
    def make(**given):
        return http.post(f"{API}/sections", json.dumps(given), content_type="application/json")

    good = {"code": "D1", "name": "断面", "kind": "river", "region": "330200", "target": "III"}
    assert make(**good).status_code == 201
    assert Section.objects.get().target == "III"
    assert make(**good).status_code == 409
    assert make(**good | {"code": "D2", "region": "999999"}).json()["column"] == "行政区划代码"
    assert make(**good | {"code": "D2", "target": "VI"}).json()["error"] == "web_api.malformed"
    assert make(**good | {"code": "D2", "colour": "red"}).status_code == 422
    assert make(**good | {"code": "D2", "lon": 121.0}).json()["column"] == "lat"
    reversed_dates = {"valid_from": "2026-01-01", "valid_to": "2025-01-01"}
    assert make(**good | {"code": "D2"} | reversed_dates).json()["column"] == "valid_to"


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00", "2001-01-01T00:00:00Z"]
)
def test_moments_at_the_edge_of_time(http, stations, moment):
    assert http.get(f"{API}/stations/S1", {"as_of": moment}).status_code in (200, 404)


def test_what_is_not_there_is_404(http):
    assert http.get(f"{API}/stations/none").status_code == 404
    assert http.get(f"{API}/stations/none/history").status_code == 404


def test_nobody_reads_without_signing_in(stations):
    assert Client().get(f"{API}/stations").status_code == 401


def test_a_table_says_whether_its_rows_have_pages(http, stations):
    told = {one["kind"]: one["pages"] for one in http.get(f"{API}/tables").json()["items"]}
    assert told["station"] and told["enterprise"] and not told["cut_measure"] and not told["waste_entry"]
    assert http.get(f"{API}/tables/cut_measure").json()["pages"] is False

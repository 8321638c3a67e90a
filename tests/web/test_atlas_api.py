"""The API of the map: layers with official colours, what each reader sees, times, questions of place."""

import json
import time
import warnings

import pyarrow as pa
import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from huanzhi.city.terrain import terrain
from huanzhi.library.devices.model import Outlet
from huanzhi.library.devices.register import open_register
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Grant, Organisation, Person
from huanzhi.library.places.models import Region, Station, Zone
from huanzhi.library.records.changing import save
from huanzhi.library.registers.models import Register, RegisterEntry
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.library.trail.models import Entry
from huanzhi.programmes.city_map import install_city
from huanzhi.web import application

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    decoder = pytest.importorskip("mapbox_vector_tile")

pytestmark = pytest.mark.django_db
BEGUN = 1772294400 + 86400 * 30  # a China midnight after 2026-03-01
AIR = {"a21026": 9, "a21004": 30, "a21005": 1, "a05024": 80, "a34002": 100, "a34004": 40}
WATER = {"w01001": 7, "w01009": 8, "w01019": 2, "w21003": 3, "w21011": 0}


class Asker(AsyncClient):
    """Asks the service as it runs, with its parts in the scope of the request."""

    def _base_scope(self, **request):
        return super()._base_scope(**request) | {"state": {application.STATE: self.parts}}


class Reads:
    """Stands for the readers of the service."""

    def __init__(self, home):
        self.home = home

    async def run(self, work):
        with open_store("read", self.home) as store:
            return work(store)


def row(feature, parameter, hour, value, flag=0):
    key = {"feature": feature, "parameter": parameter, "period": "hour", "time": BEGUN + 3600 * hour}
    return key | {"value": value, "decimals": 0, "state": 0, "flag": flag, "row": 2}


def features():
    yield Feature("AQ1", "城东站", "air_station", region_code="330200", lon=124.30, lat=28.20)
    yield Feature("AQ2", "城西站", "air_station", region_code="330200", lon=124.25, lat=28.20)
    yield Feature("F1", "边界站", "air_station", region_code="330200", lon=124.31, lat=28.21)
    yield Feature("S1", "断面", "section", region_code="330200", lon=124.32, lat=28.22, simulated=True)
    for n, code in (("1", "330200"), ("2", "330200"), ("3", "330100")):
        owner = {"enterprise": f"E{n}"}
        yield Feature(f"O{n}", f"排口{n}", "outlet", region_code=code, lon=124.3, lat=28.2, attributes=owner)
    yield Feature("NOWHERE", "无坐标", "air_station", region_code="330200")


def rows():
    for hour in range(3):
        for code, value in AIR.items():
            yield row("AQ1", code, hour, value * (hour + 1))
        for code, value in WATER.items():
            yield row("S1", code, hour, value)
        yield row("F1", "a24088", hour, 2)
        yield row("F1", "a01007", hour, 3)
        yield row("F1", "a01008", hour, 90)
        yield row("AQ1", "a01007", hour, 3)
        yield row("AQ1", "a01008", hour, 90)
    for n, value in (("1", 40), ("2", 60), ("3", 70)):
        yield row(f"O{n}", "w01018", 2, value, flag=2 if n == "2" else 0)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    home = tmp_path_factory.mktemp("atlas-home")
    with open_store("write", home) as store:
        table = pa.Table.from_pylist(list(rows()), SCHEMA)
        store.write(table, list(features()), Source("hand", "test", "ab" * 32))
    permit = {"w01018": {"value": "50", "unit": "mg/L"}}
    with open_register(home) as register:
        outlets = [Outlet(f"O{n}", f"排口{n}", permits=permit) for n in "123"]
        register.save(outlets=outlets, who="test")
    return home


@pytest.fixture
def people(db):
    made = {}
    regions = {code: save(SYSTEM, _region(code)) for code in ("330200", "330100")}
    for name, role, code, organisation in (
        ("officer", "monitoring", "330200", "BUREAU"),
        ("elsewhere", "monitoring", "330100", "OTHER"),
        ("owner", "enterprise", "330200", "E1"),
        ("rival", "enterprise", "330200", "E9"),
    ):
        body = Organisation.objects.create(code=organisation, name=name, kind="bureau", region=regions[code])
        made[name] = Person.objects.create(code=name, name=name, organisation=body)
        Grant.objects.create(person=made[name], role=role, region=regions[code], organisation=body)
    return made


def _region(code):
    found = Region.objects.filter(code=code).first()
    return found or Region(code=code, name=code, level="city", path=f"330000/{code}/")


@pytest.fixture
def ask(filled, people):
    def asking(path, who="officer", body=None, **headers):
        client = Asker()
        client.parts = application.Parts(Reads(filled))
        if who:
            client.force_login(people[who])
            session = client.session
            session["begun"] = session["seen"] = int(time.time())
            session.save()
        if body is None:
            return async_to_sync(client.get)(f"/api/v1/atlas/{path}", headers=headers)
        told = json.dumps(body)
        return async_to_sync(client.post)(
            f"/api/v1/atlas/{path}", told, content_type="application/json", headers=headers
        )

    return asking


def marks(answer):
    assert answer.status_code == 200, answer.content
    return {one["id"]: one["properties"] for one in answer.json()["features"]}


def at(hour):
    return f"2026-03-31T{hour:02d}:30:00%2B08:00"


def test_layers_say_how_they_are_drawn(ask):
    found = ask("layers").json()
    by_code = {one["code"]: one for one in found["layers"]}
    assert [one["order"] for one in found["layers"]] == sorted(one["order"] for one in found["layers"])
    assert {one["theme"] for one in found["layers"]} <= {one["code"] for one in found["themes"]}
    air = by_code["air_stations"]
    assert air["kind"] == "mark" and air["shown"] and air["parameters"][1]["symbol"] == "PM2.5"
    assert air["name"] == "空气站"
    english = {one["code"]: one for one in ask("layers", **{"accept-language": "en"}).json()["layers"]}
    assert english["air_stations"]["name"] == "Air stations"


def test_marks_carry_the_official_colour_of_their_hour(ask):
    found = marks(ask(f"layers/air_stations?at={at(0)}"))
    assert set(found) == {"AQ1", "AQ2"}
    first = found["AQ1"]
    assert (first["level"], first["colour"], first["state"]) == (2, "#FFFF00", "value")
    assert first["by"] == "a34002" and first["time"] == "2026-03-31T00:00:00+08:00"
    assert found["AQ2"]["state"] == "no_data" and found["AQ2"]["level"] == 0
    later = marks(ask(f"layers/air_stations?at={at(2)}"))["AQ1"]
    assert int(later["number"]) > int(first["number"])


def test_one_parameter_shows_its_value_and_the_level_of_its_index(ask):
    found = marks(ask(f"layers/air_stations?parameter=a34004&at={at(0)}"))["AQ1"]
    assert (found["number"], found["level"]) == ("40", 2)
    assert ask("layers/air_stations?parameter=w01018").status_code == 422
    assert ask("layers/nothing").status_code == 422


def test_old_values_are_stale_and_devices_words_put_them_under_review(ask):
    assert marks(ask("layers/air_stations"))["AQ1"]["state"] == "stale"
    found = marks(ask(f"layers/outlets?at={at(2)}"))
    assert (found["O1"]["level"], found["O1"]["number"]) == (1, "0.80")
    assert (found["O2"]["level"], found["O2"]["state"]) == (3, "under_review")


def test_sections_have_the_class_of_their_worst_item_and_say_that_they_are_simulated(ask):
    found = marks(ask(f"layers/sections?at={at(2)}"))["S1"]
    assert (found["number"], found["by"], found["simulated"]) == ("劣Ⅴ", "w21003", True)


def test_fence_stations_stand_in_a_layer_of_their_own(ask):
    found = marks(ask(f"layers/air_fence?at={at(2)}"))
    assert set(found) == {"F1"} and found["F1"]["shape"] == "hexagon" and found["F1"]["number"] == "2"


def test_each_reader_sees_what_is_his(ask):
    assert set(marks(ask(f"layers/outlets?at={at(2)}"))) == {"O1", "O2"}
    assert set(marks(ask(f"layers/outlets?at={at(2)}", "elsewhere"))) == {"O3"}
    assert set(marks(ask(f"layers/outlets?at={at(2)}", "owner"))) == {"O1"}
    assert marks(ask(f"layers/outlets?at={at(2)}", "rival")) == {}
    assert set(marks(ask("layers/sections", "rival"))) == {"S1"}
    assert ask("layers/outlets", "").status_code == 401


@pytest.mark.parametrize("who", ["elsewhere", "owner", "rival", "officer"])
def test_no_question_tells_more_than_the_layer(ask, who):
    seen = set(marks(ask(f"layers/outlets?at={at(2)}", who)))
    box = {"bbox": [124, 28, 125, 29], "layers": ["outlets"]}
    assert set(ask("select", who, box).json()["layers"]["outlets"]["codes"]) == seen
    for path in (
        "buffer?lon=124.3&lat=28.2&metres=9000&layers=outlets",
        "nearest?lon=124.3&lat=28.2&layers=outlets",
        f"upwind?lon=124.2&lat=28.2&metres=90000&layers=outlets&half_angle=90&at={at(2)}",
    ):
        assert {one["code"] for one in ask(path, who).json()["layers"]["outlets"]} == seen
    span = "from=2026-03-31&to=2026-04-01"
    assert set(ask(f"frames?layer=outlets&{span}", who).json()["codes"]) == seen
    tile = ask(f"tiles/outlets/10/865/428?at={at(2)}", who).content
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shown = decoder.decode(tile).get("outlets", {"features": []})["features"] if tile else []
    # Three outlets stand in one place: the worst that may be seen stands for all that may be seen.
    assert sum(one["properties"]["stands_for"] for one in shown) == len(seen)
    assert {one["properties"]["code"] for one in shown} <= seen


def test_a_register_tells_where_a_station_stands_and_its_control_level(ask, people):
    region = Region.objects.get(code="330200")
    station = Station(code="AQ1", name="城东国控站", kind="air", region=region, lon=124.4, lat=28.3)
    station.control_level = "provincial"
    save(SYSTEM, station)
    answer = ask("layers/air_stations").json()
    first = next(one for one in answer["features"] if one["id"] == "AQ1")
    assert first["geometry"]["coordinates"] == [124.4, 28.3]
    assert (first["properties"]["name"], first["properties"]["shape"]) == ("城东国控站", "square")


def test_enterprises_show_the_worst_of_their_outlets(ask):
    region = Region.objects.get(code="330200")
    for code, lon in (("E1", 124.31), ("E2", 124.32)):
        save(SYSTEM, Enterprise(code=code, name=code, region=region, lon=lon, lat=28.2, simulated=True))
    found = marks(ask(f"layers/enterprises?at={at(2)}"))
    assert {code: one["level"] for code, one in found.items()} == {"E1": 1, "E2": 3}
    assert all(one["simulated"] for one in found.values())
    assert marks(ask(f"layers/enterprises?at={at(2)}", "elsewhere")) == {}


def test_a_declared_register_is_a_layer_with_what_is_due(ask):
    schema = {"type": "object", "properties": {"until": {"type": "string", "format": "date"}}}
    fields = {"until": {**schema["properties"]["until"], "x-zh": "到期", "x-en": "until"}}
    told = {"x-zh": "工地", "x-en": "Sites", "x-geometry": "point", "x-due": "until"}
    kept = save(SYSTEM, Register(code="site", schema={**schema, **told, "properties": fields}))
    region = Region.objects.get(code="330200")
    for code, due in (("A", "2026-03-30"), ("B", "2026-04-10"), ("C", "2027-01-01")):
        entry = RegisterEntry(register=kept, code=code, name=code, region=region, lon=124.3, lat=28.2)
        entry.values = {"until": due}
        save(SYSTEM, entry)
    layers = {one["code"]: one for one in ask("layers").json()["layers"]}
    assert layers["register:site"]["name"] == "工地" and layers["register:site"]["theme"] == "registers"
    found = marks(ask(f"layers/register:site?at={at(0)}"))
    assert {code: one["level"] for code, one in found.items()} == {"A": 3, "B": 2, "C": 1}
    assert marks(ask(f"layers/register:site?at={at(0)}", "elsewhere")) == {}
    near = ask("buffer?lon=124.3&lat=28.2&metres=10&layers=register:site").json()
    assert near["total"] == 3
    assert len(ask("legend?layer=register:site").json()["classes"]) == 3


def test_a_zone_is_drawn_by_its_outline(ask):
    square = [[[124.3, 28.2], [124.4, 28.2], [124.4, 28.3], [124.3, 28.3], [124.3, 28.2]]]
    outline = {"type": "Polygon", "coordinates": square}
    region = Region.objects.get(code="330200")
    save(SYSTEM, Zone(code="Z1", name="水源保护区", kind="source", region=region, geometry=outline))
    (found,) = ask("layers/zones").json()["features"]
    assert found["geometry"] == outline and found["properties"]["name"] == "水源保护区"


def test_the_same_answer_is_not_sent_twice(ask):
    first = ask(f"layers/air_stations?at={at(0)}")
    again = ask(f"layers/air_stations?at={at(0)}", **{"if-none-match": first["ETag"]})
    assert again.status_code == 304 and again.content == b""


def test_a_box_takes_the_marks_in_it(ask):
    assert set(marks(ask("layers/air_stations?bbox=124.28,28,124.5,29"))) == {"AQ1"}
    assert set(marks(ask("layers/air_stations?bbox=170,28,-170,29"))) == set()
    for wrong in ("1,2,3", "a,b,c,d", "0,5,1,2", "nan,0,1,1", "0,0,1,inf"):
        assert ask(f"layers/air_stations?bbox={wrong}").status_code == 422


def test_frames_are_dense_and_agree_with_the_layer(ask):
    found = ask("frames?layer=air_stations&from=2026-03-31&to=2026-03-31T06:00:00").json()
    place = found["codes"].index("AQ1")
    assert len(found["times"]) == 6 and found["colours"][2] == "#FFFF00"
    assert found["numbers"][place][3:] == [None] * 3 and found["levels"][place][3:] == [0] * 3
    for hour in range(3):
        mark = marks(ask(f"layers/air_stations?at={at(hour)}"))["AQ1"]
        assert found["numbers"][place][hour] == int(mark["number"])
        assert found["levels"][place][hour] == mark["level"]
    water = ask("frames?layer=sections&from=2026-03-31&to=2026-03-31T03:00:00").json()
    assert water["levels"] == [[6, 6, 6]]
    two = ask("frames?layer=outlets&from=2026-03-31&to=2026-03-31T06:00:00&step=7200").json()
    assert two["times"][1].startswith("2026-03-31T02") and len(two["times"]) == 3
    assert two["numbers"][two["codes"].index("O1")][1] == 0.8


@pytest.mark.parametrize(
    "query",
    [
        "layer=air_stations&from=2026-03-31&to=2026-03-30",
        "layer=air_stations&from=x&to=2026-03-30",
        "layer=air_stations&from=0001-01-01&to=9999-12-31",
        "layer=devices&from=2026-03-30&to=2026-03-31",
        "layer=district&from=2026-03-30&to=2026-03-31",
        "layer=air_stations",
    ],
)
def test_spans_that_cannot_be_shown_are_refused(ask, query):
    assert ask(f"frames?{query}").status_code == 422


def test_upwind_names_the_wind_and_draws_the_sector(ask):
    found = ask(f"upwind?lon=124.2&lat=28.2&metres=20000&at={at(2)}&layers=sections").json()
    assert found["wind"]["direction"] == 90.0 and found["wind"]["stations"] == ["AQ1", "F1"]
    assert [one["code"] for one in found["layers"]["sections"]] == ["S1"]
    assert found["area"]["type"] == "Polygon"
    assert ask("upwind?lon=124.2&lat=28.2&at=2020-01-01").status_code == 422
    assert ask("wind?at=2026-03-31T02:10:00").json()["arrows"][0]["speed"] == 3.0
    hidden = ask(f"upwind?lon=124.2&lat=28.2&at={at(2)}", "rival").json()["wind"]
    assert hidden["stations"] == ["AQ1"]
    assert [one["code"] for one in ask(f"wind?at={at(2)}", "rival").json()["arrows"]] == ["AQ1"]


@pytest.mark.parametrize(
    "path",
    [
        "buffer?lon=500&lat=0&metres=1",
        "buffer?lon=1&lat=0&metres=0",
        "buffer?lon=1&lat=0&metres=1e12",
        "buffer?lon=nan&lat=0&metres=1",
        "nearest?lon=1&lat=2&count=0",
        "buffer?lon=1&lat=1&metres=5&layers=district",
        "buffer?lon=1&lat=1&metres=5&layers=nothing",
        "upwind?lon=124.2&lat=28.2&half_angle=0",
        "tiles/outlets/30/0/0",
        "tiles/outlets/2/9/0",
        "layers/air_stations?at=yesterday",
        "layers/air_stations?at=0001-01-01",
        "layers/air_stations?at=9999-12-31T23:59:59-08:00",
        "legend?layer=nothing",
    ],
)
def test_wrong_questions_are_refused_in_words(ask, path):
    answer = ask(path)
    assert answer.status_code == 422 and answer.json()["message"]


@pytest.mark.parametrize("lon", [-180, 0, 180])
@pytest.mark.parametrize("lat", [-90, 0, 90])
def test_questions_are_answered_at_the_ends_of_the_globe(ask, lon, lat):
    for path in ("buffer?metres=200000&", "nearest?", f"upwind?metres=200000&at={at(2)}&"):
        answer = ask(f"{path}lon={lon}&lat={lat}&layers=outlets,sections")
        assert answer.status_code == 200, answer.content
        json.loads(answer.content, parse_constant=lambda word: pytest.fail(word))


def test_the_legend_names_edition_and_clause(ask):
    found = ask("legend?layer=air_stations&day=2026-04-01").json()
    assert [one["colour"] for one in found["classes"]][:2] == ["#00E400", "#FFFF00"]
    assert found["classes"][0]["edition"] == "HJ 633-2026" and not found["classes"][0]["ours"]
    before = ask("legend?layer=air_stations&day=2020-01-01").json()
    assert before["classes"][0]["edition"] == "HJ 633-2012"
    water = ask("legend?layer=sections").json()
    assert [one["short"] for one in water["classes"]] == ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"]
    assert all(one["ours"] for one in water["classes"])
    assert ask("legend?layer=district").json()["classes"] == []


def test_the_base_map_is_empty_until_there_is_one_and_says_that_it_is_simulated(ask, filled):
    assert ask("basemap").json()["extent"] is None
    assert ask("layers/township").json()["features"] == []
    install_city(filled)
    written = Entry.objects.filter(kind="map").count()
    assert written == 5
    install_city(filled)
    assert Entry.objects.filter(kind="map").count() == written
    found = ask("basemap", "rival").json()
    assert found["simulated"] and len(found["sources"]) == 5
    assert len(found["boundaries"]["features"]) == 1 + len(terrain().of("township"))
    assert all(one["properties"]["simulated"] for one in found["labels"]["features"])
    assert len(ask("layers/township").json()["features"]) == 9
    tile = ask("tiles/township/10/865/428").content
    assert len(decoder.decode(tile)["township"]["features"]) > 1

"""The read side of OGC SensorThings v1.1: entities, paths, query options, bounds."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pyarrow as pa
import pytest

from huanzhi.assess.states import State
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.web.api.sensorthings import CONFORMANCE

T0 = 1_767_196_800  # 2026-01-01 00:00 China time, 2025-12-31T16:00Z
HOURS = 48
STATIONS = [
    Feature("S1", "一号站", "air_station", region="甲市", province="浙江省", lon=120.5, lat=30.25),
    Feature("it's/a:b", "O'Brien", "section", region="乙市", simulated=True),
    Feature("S3", "三号站", "air_station", region="甲市"),
]
ENTITY_SETS = [
    "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties",
    "Observations", "FeaturesOfInterest",
]  # fmt: skip
MANDATORY = {
    "Things": {"name", "description"},
    "Locations": {"name", "description", "encodingType", "location"},
    "Datastreams": {"name", "description", "observationType", "unitOfMeasurement"},
    "Sensors": {"name", "description", "encodingType", "metadata"},
    "ObservedProperties": {"name", "definition", "description"},
    "Observations": {"phenomenonTime", "result", "resultTime"},
    "FeaturesOfInterest": {"name", "description", "encodingType", "feature"},
}
RELATIONS = {
    "Things": {"Datastreams", "Locations", "HistoricalLocations"},
    "Locations": {"Things", "HistoricalLocations"},
    "Datastreams": {"Thing", "Sensor", "ObservedProperty", "Observations"},
    "Sensors": {"Datastreams"},
    "ObservedProperties": {"Datastreams"},
    "Observations": {"Datastream", "FeatureOfInterest"},
    "FeaturesOfInterest": {"Observations"},
}


def rows():
    for hour in range(HOURS):
        yield "S1", "a34004", "hour", T0 + 3600 * hour, hour * 5, 1, 0, 0
    yield "S1", "a34004", "day", T0, 33, 0, 0, 0
    yield "S1", "a21026", "hour", T0, None, 0, int(State.MISSING), 0
    yield "S1", "a21026", "hour", T0 + 3600, 2, 0, int(State.BELOW_DETECTION), 4
    yield "it's/a:b", "w01018", "month", T0, 155, 1, 0, 0
    yield "it's/a:b", "w01018", "instant", T0, 15, 0, 0, 0


@pytest.fixture(scope="module")
def client(tmp_path_factory, serve_reading):
    home = tmp_path_factory.mktemp("read") / "home"
    made = [
        pa.array(column, kind)
        for column, kind in zip(zip(*rows(), strict=True), SCHEMA.types[:8], strict=True)
    ]
    table = pa.table([*made, pa.array([0] * len(made[0]), pa.int32())], schema=SCHEMA)
    with open_store("write", home) as store:
        store.write(table, STATIONS, Source("made", "test", "made"))
    with serve_reading(home) as found:
        yield found


def value(client, path):
    answer = client.get(f"/sta/v1.1/{path}")
    assert answer.status == 200, answer.body
    return answer.json["value"]


def ids(client, path):
    return [one["@iot.id"] for one in value(client, path)]


def results(client, path):
    return [one["result"] for one in value(client, path)]


def error(client, path, status=400):
    answer = client.get(f"/sta/v1.1/{path}", **{"Accept-Language": "en"})
    assert answer.status == status, (answer.status, answer.body)
    return answer.json["error"]


HOURLY = "Datastreams('S1:a34004:hour')/Observations"


def test_the_landing_page_lists_all_sets_and_the_conformance(client):
    page = client.get("/sta/v1.1").json
    assert [one["name"] for one in page["value"]] == ENTITY_SETS
    assert page["serverSettings"]["conformance"] == list(CONFORMANCE)
    assert client.get("/sta/v1.1/").json == page


@pytest.mark.parametrize("name", sorted(MANDATORY))
def test_every_entity_has_its_mandatory_parts_and_its_links_lead_somewhere(client, name):
    for entity in value(client, f"{name}?$top=60"):
        assert {"@iot.id", "@iot.selfLink"} | MANDATORY[name] <= set(entity)
        links = {
            key.partition("@")[0]: link for key, link in entity.items() if key.endswith("navigationLink")
        }
        assert set(links) == RELATIONS[name]
    for link in [entity["@iot.selfLink"], *links.values()]:
        answer = client.get(unquote(link[link.index("/sta/") :]))
        assert answer.status == 200, link
    again = client.get(unquote(entity["@iot.selfLink"][entity["@iot.selfLink"].index("/sta/") :])).json
    assert again == entity


def test_an_observation_of_a_period_has_an_interval_and_a_moment_has_none(client):
    found = {one["@iot.id"]: one["phenomenonTime"] for one in value(client, "Observations?$top=100")}
    assert found[f"S1:a34004:hour:{T0}"] == "2025-12-31T16:00:00Z/2025-12-31T17:00:00Z"
    assert found[f"S1:a34004:day:{T0}"] == "2025-12-31T16:00:00Z/2026-01-01T16:00:00Z"
    assert found[f"it's/a:b:w01018:month:{T0}"] == "2025-12-31T16:00:00Z/2026-01-31T16:00:00Z"
    assert found[f"it's/a:b:w01018:instant:{T0}"] == "2025-12-31T16:00:00Z"


def test_missing_and_below_detection_are_no_results(client):
    missing, below = value(client, "Datastreams('S1:a21026:hour')/Observations")
    assert (missing["result"], missing["parameters"]["state"]) == (None, "missing")
    assert (below["result"], below["parameters"]["state"]) == (None, "below_detection")
    assert below["parameters"]["detection_limit"] == 2


def test_simulated_places_say_so(client):
    (thing,) = value(client, "Things?$filter=properties/simulated eq true")
    assert thing["@iot.id"] == "it's/a:b"
    assert "模拟" in thing["description"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Things('S1')/name", {"name": "一号站"}),
        ("Things('it''s/a:b')/Datastreams('it''s/a:b:w01018:month')/Thing/name", {"name": "O'Brien"}),
        ("Datastreams('S1:a34004:hour')/ObservedProperty/properties/$value", None),
        ("Things(S1)/@iot.id", {"@iot.id": "S1"}),
    ],
)
def test_paths_lead_along_relations_to_properties(client, path, expected):
    answer = client.get(f"/sta/v1.1/{path}")
    assert answer.status == 200
    if expected is not None:
        assert answer.json == expected


def test_value_and_ref(client):
    assert client.get("/sta/v1.1/Things('S1')/name/$value").body.decode() == "一号站"
    found = value(client, "Things('S1')/Datastreams/$ref")
    assert [sorted(one) for one in found] == [["@iot.selfLink"]] * 3


@pytest.mark.parametrize(
    "path",
    ["Nothing", "Things('X')", "Things('S1')/Nothing", "Observations('S1:a34004:hour:7')", "Things/name",
     "Observations('x')", "Things('S1')/name/first", "Things(('S1')",
     "Datastreams('S1:a34004:hour')/Observations('x')"],
)  # fmt: skip
def test_what_is_not_there_is_404(client, path):
    assert error(client, path, 404).startswith("sensorthings.")


def test_top_skip_count_and_the_link_to_the_next_page(client):
    page = client.get(f"/sta/v1.1/{HOURLY}?$top=20&$count=true&$select=result").json
    seen, pages = list(page["value"]), 1
    assert page["@iot.count"] == HOURS
    while "@iot.nextLink" in page:
        page = client.get(page["@iot.nextLink"][page["@iot.nextLink"].index("/sta/") :]).json
        seen += page["value"]
        pages += 1
    assert pages == 3
    assert [one["result"] for one in seen] == [hour / 2 for hour in range(HOURS)]


def test_pages_of_things(client):
    page = client.get("/sta/v1.1/Things?$top=2&$count=true&$orderby=name").json
    assert (len(page["value"]), page["@iot.count"]) == (2, 3)
    rest = client.get(page["@iot.nextLink"][page["@iot.nextLink"].index("/sta/") :]).json
    assert len(rest["value"]) == 1 and "@iot.nextLink" not in rest


def test_select_leaves_the_rest_out(client):
    (one, *_) = value(client, "Things?$select=name,Datastreams")
    assert set(one) == {"name", "Datastreams@iot.navigationLink"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("result gt 22.5", [23, 23.5]),
        ("22.5 lt result", [23, 23.5]),
        ("result ge 23 and result lt 23.5", [23]),
        ("result eq 0.5 or result eq 1", [0.5, 1]),
        ("not result gt 0.5", [0, 0.5]),
        ("not (result gt 0.5)", [0, 0.5]),
        ("result add 1 eq 1.5", [0.5]),
        ("result mul 2 sub 1 eq 0", [0.5]),
        ("result div 2 eq 11.75", [23.5]),
        ("result mod 23 eq 0.5", [0.5, 23.5]),
        ("floor(result) eq 3", [3, 3.5]),
        ("ceiling(result) eq 3", [2.5, 3]),
        ("phenomenonTime lt 2025-12-31T18:00:00Z", [0, 0.5]),
        ("phenomenonTime le 2025-12-31T18:00:00Z", [0, 0.5]),
        ("phenomenonTime ge 2026-01-02T15:00:00Z", [23.5]),
        ("phenomenonTime gt 2026-01-02T14:00:00Z", [23.5]),
        ("phenomenonTime eq 2025-12-31T17:00:00Z", [0.5]),
        ("phenomenonTime ge 2026-01-02T22:00:00+08:00", [23, 23.5]),
        ("phenomenonTime ge 2026-01-01 and phenomenonTime lt 2026-01-01T02:00:00Z", [4, 4.5]),
        ("day(phenomenonTime) eq 31 and hour(phenomenonTime) eq 16", [0]),
        ("parameters/state eq 'missing'", []),
        ("parameters/flag ne 0", []),
        (f"id eq 'S1:a34004:hour:{T0}'", [0]),
        ("id eq 'nothing'", []),
        ("resultTime eq null and result lt 1", [0, 0.5]),
        ("resultTime gt 2020-01-01T00:00:00Z", []),
        ("result ne null and result lt 0.5", [0]),
        ("Datastream/Thing/name eq '一号站' and result gt 23", [23.5]),
        ("FeatureOfInterest/id eq 'S3'", []),
    ],
)
def test_filters_of_observations(client, condition, expected):
    assert results(client, f"{HOURLY}?$filter={condition}") == expected


def test_filters_of_all_observations_by_their_datastream(client):
    found = ids(client, "Observations?$filter=Datastream/ObservedProperty/name eq '化学需氧量'")
    assert sorted(found) == [f"it's/a:b:w01018:instant:{T0}", f"it's/a:b:w01018:month:{T0}"]
    found = ids(client, "Observations?$filter=Datastream/Thing/id eq 'S1' and parameters/state eq 'missing'")
    assert found == [f"S1:a21026:hour:{T0}"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Things?$filter=properties/region eq '甲市' and startswith(name,'三')", ["S3"]),
        ("Things?$filter=Datastreams/ObservedProperty/properties/symbol eq 'SO2'", ["S1"]),
        ("Things?$filter=name eq 'O''Brien'", ["it's/a:b"]),
        ("Things?$filter=substringof('号',name)&$orderby=id desc", ["S3", "S1"]),
        ("Things?$filter=length(name) gt 5", ["it's/a:b"]),
        ("Things?$filter=indexof(id,'3') eq 1", ["S3"]),
        ("Things?$filter=concat(id,name) eq 'S3三号站'", ["S3"]),
        ("Things?$filter=toupper(substring(id,5)) eq 'A:B'", ["it's/a:b"]),
        ("Things?$filter=properties/nothing eq null and id eq 'S3'", ["S3"]),
        ("Locations?$filter=name ne 'x'", ["S1"]),
        ("Datastreams?$filter=properties/period eq 'day'", ["S1:a34004:day"]),
        ("Datastreams?$filter=unitOfMeasurement/symbol eq 'mg/L' and Thing/properties/simulated eq true"
         "&$orderby=properties/period desc",
         ["it's/a:b:w01018:month", "it's/a:b:w01018:instant"]),
        ("ObservedProperties?$orderby=id", ["a21026", "a34004", "w01018"]),
    ],
)  # fmt: skip
def test_filters_and_order_of_other_entities(client, path, expected):
    assert ids(client, path) == expected


def test_order_of_observations(client):
    assert results(client, f"{HOURLY}?$orderby=phenomenonTime desc&$top=2") == [23.5, 23]
    assert results(client, f"{HOURLY}?$orderby=result desc&$top=1&$skip=1") == [23]


def test_expand_goes_along_several_relations_with_options_of_its_own(client):
    path = (
        "Things?$filter=id eq 'S1'&$expand=Datastreams($filter=properties/period eq 'hour';$orderby=id;"
        "$select=id;$expand=Observations($top=1;$orderby=phenomenonTime desc;$select=result),"
        "ObservedProperty),Locations"
    )
    (thing,) = value(client, path)
    so2, pm25 = thing["Datastreams"]
    assert pm25["Observations"] == [{"result": 23.5}]
    assert so2["ObservedProperty"]["@iot.id"] == "a21026"
    assert thing["Locations"][0]["location"] == {"type": "Point", "coordinates": [120.5, 30.25]}


def test_expanded_pages_link_to_their_next_page(client):
    (stream,) = value(
        client, "Datastreams?$filter=id eq 'S1:a34004:hour'&$expand=Observations($top=2;$filter=result gt 1)"
    )
    link = stream["Observations@iot.nextLink"]
    following = client.get(link[link.index("/sta/") :]).json["value"]
    assert [one["result"] for one in stream["Observations"] + following] == [1.5, 2, 2.5, 3]


def test_slashes_expand_as_brackets_do(client):
    one = value(client, "Things?$expand=Datastreams/ObservedProperty,Datastreams/Sensor&$filter=id eq 'S1'")
    stream = one[0]["Datastreams"][0]
    assert stream["ObservedProperty"]["@iot.id"] and stream["Sensor"]["@iot.id"] == "not-stated"


@pytest.mark.parametrize(
    "path",
    ["Things?$top=-1", "Things?$top=x", "Things?$skip=1.5", "Things?$count=yes", "Things?$colour=red",
     "Things?$top=1&$top=2", "Things?$select=colour", "Things?$expand=Colours", "Things?$filter=colour eq 1",
     "Things?$filter=name eq", "Things?$filter=name eq 'x", "Things?$filter=(name eq 'x'",
     "Things?$filter=name eq 'x')", "Things?$filter=colour(name) eq 1", "Things?$filter=length() eq 1",
     "Things?$filter=name like 'x'", "Things?$filter=2026-13-01T00:00:00Z eq name",
     "Things?$expand=Datastreams(", "Things?$expand=Datastreams/Thing/Datastreams/Thing/Datastreams",
     "Things?$filter=Datastreams/Observations/result gt 1", "Observations?$filter=substringof('a',result)",
     "Observations?$filter=colour eq 1", "Observations?$orderby=colour", "Things?$filter=" + "(" * 100,
     "Observations?$filter=phenomenonTime gt 'x'", "Things?$filter=" + "a" * 5000],
)  # fmt: skip
def test_wrong_questions_are_400_and_say_why(client, path):
    assert re.fullmatch(r"(sensorthings|series)\.\w+", error(client, path))


def test_nothing_can_be_written_here(client):
    assert client.request("POST", "/sta/v1.1/Things", b"{}").status == 405
    assert client.push({}, "hz_a_b").json["error"] == "web_api.read_only"


def test_pages_have_a_bound_whatever_is_asked_for(client):
    page = client.get("/sta/v1.1/Observations?$top=999999999").json
    assert len(page["value"]) == HOURS + 5
    assert value(client, "Things?$top=0") == []


def test_conditions_cannot_bring_sql(client):
    path = f"{HOURLY}?$filter=parameters/flag eq '0) or 1=1 --' or result eq 7"
    assert error(client, path) == "series.misfit"

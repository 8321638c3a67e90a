"""The API of a place: curves with limits, comparison, calendar, reasons, and who may see what."""

import csv
import io
import time

import pyarrow as pa
import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient
from openpyxl import load_workbook

from huanzhi.city import sample
from huanzhi.library.devices.model import Outlet
from huanzhi.library.devices.register import open_register
from huanzhi.library.people.models import Grant, Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.network.feeds.importing import Plan, import_file
from huanzhi.web import application
from huanzhi.web.api.actors import BEGUN, SEEN

pytestmark = pytest.mark.django_db
OUTLET, COD = "OUT1", "w01018"
FIRST = 1735660800  # 2025-01-01 of China


def begin(client):
    """Say when the session began, as signing in does."""
    session = client.session
    session[BEGUN] = session[SEEN] = int(time.time())
    session.save()


class Asker(AsyncClient):
    """Asks the service as it runs, with its parts in the scope of the request."""

    def _base_scope(self, **request):
        return super()._base_scope(**request) | {"state": {application.STATE: self.parts}}


class Reads:
    """Stands for the readers of the service: one store, read where it is asked for."""

    def __init__(self, home):
        self.home = home

    async def run(self, work):
        with open_store("read", self.home) as store:
            return work(store)


def hour(number, value):
    key = {"feature": OUTLET, "parameter": COD, "period": "hour", "time": FIRST + 3600 * number}
    return key | {"value": value, "decimals": 0, "state": 0, "flag": 0, "row": 2}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    files = sample.make(tmp_path_factory.mktemp("sample"))
    home = tmp_path_factory.mktemp("series-home")
    values = [30, 45, 60, 55]
    rows = [hour(k, value) for k, value in enumerate(values)]
    outlet = Feature(OUTLET, "甲厂总排口", "outlet", region_code="330200", attributes={"enterprise": "E1"})
    with open_store("write", home) as store:
        for file in files:
            import_file(file, Plan(), store)
        store.write(pa.Table.from_pylist(rows, SCHEMA), [outlet], Source("hand", "test", "ab" * 32))
    permit = {COD: {"value": "50", "unit": "mg/L", "standard": "GB 18918-2002", "clause": "表1"}}
    with open_register(home) as register:
        register.save(outlets=[Outlet(OUTLET, "甲厂总排口", enterprise="E1", permits=permit)], who="test")
    return home


@pytest.fixture
def people(db):
    region = save(SYSTEM, Region(code="330200", name="宁波市", level="city"))
    made = {}
    for name, role, organisation in (
        ("officer", "monitoring", "BUREAU"),
        ("owner", "enterprise", "E1"),
        ("rival", "enterprise", "E2"),
        ("township", "township", "T1"),
    ):
        body = Organisation.objects.create(code=organisation, name=name, kind="bureau", region=region)
        made[name] = Person.objects.create(code=name, name=name, organisation=body)
        Grant.objects.create(person=made[name], role=role, region=region, organisation=body)
    return made


@pytest.fixture
def ask(home, people):
    """Return a function that asks as a person."""

    def asking(path, who="officer", **headers):
        client = Asker()
        client.parts = application.Parts(Reads(home))
        client.force_login(people[who])
        begin(client)
        return async_to_sync(client.get)(f"/api/v1/{path}", headers=headers)

    return asking


def test_an_outlet_has_its_permit_as_limit_and_hours_beyond_it(ask):
    found = ask(f"series/{OUTLET}?start=2025-01-01").json()
    assert found["values"] == ["30", "45", "60", "55"]
    assert found["times"][0] == "2025-01-01T00:00:00+08:00"
    (limit,) = found["limits"]
    assert (limit["value"], limit["basis"], limit["standard"]) == ("50", "permit", "GB 18918-2002")
    summary = ask(f"series/{OUTLET}/summary").json()
    assert summary["standing"]["value"] == "exceeds"
    assert summary["exceedance"] | {"time": ""} == {
        "judged": 4,
        "exceeding": 2,
        "highest": "60",
        "time": "",
        "limit": "50",
        "multiple": "0.20",
    }


@pytest.mark.parametrize(
    ("who", "status"), [("officer", 200), ("owner", 200), ("rival", 403), ("township", 403)]
)
@pytest.mark.parametrize("what", ["", "/available", "/summary", "/calendar", "/rose", "/diurnal"])
def test_what_is_the_enterprises_own_is_for_it_and_the_bureau(ask, who, status, what):
    assert ask(f"series/{OUTLET}{what}", who).status_code == status


def test_a_rival_cannot_slip_an_outlet_in_beside_a_station(ask):
    assert ask(f"series?features={OUTLET}", "rival").status_code == 403


def test_a_reason_goes_down_to_file_and_clause(ask):
    asked = f"series/{OUTLET}/why?parameter={COD}&period=hour&time=2025-01-01T02:00:00%2B08:00"
    found = ask(asked).json()
    assert "超标" in found["steps"][1]["text"] and found["steps"][1]["clause"] == "表1"
    assert found["origins"][-1]["file"] == "hand" and found["frames_allowed"]
    english = ask(asked, **{"Accept-Language": "en"}).json()
    assert "exceeds" in english["steps"][1]["text"]


def test_a_station_of_the_sample_has_everything(ask, home):
    with open_store("read", home) as store:
        code = store.features("air_station")[0].code
    available = ask(f"series/{code}/available?count=true").json()
    assert available["place"]["simulated"] and available["series"][0]["number"] > 0
    curve = ask(f"series/{code}?parameter=a34004&points=100").json()
    assert curve["note"] and len(curve["values"]) <= 100 < curve["of"]
    assert ask(f"series/{code}/rose?parameter=a34004").json()["counts"] == []
    assert len(ask(f"series/{code}/diurnal?parameter=a34004").json()["hours"]) == 24
    calendar = ask(f"series/{code}/calendar").json()
    assert [day["hex"] for day in calendar["days"] if day["value"]] and len(calendar["legend"]) == 6


def test_two_spans_stand_beside_each_other(ask):
    asked = f"series?features={OUTLET}&start=2025-01-01T02:00&end=2025-01-01T04:00&against=before"
    curves = ask(asked).json()["curves"]
    assert [(one["against"], one["values"]) for one in curves] == [
        ("", ["60", "55"]),
        ("before", ["30", "45"]),
    ]


def test_a_curve_is_a_table_too(ask):
    text = ask(f"series/{OUTLET}?format=csv&start=2025-01-01").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:3] == ["时间", "数值(mg/L)", "状态"] and rows[3][:3] == [
        "2025-01-01T02:00:00+08:00",
        "60",
        "实测",
    ]
    book = load_workbook(io.BytesIO(ask(f"series/{OUTLET}?format=xlsx").content))
    assert book.worksheets


def test_the_same_answer_is_not_sent_again(ask):
    first = ask(f"series/{OUTLET}")
    assert ask(f"series/{OUTLET}", **{"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("series/NOBODY", 404, "series_api.no_place"),
        (f"series/{OUTLET}?parameter=a34004", 404, "series_api.no_parameter"),
        (f"series/{OUTLET}?period=fortnight", 422, "series.unknown_period"),
        (f"series/{OUTLET}?start=tomorrow", 422, "series_api.moment"),
        (f"series/{OUTLET}?start=2025-02-01&end=2025-01-01", 422, "series_api.span"),
        (f"series/{OUTLET}?start=1900-01-01&end=2025-01-01", 422, "series_api.too_long"),
        (f"series/{OUTLET}/why?parameter={COD}&time=2030-01-01", 422, "explain.nothing_then"),
        (f"series/{OUTLET}/calendar?year=-4", 422, "series_api.span"),
    ],
)
def test_what_is_wrong_is_said(ask, path, status, error):
    found = ask(path)
    assert (found.status_code, found.json()["error"]) == (status, error)


def test_what_is_known_of_a_place_is_read_again_when_it_changes(home):
    from huanzhi.library.devices.model import Device
    from huanzhi.programmes.place.known import known

    with open_store("read", home) as store:
        (feature,) = store.features(codes=[OUTLET])
    first = known(feature, home)
    assert known(feature, home) is first
    with open_register(home) as register:
        register.save([Device("9" * 24, outlet=OUTLET)], [], who="test", reason="test")
    second = known(feature, home)
    assert second is not first and "9" * 24 in second.devices
    save(SYSTEM, Region(code="330299", name="新区", level="county"))
    assert known(feature, home) is not second

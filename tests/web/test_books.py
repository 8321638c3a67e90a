"""The API of assessment, rankings, reasons, standards, imports and reports over the sample city."""

import csv
import io
import json
import time

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient
from openpyxl import load_workbook

from huanzhi.city import sample
from huanzhi.library.people.models import Grant, Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import open_store
from huanzhi.library.trail.models import Entry
from huanzhi.library.work.models import Job
from huanzhi.library.work.worker import Worker
from huanzhi.network.feeds.importing import Plan, import_file
from huanzhi.programmes.imports import accepting
from huanzhi.web import application, kept_reports
from huanzhi.web.api.actors import BEGUN, SEEN

pytestmark = pytest.mark.django_db
ROLES = {"wu": "monitoring", "lin": "leader", "owner": "enterprise"}


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


@pytest.fixture(scope="module")
def sample_home(tmp_path_factory):
    files = sample.make(tmp_path_factory.mktemp("sample"))
    home = tmp_path_factory.mktemp("books-home")
    with open_store("write", home) as store:
        for file in files:
            import_file(file, Plan(rejects=home), store)
    return home


@pytest.fixture
def people(db):
    region = save(SYSTEM, Region(code="330200", name="宁波市", level="city"))
    made = {}
    for name, role in ROLES.items():
        body = Organisation.objects.create(code=f"ORG-{name}", name=name, kind="bureau", region=region)
        made[name] = Person.objects.create(code=name, name=name, organisation=body)
        Grant.objects.create(person=made[name], role=role, region=region, organisation=body)
    return made


@pytest.fixture
def ask(people, sample_home):
    """Return a function that asks as a person."""

    def asking(path, who="wu", method="get", home=sample_home, data=None, **headers):
        client = Asker()
        client.parts = application.Parts(Reads(home))
        client.force_login(people[who])
        session = client.session
        session[BEGUN] = session[SEEN] = int(time.time())
        session.save()
        more = {} if data is None else {"data": data}
        if isinstance(data, str):
            more["content_type"] = "application/json"
        return async_to_sync(getattr(client, method))(f"/api/v1/{path}", headers=headers, **more)

    return asking


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """Return a data folder that may be written, empty but for a store."""
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    with open_store("write", tmp_path):
        pass
    return tmp_path


def test_a_day_of_stations_has_level_colour_primary_and_both_comparisons(ask):
    found = ask("assess/air?period=2026-03-05&by=station").json()
    row = next(one for one in found["rows"] if one["key"] == "SIM-A01")
    assert (row["aqi"], row["level"]["name"], row["level"]["colour"]) == (78, "良", "#FFFF00")
    assert row["primary"] == ["PM10"]
    assert row["aqi_previous"] is not None and row["aqi_year_before"] is not None
    assert found["editions"] == ["HJ 633-2026"] and found["simulated"]


def test_another_edition_is_named_as_such_and_judges_otherwise(ask):
    usual = ask("assess/air?period=2026-03-05&by=station").json()
    forced = ask("assess/air?period=2026-03-05&by=station&edition=2012").json()
    assert not usual["forced"] and forced["forced"]
    assert forced["editions"] == ["HJ 633-2012"]
    assert [one["aqi"] for one in usual["rows"]] != [one["aqi"] for one in forced["rows"]]


def test_a_month_has_statistics_limits_and_changes_with_the_same_limits(ask):
    row = ask("assess/air?period=2026-03").json()["rows"][0]
    items = {one["item"]: one for one in row["items"]}
    assert items["PM10"]["limit"] == "60" and items["PM10"]["within"] is False
    assert items["O3"]["percentile"] == 90
    assert row["change_year_before"] is not None and row["change_previous"] is not None
    assert 0 < row["good_days"] <= row["valid_days"] == 31


def test_a_year_without_enough_days_says_so_and_has_no_index(ask):
    row = ask("assess/air?period=2025").json()["rows"][0]
    assert row["index"] is None and "要求 324 天" in row["reasons"][0]


def test_sections_have_class_limiting_items_target_and_classes_before(ask):
    found = ask("assess/water?period=2026-03").json()
    row = next(one for one in found["rows"] if one["key"] == "SIM-W01")
    assert row["grade"] == row["year_before"] == row["previous"] == "Ⅱ"
    assert [one["item"] for one in row["limiting"]] == ["溶解氧", "总磷"]
    assert row["target_met"] is True
    assert sum(found["shares"].values()) == len(found["rows"]) == 12


def test_assessments_are_files_too_and_carry_the_mark(ask):
    rows = list(
        csv.reader(io.StringIO(ask("assess/air?period=2026-03&format=csv").content.decode("utf-8-sig")))
    )
    assert rows[0] == ["# 模拟数据"] and rows[1][:2] == ["名称", "综合指数"]
    book = load_workbook(io.BytesIO(ask("assess/water?period=2026-03&format=xlsx").content))
    assert book.worksheets[0]["A2"].value == "模拟数据"
    assert ask("rankings/air?period=2026-03&format=docx").content[:2] == b"PK"


@pytest.mark.parametrize("period", ["2026-13", "soon", "2026-03-01T25", "2026-02-30"])
def test_a_period_that_is_none_is_refused_with_examples(ask, period):
    answer = ask(f"assess/air?period={period}")
    assert answer.status_code == 422 and "2026" in answer.json()["expected"]


def test_ranks_say_ties_reasons_and_the_rank_in_another_period(ask):
    found = ask("rankings/air?period=2026-03&compare=2026-02").json()
    assert [one["rank"] for one in found["rows"]] == [1, 2, 3, 4]
    assert all(one["compared_rank"] for one in found["rows"]) and not any(
        one["tied"] for one in found["rows"]
    )
    water = ask("rankings/water?period=2026-03").json()
    left_out = [one for one in water["rows"] if one["rank"] is None]
    assert left_out and "氟化物" in left_out[0]["reasons"][0]


def test_a_reason_goes_down_to_file_row_and_digest(ask):
    found = ask("explain/air?place=SIM-A01&period=2026-03-05T08").json()
    assert found["result"]["AQI"] == 77 and found["editions"] == ["HJ 633-2026"]
    origin = found["origins"][0]
    assert origin["file"] == "air_station_hours.csv.gz" and origin["row"] > 1 and len(origin["sha256"]) == 64
    line = ask(f"imports/batches/{origin['batch']}/line?row={origin['row']}").json()
    assert "SIM-A01" in line["cells"]


def test_reasons_speak_english(ask):
    found = ask("explain/air-rank?name=模拟乙市&period=2026-03", **{"Accept-Language": "en"}).json()
    assert any("rank" in one["text"] for one in found["steps"])


def test_a_ranking_is_published_by_two_people_and_a_change_shows(ask, own_home, sample_home, monkeypatch):
    monkeypatch.setenv("HUANZHI_HOME", str(sample_home))
    about = {"medium": "air", "period": "2026-03", "by": "city"}
    query = "medium=air&period=2026-03&by=city"
    assert ask(f"rankings/release?{query}").json()["state"] == "draft"
    made = ask("rankings/release", method="post", data=json.dumps({**about, "reason": "月报"}))
    assert made.status_code == 201 and made.json()["state"] == "proposed"
    number = made.json()["proposal"]
    assert ask(f"proposals/{number}/approve", method="post", data="{}").status_code == 403
    assert ask(f"proposals/{number}/approve", who="lin", method="post", data="{}").status_code == 200
    found = ask(f"rankings/release?{query}").json()
    assert (found["state"], found["proposer"], found["decider"], found["changed"]) == (
        "published",
        "wu",
        "lin",
        False,
    )


def test_standards_are_found_by_number_clause_and_word(ask):
    (held,) = ask("standards?q=gb3095&date=2026-02-28").json()["items"]
    assert [one["state"] for one in held["editions"]] == ["in_force", "coming"]
    assert any(one["number"] == "HJ 633-2026" for one in ask("standards/search?q=4.2.4").json()["items"])
    assert ask("standards/search?q=化学需氧量").json()["total"] > 5


def test_two_editions_stand_side_by_side_with_what_differs(ask):
    found = ask("standards/difference?number=GB 3095&one=2012&other=2026").json()
    limits = next(one for one in found["tables"] if one["id"] == "limits")
    changed = {row["name"] for row in limits["rows"] if row["state"] == "changed"}
    assert "PM2.5 year" in changed and "SO2 year" not in changed


def test_what_is_not_confirmed_says_so(ask):
    tables = ask("standards/edition?number=HJ 663&edition=2026").json()["content"]
    assert any(not one["confirmed"] and one["confidence"] == "未核实" for one in tables)


def test_parameters_are_found_by_alias(ask):
    assert [one["code"] for one in ask("parameters?q=CODCr").json()["items"]] == ["w01018"]


GOOD = "station,name,kind,region,time,PM2.5(µg/m³)\n" + "".join(
    f"T1,试验站,air_station,试验市,2026-03-{day:02d} 08:00,{30 + day}\n" for day in range(1, 6)
)


def hand_in(ask, home, text, name="hours.csv"):
    return ask("imports", method="post", home=home, data={"file": SimpleUploadedFile(name, text.encode())})


def test_a_file_is_looked_at_before_anything_is_written(ask, own_home):
    found = hand_in(ask, own_home, GOOD.replace("2026-03-03 08:00,33", "2026-03-03 08:00,三十三")).json()
    seen = found["preview"]
    assert (seen["format"], seen["rows"], seen["values"], seen["refused"], seen["places_new"]) == (
        "template",
        5,
        4,
        1,
        1,
    )
    wrong = seen["rejects"][0]
    assert (wrong["file"], wrong["row"], wrong["column"], wrong["value"]) == (
        "hours.csv",
        4,
        "PM2.5(µg/m³)",
        "三十三",
    )
    assert wrong["expected"].startswith("数字")
    with open_store("read", own_home) as store:
        assert store.summary().rows == 0


def test_an_accepted_file_has_a_receipt_an_entry_and_its_bytes(ask, own_home):
    upload = hand_in(ask, own_home, GOOD).json()["id"]
    done = ask(f"imports/{upload}/accept", method="post", home=own_home).json()
    assert (done["state"], done["receipt"]["new"], done["receipt"]["refused"]) == ("accepted", 5, 0)
    batch = done["receipt"]["batch"]
    assert ask(f"imports/batches/{batch}/raw", home=own_home).content == GOOD.encode()
    assert Entry.objects.filter(kind="import", key=batch, actor="wu").count() == 1
    assert ask(f"imports/{upload}/accept", method="post", home=own_home).status_code == 409


def test_a_worker_accepts_a_file_and_bears_being_begun_twice(ask, own_home):
    upload = hand_in(ask, own_home, GOOD).json()["id"]
    started = ask(f"imports/{upload}/accept?background=true", method="post", home=own_home)
    assert started.status_code == 202
    Worker({**accepting.KINDS, **kept_reports.KINDS}, lambda *a, **k: None).once()
    job = Job.objects.get(pk=started.json()["job"])
    assert (job.state, job.result["new"]) == ("done", 5)
    assert ask(f"imports/{upload}", home=own_home).json()["state"] == "accepted"


@pytest.mark.parametrize(
    ("text", "error"),
    [("a,b\n1,2\n", "feeds.no_format"), ("a,b\n1\n", "feeds.ragged_line"), ("", "books_api.empty_file")],
)
def test_a_file_that_cannot_be_read_leaves_nothing(ask, own_home, text, error):
    answer = hand_in(ask, own_home, text)
    assert answer.status_code == 422 and answer.json()["error"] == error
    assert ask("imports", home=own_home).json()["total"] == 0


def test_a_dropped_file_lets_its_bytes_go(ask, own_home):
    upload = hand_in(ask, own_home, GOOD).json()["id"]
    assert ask(f"imports/{upload}", method="delete", home=own_home).json()["state"] == "dropped"
    assert not (own_home / "uploads" / upload / "bytes").exists()


def test_who_has_no_right_neither_reads_nor_imports(ask, own_home):
    assert hand_in(lambda *a, **k: ask(*a, who="owner", **k), own_home, GOOD).status_code == 403
    for path in ("assess/air?period=2026-03", "rankings/air?period=2026-03", "imports/batches"):
        answer = ask(path, who="owner", home=own_home)
        assert answer.status_code == 403 and answer.json()["error"] == "rights.refused"


def test_a_station_that_may_not_be_read_is_in_no_list_and_has_no_reason(ask, monkeypatch):
    from huanzhi.web.api import assess, explain, reading

    hidden = frozenset({"SIM-A02"})
    for module in (reading, explain):
        monkeypatch.setattr(module, "seen_places", lambda request: hidden)
    assert assess.read_seen is reading.read_seen
    rows = ask("assess/air?period=2026-03-05&by=station").json()["rows"]
    assert [one["key"] for one in rows] == ["SIM-A02"]
    assert ask("explain/air?place=SIM-A01&period=2026-03-05T08").status_code == 403


def test_a_report_is_shown_made_and_kept(ask, sample_home, monkeypatch, own_home):
    region = "模拟甲市"
    shown = ask(f"reports/status?period=2026-03&region={region}").json()
    assert shown["simulated"] and shown["keys"][0]["value"]
    given = json.dumps({"period": "2026-03", "region": region})
    made = ask("reports", method="post", data=given)
    assert made.status_code == 201
    forms = {one["form"] for one in made.json()["files"]}
    assert {"docx", "xlsx"} <= forms
    assert ask(f"reports/{made.json()['id']}/docx").content[:2] == b"PK"
    assert ask("reports/20260101-000000-00000000/docx").status_code == 404

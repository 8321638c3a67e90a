"""The ledger as a sheet: a preview by row and column, nothing half taken, cells kept, a round trip."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from huanzhi.center.plans.models import Document, Measure
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
API = "/api/v1/plan-sheets"
HEAD = ["序号", "重点举措", "主要任务", "牵头单位", "配合单位", "起始日期", "完成时限"]
ROWS = [
    [1, "建立水质三色预警机制", "治水", "模拟市水利局", "模拟市生态环境局", "2026-01-01", "2026-12-31"],
    [2, "排查入河排污口", "治水", "市水利局", "", "", "2026-06-30"],
]


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    for code, name in (("water", "模拟市水利局"), ("bureau", "模拟市生态环境局")):
        save(SYSTEM, Organisation(code=code, name=name, kind="department", region=city))
    return city


@pytest.fixture
def duty(city, sign_in):
    return sign_in("duty", city, "duty", Organisation.objects.get(code="bureau"))


def sheet(rows, head=HEAD):
    book = Workbook()
    for row in ([*head], *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def give(client, raw, path="", status=201):
    file = SimpleUploadedFile("台账.xlsx", raw, "application/octet-stream")
    answer = client.post(f"{API}{path}", {"region": "990001", "file": file})
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_measures_enter_with_their_cell_as_quote(duty):
    assert give(duty, sheet(ROWS), "/preview", 200)["new"] == 2
    assert not Measure.objects.exists()
    made = give(duty, sheet(ROWS))
    assert made["measures"] == 2
    first, second = Measure.objects.order_by("pk")
    assert (first.item.quote, first.item.told["cell"]) == ("建立水质三色预警机制", "B2")
    text = first.document.text
    assert text[second.item.start : second.item.end] == second.item.quote
    assert first.lead.code == "water" and first.joint == [{"name": "模拟市生态环境局", "code": "bureau"}]
    assert second.lead is None and second.lead_name == "市水利局"  # a person confirms what it means
    assert str(second.due) == "2026-06-30" and str(first.begins) == "2026-01-01"


def test_what_is_wrong_names_row_and_column_and_nothing_is_taken(duty):
    rows = [
        *ROWS,
        [3, "", "治水", "市水利局", "", "", "2026-06-30"],
        [4, "丙", "", "市水利局", "", "", "明年"],
    ]
    found = give(duty, sheet(rows), "/preview", 200)
    assert [(one["row"], one["column"]) for one in found["errors"]] == [(4, "重点举措"), (5, "完成时限")]
    refused = give(duty, sheet(rows), status=422)
    assert refused["error"] == "sheets.wrong" and refused["row"] == 4
    assert not Document.objects.exists()


def test_an_unknown_heading_and_a_repeated_measure_are_told(duty):
    refused = give(duty, sheet(ROWS, [*HEAD[:-1], "何时"]), "/preview", 422)
    assert refused["error"] == "sheets.unknown_heading" and refused["row"] == 1
    found = give(duty, sheet([ROWS[0], ROWS[0]]), "/preview", 200)
    assert found["errors"][0]["row"] == 3


def test_an_export_can_be_taken_in_again_and_changes_nothing(duty):
    give(duty, sheet(ROWS))
    raw = duty.get(f"{API}/export").content
    found = give(duty, raw, "/preview", 200)
    assert (found["new"], found["unchanged"], found["wrong"]) == (0, 2, 0)
    assert give(duty, raw)["number"] == ""
    book = load_workbook(io.BytesIO(raw))
    template = load_workbook(io.BytesIO(duty.get(f"{API}/template").content))
    heads = [[cell.value.rstrip("*") for cell in one.active[1]] for one in (book, template)]
    assert heads[0] == heads[1]
    book.active.cell(2, 3).value = "别的举措"
    stream = io.BytesIO()
    book.save(stream)
    changed = give(duty, stream.getvalue(), "/preview", 200)
    assert changed["errors"][0]["error"] == "center_plans.sheet_steps"


def test_the_same_sheet_twice_is_one_document(duty):
    assert give(duty, sheet(ROWS))["number"]
    raw = sheet(ROWS)
    give(duty, raw)
    give(duty, raw)
    assert Document.objects.filter(format="xlsx").count() <= 2


def test_who_may_not_take_documents_in_may_not_take_sheets(city, sign_in):
    reader = sign_in("reader", city, "reader")
    give(reader, sheet(ROWS), "/preview", 403)

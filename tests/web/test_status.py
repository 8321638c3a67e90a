"""The status report as a page shows the document's own figures and no others."""

from datetime import date
from decimal import Decimal

from huanzhi.library.documents import Chart, Column, Document, Heading, Paragraph, Series, Table
from huanzhi.messages import using
from huanzhi.web.status import page_figures

TABLE = Table(
    "t", "六项污染物", (Column("项目"), Column("均值", "µg/m³", 1)), [["PM2.5", Decimal(42)], ["O3", None]]
)
CHART = Chart(
    "c",
    "级别天数",
    "column",
    ["优", "良"],
    (Series("天数", [3, None], ("00E400", "FFFF00")),),
    "天",
    labels=True,
)
BLOCKS = (Heading(1, "环境空气质量"), Paragraph("见[[t]]和[[c]]。"), TABLE, CHART)
DOCUMENT = Document(
    "某市状况报告", BLOCKS, annexes=(("数据来源", (Table("s", "批次", (Column("文件"),), [["a.csv"]]),)),)
)
PAYLOAD = {"region": "某市", "period": "2026-02", "simulated": True, "unconfirmed": ["某表（未核实）"]}


def page(payload=PAYLOAD):
    with using("zh"):
        return page_figures(DOCUMENT, payload, date(2026, 11, 22))


def test_tables_and_figures_carry_the_numbers_of_the_document():
    section = page()["sections"][0]
    assert section["title"] == "一、环境空气质量"
    assert section["paragraphs"] == ["见表1和图1。"]
    assert section["tables"][0]["title"] == "表1  六项污染物"


def test_a_missing_cell_stays_missing_and_digits_stay_as_printed():
    table = page()["sections"][0]["tables"][0]
    assert table["columns"] == ["项目", "均值 (µg/m³)"]
    assert table["rows"] == [["PM2.5", "42.0"], ["O3", None]]


def test_official_colours_go_with_their_points_and_gaps_stay_gaps():
    series = page()["sections"][0]["charts"][0]["series"][0]
    assert series["values"] == [3.0, None]
    assert series["colours"] == ["#00E400", "#FFFF00"]


def test_sources_and_doubts_and_the_simulated_mark_are_on_the_page():
    shown = page()
    assert shown["sections"][1]["title"] == "二、数据来源"
    assert shown["cautions"] == ["某表（未核实）"]
    assert shown["simulated"] is True


def test_key_figures_come_from_the_payload():
    rates = {"good_days": 24, "valid_days": 28, "good_rate_percent": Decimal("85.7")}
    fine = {"value": Decimal("41.9"), "unit": "µg/m³", "limit": 30}
    ranking = {"rows": [{"index": Decimal("5.47"), "main": ["PM10"]}]}
    counts = {"Ⅰ": 1, "Ⅱ": 1, "Ⅲ": 0, "Ⅳ": 1, "Ⅴ": 0, "劣Ⅴ": 0}
    water = {"classes": {name: {"sections": n} for name, n in counts.items()}}
    air = {"all": rates, "pollutants": [fine], "ranking": ranking}
    keys = page({**PAYLOAD, "air": air, "water": water})["keys"]
    assert [(key["value"], key["unit"], key["note"]) for key in keys] == [
        ("85.7", "%", "24 / 28"),
        ("41.9", "µg/m³", "二级限值 30 µg/m³"),
        ("5.47", "", "主要污染物 PM10"),
        ("66.7", "%", "2 / 3"),
    ]


def test_what_was_not_reported_has_no_key_figure():
    assert page({**PAYLOAD, "air": None, "water": None})["keys"] == []

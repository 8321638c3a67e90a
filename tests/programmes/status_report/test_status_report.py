"""The status report: figures, text, tables, sources; air or water alone is enough."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import load_workbook

from huanzhi.errors import InputError
from huanzhi.library.documents import Chart, Paragraph, Table, write_docx, write_xlsx
from huanzhi.library.series import Feature, Store, open_store
from huanzhi.messages import using
from huanzhi.programmes.spans import parse_span
from huanzhi.programmes.status_report import StatusReport, status_report
from huanzhi.programmes.status_report.air_figures import air_figures
from huanzhi.programmes.status_report.water_figures import water_figures
from huanzhi.programmes.status_report.words import percent_change, points_change
from huanzhi.standards.air import Item
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import Period, start_of_day

MARCH = parse_span("2026-03")
TODAY = date(2026, 4, 2)
CLEAN = {"so2": (10, 0), "no2": (20, 0), "co": (5, 1), "o3": (90, 0), "pm10": (40, 0), "pm25": (20, 0)}


@pytest.fixture(scope="module")
def report(town_home: Path) -> StatusReport:
    with using("zh"), open_store("read", town_home) as store:
        return status_report(store, MARCH, "模拟省", today=TODAY)


def tables(report: StatusReport) -> dict[str, Table]:
    return {table.key: table for table in report.document.tables()}


def charts(report: StatusReport) -> dict[str, Chart]:
    return {block.key: block for block in report.document.blocks if isinstance(block, Chart)}


def prose(report: StatusReport) -> str:
    return "".join(block.text for block in report.document.blocks if isinstance(block, Paragraph))


def test_simulated_is_said_in_title_head_and_every_table(report: StatusReport) -> None:
    assert "模拟数据" in report.document.title and report.document.mark == "模拟数据"
    assert report.payload["simulated"] is True


def test_days_by_level_add_up_to_valid_days(report: StatusReport) -> None:
    for row in tables(report)["levels"].rows:
        assert sum(int(str(days)) for days in row[1:7]) == row[7]
    last = tables(report)["levels"].rows[-1]
    assert last[0] == "合计" and last[7] == 124


def test_text_tables_and_payload_tell_the_same_rate(report: StatusReport) -> None:
    rate = report.payload["air"]["all"]["good_rate_percent"]
    assert f"优良天数比例为{rate}%" in prose(report)
    assert tables(report)["levels"].rows[-1][-1] == rate


def test_limit_line_of_fine_particles_follows_the_edition(town: Store) -> None:
    figures = air_figures(town, parse_span("2026-02-25..2026-03-05"), "模拟省")
    assert figures is not None
    assert list(figures.daily_limits) == [Decimal(75)] * 4 + [Decimal(60)] * 5


def test_gaps_in_the_data_are_gaps_in_the_charts(put: Any, rows: Any) -> None:
    data = [
        *rows.days("city:甲", date(2026, 3, 1), 10, CLEAN),
        *rows.days("city:甲", date(2026, 3, 12), 20, CLEAN),
    ]
    store = put([Feature("city:甲", "甲", "city", region="甲")], data)
    found = status_report(store, MARCH, "甲", today=TODAY)
    assert list(charts(found)["fine_chart"].series[0].values)[9:12] == [Decimal(20), None, Decimal(20)]
    assert charts(found)["aqi_chart"].series[0].values[10] is None


def test_every_reference_and_chart_can_be_written(report: StatusReport, tmp_path: Path) -> None:
    document = docx.Document(str(write_docx(report.document, tmp_path / "report.docx")))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert not any("[[" in line for line in lines)
    assert any(line.startswith("附件") for line in lines)
    book = load_workbook(write_xlsx(report.document, tmp_path / "report.xlsx"))
    assert len(book.sheetnames) == len(report.document.tables())
    assert all(sheet["A2"].value == "模拟数据" for sheet in book.worksheets)


def test_sources_name_file_digest_and_standards(report: StatusReport) -> None:
    files = {str(row[0]): str(row[2]) for row in tables(report)["batches"].rows}
    assert set(files) == {"air_station_hours.csv.gz", "air_city_days.csv", "water_sections.csv"}
    assert all(len(digest) == 64 for digest in files.values())
    standards = {row[0] for row in tables(report)["rules"].rows}
    assert {"GB 3095-2026", "HJ 663-2026", "HJ 633-2026", "GB 3838-2002"} <= standards
    assert "HJ 633-2012" not in standards


def test_what_is_not_confirmed_is_named(report: StatusReport) -> None:
    assert "未核实" in prose(report) and "HJ 663-2026“数据统计的有效性”" in prose(report)


def test_coverage_says_who_reported(report: StatusReport) -> None:
    rows = {row[0]: row[3:5] for row in tables(report)["coverage"].rows}
    assert rows["地表水断面"] == (12, 12) and rows["模拟甲市"] == (31, 31)


def test_an_unknown_region_is_refused_with_those_known(town: Store) -> None:
    with pytest.raises(InputError) as raised:
        status_report(town, MARCH, "月球", today=TODAY)
    assert "模拟甲市" in str(raised.value)


def test_a_span_without_data_is_refused(town: Store) -> None:
    with pytest.raises(InputError) as raised:
        status_report(town, parse_span("2030-01"), None, today=TODAY)
    assert raised.value.key in ("report.nothing_reported",)


def test_air_alone_is_enough(put: Any, rows: Any) -> None:
    store = put(
        [Feature("city:甲", "甲", "city", region="甲")], rows.days("city:甲", date(2026, 3, 1), 31, CLEAN)
    )
    found = status_report(store, MARCH, "甲", today=TODAY)
    assert "没有地表水数据" in prose(found) and "shares" not in tables(found)
    assert not found.document.mark and "模拟" not in found.document.title
    assert found.payload["air"]["all"]["good_rate_percent"] == Decimal("100.0")


def test_water_alone_is_enough(put: Any, rows: Any) -> None:
    ammonia = find("氨氮", "water")
    assert ammonia is not None
    data = [rows.one("A", ammonia.code, Period.MONTH, start_of_day(date(2026, 3, 1)), 30, 1)]
    store = put([Feature("A", "甲桥", "section", province="甲省")], data)
    found = status_report(store, MARCH, "甲省", today=TODAY)
    assert "没有环境空气数据" in prose(found) and "levels" not in tables(found)
    assert found.payload["water"]["rows"][0]["class"] == "劣Ⅴ"


def test_exceptional_days_are_left_out_in_a_column_of_their_own(town: Store) -> None:
    dust = [date(2026, 3, 10), date(2026, 3, 11)]
    found = status_report(town, MARCH, "模拟甲市", today=TODAY, events=dust)
    coarse = next(row for row in tables(found)["pollutants"].rows if str(row[0]).startswith("PM10"))
    assert isinstance(coarse[-1], Decimal) and isinstance(coarse[2], Decimal) and coarse[-1] < coarse[2]
    assert "2026-03-10" in prose(found)


def test_english_is_complete(town: Store) -> None:
    with using("en"):
        found = status_report(town, MARCH, "模拟甲市", today=TODAY)
    assert found.document.title.startswith("Environmental status report")
    assert "good-day rate" in prose(found) and found.document.date == "2 April 2026"
    assert tables(found)["levels"].columns[1].heading == "excellent"


def test_water_changes_are_compared_with_last_year(town: Store) -> None:
    figures = water_figures(town, parse_span("2026-02"), "模拟省")
    assert figures is not None and figures.before is not None and figures.change is not None
    spilled = next(one for one in figures.sections if one.feature.code == "SIM-W04")
    assert spilled.change is not None and "变差" in spilled.change.name


def test_pollutants_of_several_cities_are_their_mean(town: Store) -> None:
    together = air_figures(town, MARCH, "模拟省")
    assert together is not None
    each = [air_figures(town, MARCH, f"模拟{name}市") for name in "甲乙丙丁"]
    values = [one.pollutants[5].value for one in each if one is not None]
    mean = sum((value for value in values if value is not None), Decimal(0)) / 4
    assert together.pollutants[5].item is Item.PM25
    assert together.pollutants[5].value == round(mean, 1)


def test_changes_in_words() -> None:
    assert points_change(Decimal("92.7"), Decimal("98.4")) == "，同比下降5.7个百分点"
    assert percent_change(Decimal("0.0")) == "，同比持平"
    assert points_change(None, Decimal(1)) == "" and percent_change(None) == ""

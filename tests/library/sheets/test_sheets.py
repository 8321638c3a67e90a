"""Sheets: templates, export, import; all or nothing."""

from contextlib import suppress
from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from huanzhi.errors import InputError
from huanzhi.library.enterprises.codes import check_character
from huanzhi.library.enterprises.models import Enterprise, Permit
from huanzhi.library.places.models import Region, Station
from huanzhi.library.records.changing import save
from huanzhi.library.records.tables import known, table_of
from huanzhi.library.rights import ANYONE, SYSTEM
from huanzhi.library.sheets.importing import accept, preview
from huanzhi.library.sheets.template import export, template
from huanzhi.library.trail.models import Entry
from huanzhi.messages import using

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return save(SYSTEM, Region(code="330200", name="宁波市", level="city"))


@pytest.fixture
def stations(region):
    return table_of("station")


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


HEAD = ("编码", "名称", "类别", "行政区划代码")
GOOD = ("S1", "甲站", "空气自动站", "330200")


def test_rows_are_shown_first_and_taken_when_said(stations):
    raw = sheet(HEAD, GOOD, ("S2", "乙站", "water", "宁波市"))
    assert preview(SYSTEM, stations, raw).as_dict()["new"] == 2
    assert Station.objects.count() == 0 and not Entry.objects.filter(kind="station").exists()
    accept(SYSTEM, stations, raw, reason="首次")
    assert [s.kind for s in Station.objects.all()] == ["air", "water"]
    assert Entry.objects.filter(kind="station").count() == 2
    assert preview(SYSTEM, stations, raw).unchanged == 2


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (("S1", "甲站", "火", "330200"), "类别", "火"),
        (("S1", "甲站", "air", "999999"), "行政区划代码", "999999"),
        (("S1", None, "air", "330200"), "名称", None),
        (("S1", "甲" * 201, "air", "330200"), "名称", "甲" * 201),
    ],
)
def test_a_wrong_cell_is_named_with_row_column_value_and_expectation(stations, row, column, value):
    found = preview(SYSTEM, stations, sheet(HEAD, ("S0", *GOOD[1:]), row))
    (error,) = found.errors
    assert (error["row"], error["column"], error.get("value")) == (3, column, value)
    assert error["expected"]
    with pytest.raises(InputError) as refused:
        accept(SYSTEM, stations, sheet(HEAD, GOOD, ("S9", *row[1:])))
    assert refused.value.key == "sheets.wrong" and Station.objects.count() == 0


def test_a_code_twice_is_wrong(stations):
    (error,) = preview(SYSTEM, stations, sheet(HEAD, GOOD, GOOD)).errors
    assert (error["error"], error["row"]) == ("sheets.key_twice", 3)


@pytest.mark.parametrize(
    ("head", "key"),
    [
        (("编码", "名称", "类别", "颜色"), "sheets.unknown_heading"),
        (("编码", "名称", "类别", "编码"), "sheets.twice"),
        (("编码", "名称", "类别"), "sheets.no_column"),
    ],
)
def test_headings_are_those_of_the_table(stations, head, key):
    with pytest.raises(InputError) as error:
        preview(SYSTEM, stations, sheet(head, GOOD))
    assert error.value.key == key


@pytest.mark.parametrize(
    "raw", [b"", b"PK\x03\x04broken", b"\x00\x01\x02", b"\xff\xfe\xfa\x00", b"PK\x03\x04" + bytes(200)]
)
def test_bytes_that_are_no_sheet_are_refused(stations, raw):
    with pytest.raises(InputError):
        preview(SYSTEM, stations, raw)


@given(st.binary(max_size=400))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_an_answer(stations, raw):
    for begin in (b"", b"PK\x03\x04"):
        with suppress(InputError):
            preview(SYSTEM, stations, begin + raw)


def test_csv_is_taken_as_well(stations):
    words = "编码,名称,类别,行政区划代码\nS1,甲站,air,330200\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert preview(SYSTEM, stations, words.encode(encoding)).new == 1


def test_numbers_in_cells_may_be_codes(stations):
    found = preview(SYSTEM, stations, sheet(HEAD, (101, "甲站", "air", 330200)))
    assert (found.new, found.changes[0]["key"]) == (1, "101")


def test_dates_may_be_cells_or_words(region):
    with using("zh"):
        table = table_of("enterprise")
        code = "91330200MA0000000"
        code += check_character(code)
        for written in ("2026-03-01", "2026/3/1", "2026年3月1日"):
            found = preview(
                SYSTEM,
                table,
                sheet(("code", "name", "region", "valid_from"), (code, "厂", "330200", written)),
            )
            assert found.changes[0]["changes"][-1]["after"] == "2026-03-01", found.errors
        wrong = preview(
            SYSTEM, table, sheet(("code", "name", "region", "valid_from"), (code, "厂", "330200", "三月"))
        )
        assert wrong.errors[0]["column"] == "生效日期"


def test_what_only_shows_when_all_is_taken_is_in_the_preview(region):
    enterprise = save(SYSTEM, Enterprise(code="SIM", name="厂", region=region, simulated=True))
    rows = [("code", "enterprise"), ("P1", enterprise.code), ("P2", enterprise.code)]
    (error,) = preview(SYSTEM, table_of("permit"), sheet(*rows)).errors
    assert error["row"] == 3 and Permit.objects.count() == 0


def test_a_row_may_name_another_of_the_same_sheet(region):
    rows = [
        ("code", "name", "level", "parent"),
        ("330282", "慈溪市", "county", "330200"),
        ("330282101", "某镇", "township", "330282"),
    ]
    accept(SYSTEM, table_of("region"), sheet(*rows))
    assert Region.objects.get(pk="330282101").path == "330200/330282/330282101/"


def test_who_has_no_right_takes_nothing_in(stations):
    (error,) = preview(ANYONE, stations, sheet(HEAD, GOOD)).errors
    assert error["error"] == "rights.refused"


def test_an_empty_cell_empties_and_a_missing_column_leaves(stations, region):
    save(
        SYSTEM, Station(code="S1", name="甲站", kind="air", region=region, address="路", lon=121.0, lat=30.0)
    )
    accept(SYSTEM, stations, sheet((*HEAD, "地址"), (*GOOD, None)))
    found = Station.objects.get()
    assert (found.address, found.lon) == ("", 121.0)


def test_every_table_has_a_template_that_is_read_again(region):
    for table in known().values():
        if not table.sheet_columns():
            continue
        book = load_workbook(BytesIO(template(table)))
        headings = [str(cell.value).rstrip("*") for cell in book.worksheets[0][1]]
        assert headings == [column.heading() for column in table.sheet_columns()]
        assert preview(SYSTEM, table, template(table)).as_dict()["new"] == 0


def test_a_table_kept_by_its_acts_alone_has_no_sheet(region):
    kept = [table for table in known().values() if not table.sheet_columns()]
    assert {table.kind for table in kept} == {"publication", "region_report"}
    for table in kept:
        for ask in (template, lambda one: export(one, []), lambda one: preview(SYSTEM, one, sheet(HEAD))):
            with pytest.raises(InputError, match=table.kind) as refused:
                ask(table)
            assert refused.value.key == "sheets.none_of_table"


names = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x9FFF, exclude_categories=["Cs", "Cc", "Z", "Cn"]),
    min_size=1,
    max_size=30,
)
days = st.dates(date(1900, 1, 1))
places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(
    st.lists(st.tuples(names, st.none() | places, days | st.none()), min_size=1, max_size=5),
    st.sampled_from(["zh", "en"]),
)
@settings(
    max_examples=15, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_exported_comes_in_unchanged(stations, region, rows, language):
    Station.objects.all().delete()
    for number, (name, place, built) in enumerate(rows):
        lon, lat = place or (None, None)
        save(
            SYSTEM,
            Station(code=f"S{number}", name=name, kind="air", region=region, lon=lon, lat=lat, built=built),
        )
    with using(language):
        raw = export(stations, [stations.row(each) for each in stations.rows()])
        found = preview(SYSTEM, stations, raw)
    assert (found.unchanged, found.errors) == (len(rows), [])
    Station.objects.all().delete()
    with using(language):
        assert accept(SYSTEM, stations, raw).new == len(rows)
    for kept, (name, place, built) in zip(Station.objects.order_by("pk"), rows, strict=True):
        assert (kept.name, kept.built) == (name, built)
        assert kept.lon == (pytest.approx(place[0], rel=1e-14, abs=1e-14) if place else None)


def test_texts_are_never_formulas(stations, region):
    save(SYSTEM, Station(code="S1", name="=1+1", kind="air", region=region))
    raw = export(stations, [stations.row(each) for each in stations.rows()])
    cell = load_workbook(BytesIO(raw)).active["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")

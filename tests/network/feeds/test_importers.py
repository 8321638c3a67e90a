"""Each layout gives the right observations under its own conventions; refused rows say why."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from huanzhi.assess.states import State
from huanzhi.errors import InputError
from huanzhi.network.feeds.reading import Options, Reading
from huanzhi.network.feeds.registry import IMPORTERS, read_data, read_file
from huanzhi.network.feeds.template_book import workbook_bytes, write_template
from huanzhi.standards.periods import to_china

Rows = dict[tuple[str, str, str, str], tuple[str, int]]


def read(text: str | bytes, name: str = "t.csv", format_name: str = "", **options: object) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_data(data, Path(name), format_name, Options(**options))  # type: ignore[arg-type]


def rows(reading: Reading) -> Rows:
    """Return (feature, parameter, period, start in China) → (decimal text, state)."""
    found: Rows = {}
    for one in reading.table.to_pylist():
        start = to_china(one["time"]).strftime("%Y-%m-%d %H:%M")
        found[one["feature"], one["parameter"], one["period"], start] = (_text(one), one["state"])
    return found


def _text(one: dict[str, int | None]) -> str:
    value, decimals = one["value"], one["decimals"] or 0
    if value is None:
        return ""
    digits = str(abs(value)).rjust(decimals + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def keys(reading: Reading) -> list[str]:
    return [note.key for note in reading.notes]


def reasons(reading: Reading) -> list[tuple[int, str, str, str]]:
    return [(one.row, one.column, one.value, one.note.key) for one in reading.rejects]


# The national platform

CNEMC = (
    "timepoint,stationcode,positionname,area,latitude,longitude,so2,so2_24h,pm2_5,co,o3,o3_24h,o3_8h,o3_8h_24h,"
    "aqi,primarypollutant\n"
    "2019-07-18T16:00:00,1001A,万寿西宫,北京市,39.87,116.36,3,4,18,0.6,150,90,120,80,45,—\n"
    "2019-07-18T16:00:00,1002A,定陵,北京市,40.29,116.17,_,4,—,0.5,151,91,121,81,_,_\n"
)


def test_the_swapped_ozone_fields_are_put_right_and_the_hour_is_labelled_by_its_start() -> None:
    reading = read(CNEMC)
    assert reading.format == "cnemc_csv"
    found = rows(reading)
    assert found["1001A", "a05024", "hour", "2019-07-18 15:00"] == ("90", State.VALUE)
    assert found["1001A", "a05024", "eight_hours", "2019-07-18 08:00"] == ("80", State.VALUE)
    assert found["1001A", "a21005", "hour", "2019-07-18 15:00"] == ("0.6", State.VALUE)
    assert found["1001A", "hz-air-aqi", "hour", "2019-07-18 15:00"] == ("45", State.VALUE)
    assert found["1002A", "a34004", "hour", "2019-07-18 15:00"] == ("", State.MISSING)
    assert keys(reading).count("feeds.ozone_swapped") == 2
    assert "feeds.label_end_hour" in keys(reading)


def test_an_archive_that_has_put_the_fields_right_is_left_as_it_is() -> None:
    text = CNEMC.replace("150,90,120,80", "90,150,80,120").replace("151,91,121,81", "91,151,81,121")
    reading = read(text)
    assert rows(reading)["1001A", "a05024", "hour", "2019-07-18 15:00"] == ("90", State.VALUE)
    assert keys(reading).count("feeds.ozone_right") == 2


def test_ozone_fields_that_contradict_each_other_refuse_the_file() -> None:
    with pytest.raises(InputError) as error:
        read(CNEMC.replace("151,91", "91,151"))
    assert error.value.key == "feeds.unclear_ozone"


def test_stations_keep_name_city_and_place() -> None:
    station = read(CNEMC).features[0]
    assert (station.code, station.name, station.region, station.kind) == (
        "1001A",
        "万寿西宫",
        "北京市",
        "air_station",
    )
    assert (station.lon, station.lat) == (116.36, 39.87)


def platform_records() -> list[dict[str, object]]:
    fields = {
        "timepoint": "TimePoint", "stationcode": "StationCode", "positionname": "PositionName",
        "area": "Area", "latitude": "Latitude", "longitude": "Longitude", "so2": "SO2", "so2_24h": "SO2_24h",
        "pm2_5": "PM2_5",
        "co": "CO", "o3": "O3", "o3_24h": "O3_24h", "o3_8h": "O3_8h", "o3_8h_24h": "O3_8h_24h", "aqi": "AQI",
        "primarypollutant": "PrimaryPollutant",
    }  # fmt: skip
    heading, *lines = CNEMC.splitlines()
    names = [fields[name] for name in heading.split(",")]
    return [dict(zip(names, line.split(","), strict=True)) for line in lines]


def test_json_records_give_the_same_as_csv() -> None:
    reading = read(json.dumps({"data": [platform_records()]}, ensure_ascii=False), "t.json")
    assert reading.format == "cnemc_json"
    assert rows(reading) == rows(read(CNEMC))


def test_json_numbers_stay_exact_and_dotnet_dates_are_read() -> None:
    record = {**platform_records()[0], "TimePoint": "/Date(1563436800000)/", "CO": 0.6, "SO2": None}
    found = rows(read(json.dumps([record]), "t.json"))
    assert found["1001A", "a21005", "hour", "2019-07-18 15:00"] == ("0.6", State.VALUE)
    assert found["1001A", "a21026", "hour", "2019-07-18 15:00"] == ("", State.MISSING)


def test_xml_records_give_the_same_as_csv() -> None:
    body = "".join(
        "<b:AQIDataPublishLive>"
        + "".join(f"<b:{k}>{v}</b:{k}>" for k, v in one.items())
        + "</b:AQIDataPublishLive>"
        for one in platform_records()
    ).replace("—", "&mdash;", 1)
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<r xmlns:b="urn:x"><b:Root>{body}</b:Root></r>'
    reading = read(text, "t.xml")
    assert reading.format == "cnemc_xml"
    assert rows(reading) == rows(read(CNEMC))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "feeds.broken_json"),
        ("[1, 2]", "feeds.no_records"),
        ("<a><b></a>", "feeds.broken_xml"),
        ("<!DOCTYPE x [<!ENTITY y 'z'>]><a/>", "feeds.xml_doctype"),
        ("<a/>", "feeds.no_records"),
    ],
)
def test_broken_records(text: str, key: str) -> None:
    with pytest.raises(InputError) as error:
        read(text)
    assert error.value.key == key


# quotsoft

QUOTSOFT = (
    "date,hour,type,1001A,1002A,1003A\n"
    "20230101,0,PM2.5,16,,18\n"
    "20230101,0,PM2.5_24h,20,,21\n"
    "20230101,0,O3,60,,61\n"
    "20230101,0,O3_24h,40,,61\n"
    "20230101,16,CO,0.6,x,-1\n"
)


def test_quotsoft_hours_are_ends_and_cells_stand_alone() -> None:
    reading = read(QUOTSOFT)
    assert reading.format == "quotsoft"
    assert rows(reading) == {
        ("1001A", "a34004", "hour", "2022-12-31 23:00"): ("16", 0),
        ("1003A", "a34004", "hour", "2022-12-31 23:00"): ("18", 0),
        ("1001A", "a05024", "hour", "2022-12-31 23:00"): ("40", 0),
        ("1003A", "a05024", "hour", "2022-12-31 23:00"): ("61", 0),
        ("1001A", "a21005", "hour", "2023-01-01 15:00"): ("0.6", 0),
    }
    assert reasons(reading) == [
        (6, "1002A", "x", "feeds.not_a_number"),
        (6, "1003A", "-1", "feeds.negative"),
    ]


def test_quotsoft_cities_have_codes_of_their_own() -> None:
    reading = read("date,hour,type,北京,天津\n20230101,8,PM2.5,35,40\n20230101,8,SO3,1,1\n")
    assert {one.code for one in reading.features} == {"city:北京", "city:天津"}
    assert {one.kind for one in reading.features} == {"city"}
    assert reasons(reading) == [(3, "type", "SO3", "feeds.unknown_parameter")]


# UCI Beijing

UCI = "No,year,month,day,hour,PM2.5,PM10,SO2,NO2,CO,O3,TEMP,station\n"


def test_uci_co_becomes_mg_exactly_and_hour_0_is_the_last_of_the_day_before() -> None:
    reading = read(
        UCI + "1,2013,3,2,0,4,4,4,7,300,77,-0.7,Dingling\n2,2013,3,2,1,NA,4,4.5,7,250,77,-1,Dingling\n"
    )
    assert reading.format == "uci_beijing"
    found = rows(reading)
    assert found["uci:Dingling", "a21005", "hour", "2013-03-01 23:00"] == ("0.300", 0)
    assert found["uci:Dingling", "a21005", "hour", "2013-03-02 00:00"] == ("0.250", 0)
    assert found["uci:Dingling", "a34004", "hour", "2013-03-02 00:00"] == ("", State.MISSING)
    (station,) = reading.features
    assert (station.region, station.attributes) == ("北京", {"control": True})


def test_uci_parquet_gives_the_same_as_csv(tmp_path: Path) -> None:
    columns = {
        "year": [2013], "month": [3], "day": [2], "hour": [0],
        "PM2.5": pa.array([4.4], pa.float32()), "CO": [300.0],
        "station": ["Dingling"],
    }  # fmt: skip
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    text = "year,month,day,hour,PM2.5,CO,station\n2013,3,2,0,4.4,300,Dingling\n"
    assert rows(read_file(tmp_path / "t.parquet")) == rows(read(text))


# The national surface-water table

WATER = (
    "省份,流域,断面名称,监测时间,水质类别,水温(℃),pH(无量纲),溶解氧(mg/L),氨氮(mg/L),总磷(mg/L),lat,lon\n"
    "上海市,太湖流域,明星路桥,02-04 10:00,劣Ⅴ,9.4,7.16,10.29,0.158,--,30.98,121.54\n"
    "上海市,太湖流域,坏桥,02-04 10:00,Ⅱ,-0.5,14.2,8,<0.025,0.1,,\n"
)


def test_surface_water_takes_the_year_that_is_given_named_or_nearest() -> None:
    assert ("section:上海市/明星路桥", "w01009", "instant", "2026-02-04 10:00") in rows(
        read(WATER, year=2026)
    )
    from_name = read(WATER, "/x/surface_water_20250204/sections.csv")
    assert ("section:上海市/明星路桥", "w01009", "instant", "2025-02-04 10:00") in rows(from_name)
    assert "feeds.year_from_name" in keys(from_name)
    nearest = read(WATER, "/x/y.csv", today=date(2026, 2, 3))
    assert ("section:上海市/明星路桥", "w01009", "instant", "2025-02-04 10:00") in rows(nearest)
    with pytest.raises(InputError) as error:
        read(WATER, "/x/y.csv")
    assert error.value.key == "feeds.no_year"


def test_a_row_with_an_impossible_value_is_refused_whole() -> None:
    reading = read(WATER, year=2026)
    assert reasons(reading) == [(3, "pH(无量纲)", "14.2", "feeds.off_ph_scale")]
    assert reading.rejects[0].line["断面名称"] == "坏桥"
    assert {one.name for one in reading.features} == {"明星路桥"}
    assert rows(reading)["section:上海市/明星路桥", "w21011", "instant", "2026-02-04 10:00"] == (
        "",
        State.MISSING,
    )


def test_water_below_nought_degrees_and_below_detection_is_kept() -> None:
    found = rows(read(WATER.replace("14.2", "7.2"), year=2026))
    assert found["section:上海市/坏桥", "w01010", "instant", "2026-02-04 10:00"] == ("-0.5", 0)
    assert found["section:上海市/坏桥", "w21003", "instant", "2026-02-04 10:00"] == (
        "0.025",
        State.BELOW_DETECTION,
    )


# City days

CITY_DAYS = (
    "city,date,aqi,level,pm2_5,pm10,so2,co,no2,o3_8h,rank,src,era\n"
    "成都,2016-12-06,159,中度污染,121,210,22,1.8,78,50,,a,exact\n"
    "成都,2016-12-06,160,中度污染,122,210,22,1.8,78,50,,b,approx\n"
    "成都,2016-12-07,0,优,0,30,22,1.8,78,50,,b,approx\n"
    "成都,2016-13-07,50,优,1,30,22,1.8,78,50,,b,approx\n"
)


def test_city_days_prefer_the_exact_row_and_take_zero_for_missing() -> None:
    reading = read(CITY_DAYS)
    assert reading.format == "city_day"
    found = rows(reading)
    assert found["city:成都", "a34004", "day", "2016-12-06 00:00"] == ("121", 0)
    assert found["city:成都", "a05024", "day_max_eight_hours", "2016-12-06 00:00"] == ("50", 0)
    assert found["city:成都", "a34004", "day", "2016-12-07 00:00"] == ("", State.MISSING)
    assert found["city:成都", "hz-air-aqi", "day", "2016-12-07 00:00"] == ("", State.MISSING)
    assert reasons(reading) == [(5, "date", "2016-13-07", "feeds.bad_time_like")]
    note = next(note for note in reading.notes if note.key == "feeds.several_sources")
    assert note.values == {"number": 1}


# The template

LONG = (
    "station,name,region,parameter,period,time,value,unit,flag\n"
    "S1,一号,某市,总磷,,2024-05-01 08:00,0.12,mg/L,\n"
    "S1,一号,某市,总磷,month,2024-05,120,µg/L,4\n"
    "A1,二号,某市,PM2.5,hour,2024-05-01 08:00,35,,\n"
    "A1,二号,某市,二氧化硫,日,2024-05-01,0.02,mg/m³,\n"
)


def test_the_long_template_converts_units_and_reads_periods() -> None:
    assert rows(read(LONG)) == {
        ("S1", "w21011", "instant", "2024-05-01 08:00"): ("0.12", 0),
        ("S1", "w21011", "month", "2024-05-01 00:00"): ("0.120", 0),
        ("A1", "a34004", "hour", "2024-05-01 08:00"): ("35", 0),
        ("A1", "a21026", "day", "2024-05-01 00:00"): ("20", 0),
    }
    flags = {row["row"]: row["flag"] for row in read(LONG).table.to_pylist()}
    assert flags == {2: 0, 3: 4, 4: 0, 5: 0}


@pytest.mark.parametrize(
    ("line", "column", "key"),
    [
        ("S1,,,总磷,,2024-05-01,x,mg/L,", "value", "feeds.not_a_number"),
        ("S1,,,总磷,,2024-05-01,-1,mg/L,", "value", "feeds.negative"),
        ("S1,,,pH,,2024-05-01,14.5,,", "value", "feeds.off_ph_scale"),
        ("S1,,,总磷,,2024-05-41,1,mg/L,", "time", "feeds.bad_time_like"),
        ("S1,,,玄学,,2024-05-01,1,mg/L,", "parameter", "feeds.unknown_parameter"),
        ("S1,,,总磷,,2024-05-01,1,ppb,", "unit", "feeds.wrong_unit"),
        ("S1,,,总磷,周,2024-05-01,1,mg/L,", "period", "feeds.unknown_period"),
        ("S1,,,总磷,,2024-05-01,1,mg/L,N", "flag", "feeds.bad_flag"),
        (",,,总磷,,2024-05-01,1,mg/L,", "station", "feeds.no_place"),
    ],
)
def test_each_fault_of_a_row_is_named(line: str, column: str, key: str) -> None:
    reading = read(LONG + line + "\n")
    assert [(one.row, one.column, one.note.key) for one in reading.rejects] == [(6, column, key)]
    assert len(reading.table) == 4


WIDE = "station,time_end,so2(mg/m3),PM2.5,o3_8h,备注\nX1,2024-05-01 16:00,0.02,＜３,80,好\n"


def test_the_wide_template_reads_units_ends_of_hours_and_ozone_means() -> None:
    reading = read(WIDE)
    assert rows(reading) == {
        ("X1", "a21026", "hour", "2024-05-01 15:00"): ("20", 0),
        ("X1", "a34004", "hour", "2024-05-01 15:00"): ("3", State.BELOW_DETECTION),
        ("X1", "a05024", "eight_hours", "2024-05-01 08:00"): ("80", 0),
    }
    assert "feeds.left_out" in keys(reading)


def test_a_unit_that_does_not_convert_refuses_the_wide_file() -> None:
    with pytest.raises(InputError) as error:
        read("station,time,总磷(ppb)\nS1,2024-05-01,1\n".replace("ppb", "mg/kg"))
    assert error.value.key == "feeds.wrong_unit"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_every_encoding_gives_the_same_observations(encoding: str) -> None:
    assert rows(read(LONG.encode(encoding))) == rows(read(LONG))


def test_a_workbook_gives_the_same_observations_as_csv(tmp_path: Path) -> None:
    book = Workbook()
    for line in LONG.splitlines():
        book.worksheets[0].append([_cell(text) for text in line.split(",")])
    book.save(tmp_path / "t.xlsx")
    assert rows(read_file(tmp_path / "t.xlsx")) == rows(read(LONG))


def _cell(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text or None


def test_midnight_in_an_hourly_workbook_is_an_hour_not_a_day() -> None:
    found = rows(read("station,time,so2\nA,2024-01-01,1\nA,2024-01-01 01:00,2\n"))
    assert {period for _, _, period, _ in found} == {"hour"}


def test_attributes_of_places_are_kept() -> None:
    text = "station,kind,target,control,time,ph\nS1,river,Ⅲ,1,2024-05-01,7\nL1,lake,Ⅱ,,2024-05-01,8\n"
    river, lake = read(text).features
    assert (river.kind, river.attributes) == ("section", {"target": "Ⅲ", "control": True, "kind": "river"})
    assert (lake.kind, lake.attributes) == ("lake", {"target": "Ⅱ"})


@pytest.mark.parametrize(
    "text",
    [
        "# 模拟数据\nstation,time,so2\nA,2024-01-01,1\n",
        "# simulated\nstation,time,so2\nA,2024-01-01,1\n",
        "station,time,so2,simulated\nA,2024-01-01,1,1\n",
    ],
)
def test_a_file_that_says_so_is_simulated(text: str) -> None:
    reading = read(text)
    assert reading.simulated
    assert all(place.simulated for place in reading.features)


def test_a_plain_file_is_not_simulated() -> None:
    assert not read(LONG).simulated
    assert not read("station,time,so2,simulated\nA,2024-01-01,1,0\n").simulated


def test_the_template_workbook_is_recognised_once_filled_in(tmp_path: Path) -> None:
    write_template(tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_text(
        encoding="utf-8-sig"
    ) + "A,甲,,,,,,,so2,hour,2024-01-01 00:00,5,µg/m³,\n"
    assert len(read(text).table) == 1
    assert read_data(workbook_bytes(), Path("t.xlsx")).format == "template"
    with pytest.raises(InputError):
        write_template(tmp_path / "t.doc")


# Recognition


def test_an_unknown_layout_says_what_there_is() -> None:
    with pytest.raises(InputError) as error:
        read("a,b\n1,2\n")
    assert "template" in str(error.value)
    assert "a, b" in str(error.value)


def test_a_format_that_is_not_there_or_reads_other_files() -> None:
    with pytest.raises(InputError):
        read(LONG, format_name="nonsense")
    with pytest.raises(InputError) as error:
        read(LONG, format_name="cnemc_xml")
    assert error.value.key == "feeds.other_container"
    with pytest.raises(InputError) as error:
        read(LONG, format_name="uci_beijing")
    assert error.value.key == "feeds.no_column"


@pytest.mark.parametrize("importer", IMPORTERS.values(), ids=list(IMPORTERS))
def test_every_importer_states_title_and_convention(importer: object) -> None:
    assert importer.title()  # type: ignore[attr-defined]
    assert importer.convention()  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", [CNEMC, QUOTSOFT, UCI, WATER, CITY_DAYS, LONG, WIDE])
def test_a_heading_alone_imports_nothing(text: str) -> None:
    reading = read(text.splitlines()[0] + "\n", year=2026)
    assert (len(reading.table), reading.rejects, reading.features) == (0, (), ())


def test_an_hour_in_a_column_of_its_own() -> None:
    found = rows(read("station,date,hour,so2\nA,2024-01-01,0,1\nA,2024-01-01,23,2\n"))
    assert ("A", "a21026", "hour", "2024-01-01 23:00") in found


def test_a_noise_table_tells_day_and_night() -> None:
    reading = read("point,zone,date,day,night\nN1,2,2024-03-18,54.0,43.5\n")
    assert rows(reading) == {
        ("N1", "Ld", "day", "2024-03-18 00:00"): ("54.0", 0),
        ("N1", "Ln", "day", "2024-03-18 00:00"): ("43.5", 0),
    }
    (point,) = reading.features
    assert (point.kind, point.attributes) == ("noise_point", {"zone": "2"})


def test_a_well_is_a_well() -> None:
    (well,) = read("well,time,nh3n\nG1,2024-03-18,0.1\n").features
    assert well.kind == "well"


def test_records_at_any_depth_of_json() -> None:
    text = "[" * 900 + json.dumps(platform_records()[0]) + "]" * 900
    with contextlib.suppress(InputError):
        assert len(rows(read(text, "t.json"))) == 6


def test_two_columns_of_one_parameter_refuse_the_file() -> None:
    with pytest.raises(InputError) as error:
        read("station,time,pm25,PM2.5\nA,2024-01-01,1,2\n")
    assert error.value.key == "feeds.twin_columns"


def test_a_table_with_names_only_has_codes_with_their_province() -> None:
    reading = read(
        "省份,断面名称,监测时间,氨氮(mg/L)\n某省,大桥,2024-05-01 08:00,0.1\n他省,大桥,2024-05-01 08:00,0.2\n"
    )
    assert [(one.code, one.name) for one in reading.features] == [
        ("某省/大桥", "大桥"),
        ("他省/大桥", "大桥"),
    ]


def test_a_city_is_the_same_with_and_without_its_final_character() -> None:
    text = "city,date,aqi,pm2_5,pm10\n北京市,2016-12-06,159,121,210\n"
    assert [one.code for one in read(text).features] == ["city:北京"]


def test_a_name_of_several_media_needs_the_kind_of_place() -> None:
    with pytest.raises(InputError) as error:
        read("station,time,铅\nA,2024-01-01,0.01\n")
    assert error.value.key == "feeds.ambiguous_parameter"
    found = rows(read("station,kind,time,铅\nA,section,2024-01-01,0.01\n"))
    assert {parameter for _, parameter, _, _ in found} == {"w20144"}
    long = read(LONG + "B,,,铅,,2024-05-01,1,,\n")
    assert [(one.column, one.note.key) for one in long.rejects] == [
        ("parameter", "feeds.ambiguous_parameter")
    ]


def test_a_time_zone_in_the_labels_is_stated() -> None:
    assert "feeds.zone_written" in keys(read("station,time,so2\nA,2024-01-01T00:00:00Z,1\n"))
    assert "feeds.zone_written" not in keys(read(LONG))


def test_each_row_of_a_long_table_has_the_medium_of_its_own_place() -> None:
    text = "station,kind,parameter,time,value\nA,section,铅,2024-05-01,1\nB,soil_point,pH,2024-05-01,6\n"
    found = {(place, parameter) for place, parameter, _, _ in rows(read(text))}
    assert found == {("A", "w20144"), ("B", "hz-soil-ph")}


def test_ph_of_soil_is_not_ph_of_water() -> None:
    found = rows(read("point,kind,time,pH\nB,soil_point,2024-05-01,6\n"))
    assert {parameter for _, parameter, _, _ in found} == {"hz-soil-ph"}

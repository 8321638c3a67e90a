"""Sections are judged by month and quarter against the target of the day; warnings rise, worsen and end."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from huanzhi.center.warnings.models import SectionState, Warning
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region, Section, SectionTarget
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.programmes.warning_rounds import sections
from huanzhi.standards.periods import CHINA, start_of_day

pytestmark = pytest.mark.django_db
COD, DO, PH, NH3 = "w01018", "w01009", "w01001", "w21003"
CLEAN = {COD: "12", DO: "7.5", PH: "7.4", NH3: "0.3"}


@pytest.fixture
def section():
    city = save(SYSTEM, Region(code="331000", name="台州市", level="city"))
    save(SYSTEM, Organisation(code="B331000", name="市局", kind="bureau", region=city))
    made = save(SYSTEM, Section(code="D1", name="断面一", kind="river", region=city))
    save(SYSTEM, SectionTarget(section=made, target="III", valid_from=date(2024, 1, 1)))
    return made


@pytest.fixture
def store(tmp_path):
    with open_store("write", tmp_path) as opened:
        yield opened


def put(store, months, period="month"):
    rows = []
    for begun, values in months.items():
        for parameter, written in values.items():
            whole, _, part = written.partition(".")
            rows.append(
                {"feature": "D1", "parameter": parameter, "period": period, "time": start_of_day(begun)}
                | {"value": int(whole + part), "decimals": len(part), "state": 0, "flag": 0, "row": 1}
            )
    table = pa.Table.from_pylist(rows, SCHEMA)
    store.write(table, [Feature("D1", "断面一", "section")], Source("t", "t", ""))


def first(month):
    return date(2026, month, 1)


def at(day, hour=8):
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA).astimezone(UTC)


def state(period):
    return SectionState.objects.get(scheme="three_colour", period=period)


@pytest.mark.parametrize(
    ("values", "colour"),
    [
        (CLEAN, "none"),
        ({**CLEAN, COD: "18.0"}, "none"),
        ({**CLEAN, COD: "18.1"}, "yellow"),
        ({**CLEAN, COD: "20"}, "yellow"),
        ({**CLEAN, COD: "21"}, "orange"),
        ({**CLEAN, DO: "4.9"}, "orange"),
        ({**CLEAN, DO: "5.5"}, "yellow"),
        ({**CLEAN, NH3: "2.5"}, "red"),
    ],
)
def test_a_month_has_the_colour_of_its_worst_item(section, store, values, colour):
    put(store, {first(9): values})
    sections.run(store, at(date(2026, 10, 5)))
    assert state("2026-09").colour == colour
    assert Warning.objects.filter(rule="section_colour", state="open").exists() == (colour != "none")


def test_the_warning_keeps_its_reason_and_asks_for_a_reply_in_working_days(section, store):
    put(store, {first(9): {**CLEAN, COD: "21"}})
    sections.run(store, at(date(2026, 9, 30) + timedelta(days=1)))
    row = Warning.objects.get()
    assert (row.colour, row.level, row.parameter) == ("orange", "warning", COD)
    assert row.judged["rulebook"] == "section_warning" and row.judged["row"] == 4
    assert row.judged["confidence"] == "DEFAULT, NOT FROM THE DOCUMENTS"
    assert (
        row.reply_state == "owed" and row.reply_clock["unit"] == "working" and row.reply_clock["number"] == 3
    )
    # 1 to 7 October 2026 are holidays; three working days later it is the twelfth
    assert row.reply_due.astimezone(CHINA).date() >= date(2026, 10, 10)
    assert row.responsible[0] == {"part": "county", "organisation": "B331000", "name": "市局"}
    assert state("2026-09").ratio == "1.050000" and state("2026-09").warning == row.code


def test_it_worsens_and_is_released_after_as_many_good_months_as_the_rulebook_asks(section, store):
    put(store, {first(4): {**CLEAN, COD: "21"}})
    sections.run(store, at(date(2026, 5, 3)))
    assert Warning.objects.get().colour == "orange"
    put(store, {first(5): {**CLEAN, COD: "22"}})
    sections.run(store, at(date(2026, 6, 3)))
    row = Warning.objects.get()
    assert (row.colour, row.level) == ("red", "serious") and row.reply_clock["number"] == 2
    put(store, {first(6): {**CLEAN, COD: "10"}})
    sections.run(store, at(date(2026, 7, 3)))
    assert Warning.objects.get().state == "open"
    put(store, {first(7): CLEAN})
    sections.run(store, at(date(2026, 8, 3)))
    row = Warning.objects.get()
    assert row.state == "released" and row.release_reason == "recovered"


def test_three_days_over_by_the_station_are_orange_before_the_month_is_over(section, store):
    put(store, {date(2026, 10, day): {**CLEAN, COD: "25"} for day in (17, 18)}, "day")
    sections.run(store, at(date(2026, 10, 19)))
    assert not Warning.objects.exists() and not state("2026-10").final
    put(store, {date(2026, 10, 19): {**CLEAN, COD: "25"}}, "day")
    sections.run(store, at(date(2026, 10, 20)))
    assert Warning.objects.get().colour == "orange"


def test_without_target_or_value_nothing_is_said_to_be_in_order(section, store):
    SectionTarget.objects.all().delete()
    put(store, {first(9): {**CLEAN, COD: "60"}})
    sections.run(store, at(date(2026, 10, 5)))
    assert state("2026-09").colour == "unknown" and not Warning.objects.exists()


def test_the_target_of_the_day_counts(section, store):
    SectionTarget.objects.update(valid_to=date(2026, 9, 1))
    save(SYSTEM, SectionTarget(section=section, target="II", valid_from=date(2026, 9, 1)))
    put(store, {first(8): {**CLEAN, COD: "16"}, first(9): {**CLEAN, COD: "16"}})
    sections.run(store, at(date(2026, 9, 5)))
    sections.run(store, at(date(2026, 10, 5)))
    assert [state(f"2026-{month:02d}").target for month in (8, 9)] == ["Ⅲ", "Ⅱ"]
    assert [state(f"2026-{month:02d}").colour for month in (8, 9)] == ["none", "orange"]


def test_done_twice_it_raises_and_writes_nothing_new(section, store):
    put(store, {first(9): {**CLEAN, COD: "21"}})
    sections.run(store, at(date(2026, 10, 5)))
    before = (Warning.objects.get().revision, state("2026-09").revision)
    assert sections.run(store, at(date(2026, 10, 5), 9))["raised"] == 0
    assert (Warning.objects.get().revision, state("2026-09").revision) == before


def test_the_rule_of_the_yangtze_by_quarter(section, store):
    good = {COD: "14", DO: "8", PH: "7.4", NH3: "0.3"}
    bad = {**good, COD: "35"}
    put(store, {date(2025, month, 1): good for month in range(1, 13)})
    put(store, {date(2026, month, 1): bad for month in range(1, 10)})
    sections.run(store, at(date(2026, 10, 5)))
    row = Warning.objects.get(rule="yangtze")
    assert row.judged["outputs"]["level"] == "1" and row.colour == "red" and row.reply_state == ""
    assert SectionState.objects.get(scheme="yangtze", period="2026Q3").colour == "red"
    put(store, {date(2026, month, 1): good for month in range(1, 13)})
    sections.run(store, at(date(2027, 1, 5)))
    assert Warning.objects.get(rule="yangtze").state == "released"

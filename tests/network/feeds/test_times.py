"""Labels of periods become the seconds of their start."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.errors import InputError
from huanzhi.network.feeds.times import Label, parse_time, parse_times
from huanzhi.standards.periods import Period, to_china


def start(text: str, label: Label = "start", period: Period = Period.HOUR, year: int | None = None) -> str:
    return to_china(parse_time(text, label, period, year=year)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    "text",
    [
        "2016-01-14 16:00", "2016-01-14T16:00:00", "2016/1/14 16:00", "2016.1.14 16:00:00",
        "2016年1月14日 16时",
        "2016011416", "20160114 16", "2016-01-14T08:00:00Z", "2016-01-14T16:00:00+08:00",
        "２０１６-０１-１４ １６:００",
        "2016-01-14 16", "2016-01-14 16:00:00.000", "2016年1月14日16时00分",
    ],
)  # fmt: skip
def test_spellings_of_one_hour(text: str) -> None:
    assert start(text) == "2016-01-14 16:00"


def test_the_hour_16_of_the_national_platform_is_15_to_16() -> None:
    assert start("2016-01-14T16:00:00", "end") == "2016-01-14 15:00"
    assert start("2016-01-14 0:00", "end") == "2016-01-13 23:00"
    assert start("2016-01-14", "end") == "2016-01-13 23:00"


def test_hour_24_is_the_first_of_the_next_day() -> None:
    assert start("2016-01-14 24:00") == "2016-01-15 00:00"


@pytest.mark.parametrize(
    ("text", "label", "period", "expected"),
    [
        ("2016-01-14", "end", Period.DAY, "2016-01-14 00:00"),
        ("2016-01-15 00:00", "end", Period.DAY, "2016-01-14 00:00"),
        ("2016-02-29", "start", Period.DAY_MAX_EIGHT_HOURS, "2016-02-29 00:00"),
        ("2016-05", "start", Period.MONTH, "2016-05-01 00:00"),
        ("201605", "start", Period.MONTH, "2016-05-01 00:00"),
        ("2016年5月", "start", Period.MONTH, "2016-05-01 00:00"),
        ("2016-06-01 00:00", "end", Period.MONTH, "2016-05-01 00:00"),
        ("2016Q3", "start", Period.QUARTER, "2016-07-01 00:00"),
        ("2016年第四季度", "start", Period.QUARTER, "2016-10-01 00:00"),
        ("2016", "start", Period.YEAR, "2016-01-01 00:00"),
        ("2016-01-14 16:00", "end", Period.EIGHT_HOURS, "2016-01-14 08:00"),
        ("2016-01-14 16:37:05", "start", Period.INSTANT, "2016-01-14 16:37"),
    ],
)
def test_periods(text: str, label: Label, period: Period, expected: str) -> None:
    assert start(text, label, period) == expected


def test_a_label_without_a_year_takes_the_given_one() -> None:
    assert start("02-04 10:00", year=2026) == "2026-02-04 10:00"
    with pytest.raises(InputError):
        parse_time("02-04 10:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2016-13-01",
        "2015-02-29 10:00",
        "2016-01-14 25:00",
        "2016-01-14 16:30",
        "45000",
        "2016-01",
        "--",
    ],
)
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_time(text)


def test_a_column_tells_its_bad_labels() -> None:
    times = parse_times(["2016-01-14 16:00", "gestern", "2016-01-14 17:00"])
    assert times.bad == {1: "gestern"}
    assert times.seconds[2] - times.seconds[0] == 3600


@given(st.text(max_size=25), st.sampled_from(list(Period)), st.sampled_from(["start", "end"]))
def test_any_text_is_a_time_or_an_input_error(text: str, period: Period, label: Label) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(parse_time(text, label, period, year=2020), int)


@pytest.mark.parametrize("label", ["2026-02", "2026"])
def test_a_month_is_no_day(label: str) -> None:
    for period in (Period.DAY, Period.DAY_MAX_EIGHT_HOURS):
        with pytest.raises(InputError) as caught:
            parse_time(label, "start", period)
        assert caught.value.expected == "2026-02-03"

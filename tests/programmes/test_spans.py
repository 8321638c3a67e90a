"""Spans of time as people write them."""

from datetime import date

import pytest

from huanzhi.errors import InputError
from huanzhi.messages import using
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.periods import start_of_day


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2017Q1", date(2017, 1, 1), date(2017, 3, 31)),
        ("2017-q4", date(2017, 10, 1), date(2017, 12, 31)),
        ("2017", date(2017, 1, 1), date(2017, 12, 31)),
        ("2026-02-20..2026-03-10", date(2026, 2, 20), date(2026, 3, 10)),
        ("2026-02-20", date(2026, 2, 20), date(2026, 2, 20)),
    ],
)
def test_a_span_is_read(written: str, first: date, last: date) -> None:
    span = parse_span(written)
    assert (span.first, span.last) == (first, last)
    assert span.start == start_of_day(first) and span.end - span.start == span.days * 86400


@pytest.mark.parametrize(
    "written", ["", "2026-13", "2026Q5", "26-01", "2026-03-01..2026-02-01", "2026-02-30", "二月"]
)
def test_what_is_no_span_is_refused_with_what_was_expected(written: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_span(written)
    assert "2026Q1" in str(raised.value)


@pytest.mark.parametrize(
    ("written", "before"),
    [
        ("2025-02", "2024-02"),
        ("2017Q1", "2016Q1"),
        ("2017", "2016"),
        ("2024-02-01..2024-02-29", "2023-02-01..2023-02-28"),
    ],
)
def test_the_same_stretch_of_the_year_before(written: str, before: str) -> None:
    assert parse_span(written).year_before().code() == before


def test_a_span_is_named_in_both_languages() -> None:
    with using("zh"):
        assert parse_span("2026-02").words() == "2026年2月"
        assert parse_span("2026Q1").words() == "2026年第一季度"
    with using("en"):
        assert parse_span("2026-02").words() == "February 2026"

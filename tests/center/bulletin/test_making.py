"""Bulletins: what stands in them, that they are kept, and that another is another edition."""

import hashlib
import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest

from huanzhi.center.bulletin.making import file_of, make, make_missing, span_of
from huanzhi.center.bulletin.models import Bulletin
from huanzhi.center.issues.evidence import path_of
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.errors import InputError, StoreError
from huanzhi.library.places.models import Region
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.messages import using

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)  # a Sunday


@pytest.fixture
def city(db):
    made = Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
    for n in range(3):
        draft = Draft(f"废水超标{n}", "outlet_water", "warning", "330200", source_ref=str(n), level="serious")
        open_issue(SYSTEM, draft, now=NOW - timedelta(days=n + 3))
    late = Issue.objects.order_by("pk").first()
    late.due = NOW - timedelta(days=2)
    late.save()
    return made


def words_of(row):
    return zipfile.ZipFile(io.BytesIO(file_of(row))).read("word/document.xml").decode()


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        ("week", "2026-11-22", "2026-11-16", "2026-11-22"),
        ("week", "2026-11-16", "2026-11-16", "2026-11-22"),
        ("week", "2026-01-01", "2025-12-29", "2026-01-04"),
        ("month", "2026-02-10", "2026-02-01", "2026-02-28"),
        ("month", "2024-02-29", "2024-02-01", "2024-02-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
    ],
)
def test_weeks_begin_on_mondays(period, day, first, last):
    assert tuple(map(str, span_of(period, date.fromisoformat(day)))) == (first, last)


def test_what_stands_in_it(city):
    row = make(SYSTEM, "week", date(2026, 11, 22), "330200", now=NOW)
    assert (row.code, row.edition, row.figures["found"], row.figures["late"]) == (
        "week-330200-20261116",
        1,
        3,
        3,
    )
    words = words_of(row)
    for told in (
        "生态环境问题周报",
        "2026-11-16",
        "废水超标0",
        "较重",
        "超期",
        "监测预警",
        "技防",
        "尚未交办",
    ):
        assert told in words, told
    assert row.sha256 == hashlib.sha256(file_of(row)).hexdigest()
    assert row.sm3 == hashlib.new("sm3", file_of(row)).hexdigest()


def test_in_english(city):
    with using("en"):
        row = make(SYSTEM, "month", date(2026, 11, 1), "330200", now=NOW)
    assert "Monthly bulletin" in row.title
    assert "Gravest issues" in words_of(row)


def test_one_made_again_is_the_next_edition(city):
    first = make(SYSTEM, "week", date(2026, 11, 22), "330200", now=NOW)
    again = make(SYSTEM, "week", date(2026, 11, 22), "330200", now=NOW)
    assert (again.code, again.edition) == ("week-330200-20261116-2", 2)
    assert file_of(first)


def test_a_file_that_was_changed_is_not_given(city):
    row = make(SYSTEM, "week", date(2026, 11, 22), "330200", now=NOW)
    path_of(row.sha256).write_bytes(b"other")
    with pytest.raises(StoreError):
        file_of(row)


def test_what_is_missing_is_made_once(city):
    made = make_missing(SYSTEM, NOW)
    assert made == ["week-330200-20261109", "month-330200-20261001"]
    assert make_missing(SYSTEM, NOW) == []
    assert Bulletin.objects.count() == 2


def test_who_may_not_and_what_is_not_there(city):
    reader = Actor("du", "du", (Held("reader", "330200/"),), "bureau")
    for actor, period, day, region, key in [
        (reader, "week", date(2026, 11, 22), "330200", "rights.refused"),
        (SYSTEM, "year", date(2026, 11, 22), "330200", "bulletin.period"),
        (SYSTEM, "week", date(2026, 11, 22), "999999", "issues.no_region"),
        (SYSTEM, "week", date(2026, 12, 22), "330200", "bulletin.future"),
    ]:
        with pytest.raises(InputError) as caught:
            make(actor, period, day, region, now=NOW)
        assert caught.value.key == key
    assert not Bulletin.objects.exists()

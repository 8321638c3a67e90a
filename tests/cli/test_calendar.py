"""``huanzhi calendar``: the years that are known, and entering the notice of a further one."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from huanzhi.cli.calendar import command
from huanzhi.errors import InputError, StandardError
from huanzhi.library.calendar import Duration, add_working_days, deadline, is_working_day, known_end
from huanzhi.library.trail.models import Entry
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db
YEAR = """[[year]]
year = 2031
source = "模拟通知"
confidence = "DEFAULT"
note = ""
working_days = {days}
holidays = [{{ name = "元旦", first = 2031-01-01, last = 2031-01-03, make_up = [{make_up}] }}]
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path / "home"))
    return tmp_path


def add(home, days=259, make_up="2031-01-04", words=None):
    file = home / "2031.toml"
    file.write_text(words or YEAR.format(days=days, make_up=make_up), encoding="utf-8")
    return CliRunner().invoke(command, ["add", str(file)], catch_exceptions=False)


def years():
    told = json.loads(CliRunner().invoke(command, ["list", "--json"]).stdout)
    return {row["year"]: row["working_days"] for row in told["years"]}


def test_a_year_is_entered_counted_and_kept_in_the_trail(home):
    with pytest.raises(StandardError):
        is_working_day(date(2031, 1, 2))
    assert add(home).exit_code == 0
    assert years()[2031] == 259 and years()[2026] == 248
    assert [is_working_day(date(2031, 1, day)) for day in (1, 3, 4, 6)] == [False, False, True, True]
    assert add_working_days(date(2031, 1, 1), 2) == date(2031, 1, 6)
    assert Entry.objects.get(kind="calendar").key == "2031"


def test_a_year_that_is_there_is_replaced(home):
    add(home)
    assert add(home, 258, "").exit_code == 0
    assert years()[2031] == 258 and not is_working_day(date(2031, 1, 4))
    told = [json.loads(one.body) for one in Entry.objects.filter(kind="calendar").order_by("seq")]
    assert [one["before"] and one["before"]["working_days"] for one in told] == [None, 259]


@pytest.mark.parametrize(
    ("days", "make_up"), [(261, "2031-01-04"), (259, "2031-01-06"), (259, "2031-01-02"), (259, "2030-12-28")]
)
def test_a_year_that_contradicts_itself_is_refused(home, days, make_up):
    with pytest.raises(StandardError) as caught:
        add(home, days, make_up)
    assert caught.value.key == "calendar.wrong_year" and 2031 not in years()


@pytest.mark.parametrize("words", ["x", "[[year]]\nyear = 2031", "year = 3", "[[year]]\nyear = 99999\n"])
def test_what_cannot_be_read_is_refused(home, words):
    with pytest.raises(InputError) as caught:
        add(home, words=words)
    assert caught.value.key == "calendar.unreadable"


def test_two_years_in_one_file_are_refused(home):
    two = YEAR.format(days=259, make_up="2031-01-04")
    with pytest.raises(InputError) as caught:
        add(home, words=two + two.replace("2031", "2033").replace("259", "260").replace("-01-04", "-01-08"))
    assert caught.value.key == "calendar.one_year"


def test_terms_that_reach_into_an_unknown_year_say_what_is_not_known(home):
    """A term in days ends with its own last day, never later than the right one; working days have no end."""
    start = datetime(2030, 12, 20, 9, tzinfo=CHINA)
    assert known_end(start, Duration(5, "working")) == (None, "unknown")
    assert known_end(start, Duration(36, "hours"))[1] == ""
    end, gap = known_end(start, Duration(14, "calendar"))
    assert (end.date(), gap) == (date(2031, 1, 3), "unrolled")
    end, gap = known_end(start, Duration(1, "months"))
    assert (end.date(), gap) == (date(2031, 1, 20), "unrolled")
    add(home)
    end, gap = known_end(start, Duration(14, "calendar"))
    assert (end.date(), gap) == (date(2031, 1, 4), "")
    assert end == deadline(start, Duration(14, "calendar"))

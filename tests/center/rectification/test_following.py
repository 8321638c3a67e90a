"""What follows tasks: clocks, the ladder, returns, talks, and reading a plan."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.center.rectification.way import DUTY, LEADER, NOW, SUPERVISOR, WORKER, fresh, opened, step, to_work

from huanzhi.center.rectification import ladder, returns, talking
from huanzhi.center.rectification.models import Letter, Return, Talk
from huanzhi.center.rectification.reading import losses, read_plan
from huanzhi.center.rectification.regular import daily
from huanzhi.center.rectification.settings import settings as rectification_settings
from huanzhi.center.rectification.wall import months
from huanzhi.errors import InputError

pytestmark = pytest.mark.django_db
TERM = date(2026, 10, 15)


def at(days):
    return datetime(2026, 10, 15, 3, tzinfo=UTC) + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "kinds"),
    [(-31, []), (-30, ["reminder"]), (-15, ["warning"]), (0, ["warning"]), (1, ["press"]), (29, ["press"])],
)
def test_letters_open_by_day(batch, days, kinds):
    task = to_work(opened(batch, term=TERM))
    assert ladder.open_letters(task, at(days)) == kinds


def test_a_letter_opens_only_when_the_one_before_was_issued(batch):
    task = to_work(opened(batch, term=TERM))
    with pytest.raises(InputError) as caught:
        ladder.issue_letter(DUTY, task, "talk", now=at(40))
    assert caught.value.key == "rectification.letter_closed"
    ladder.issue_letter(DUTY, fresh(task), "press", "限期", now=at(5))
    assert set(ladder.open_letters(fresh(task), at(40))) == {"press", "bulletin", "talk"}
    ladder.issue_letter(DUTY, fresh(task), "talk", now=at(40))
    assert "listed" not in ladder.open_letters(fresh(task), at(59))
    assert {"listed"} <= set(ladder.open_letters(fresh(task), at(60)))
    assert ladder.rung(fresh(task)) == "talk" and fresh(task).ladder == "talk"


def test_the_platform_reminds_and_says_so(batch):
    task = to_work(opened(batch, term=TERM))
    assert daily(at(-20))["letters"] == 1
    letter = Letter.objects.get()
    assert letter.auto and letter.state == "issued" and letter.actor == "system" and letter.kind == "reminder"
    assert daily(at(-20))["letters"] == 0
    assert daily(at(2))["letters"] == 1
    assert Letter.objects.filter(kind="press", state="proposed").exists()
    assert fresh(task).ladder == "reminder"


def test_a_lost_term_opens_no_letter(batch):
    task = opened(batch, term=None, missing=["year"])
    assert ladder.open_letters(task, at(400)) == []


def test_returns_are_asked_once_a_month_and_late_ones_listed(batch):
    task = opened(batch)
    assert returns.ask(NOW) == 1 and returns.ask(NOW + timedelta(days=5)) == 0
    row = Return.objects.get()
    assert row.due.date().day == rectification_settings()["returns"]["day"]
    late = NOW + timedelta(days=20)
    assert returns.remind(late) == 1 and returns.remind(late) == 0
    assert returns.late_of(task, late) == 1
    full = dict.fromkeys(rectification_settings()["returns"]["item"], "有进展")
    with pytest.raises(InputError) as caught:
        returns.submit(WORKER, row, {**full, "quality": " "}, 10, now=late)
    assert caught.value.key == "rectification.need_return_items" and caught.value.place["column"] == "quality"
    returns.submit(WORKER, row, full, 10, now=late)
    assert returns.late_of(task, late) == 1  # handed in, but late


def test_talks_are_proposed_with_a_level_and_run_to_their_end(batch):
    task = to_work(opened(batch, term=TERM))
    ladder.issue_letter(DUTY, fresh(task), "press", now=at(2))
    daily(at(35))
    talk = Talk.objects.get(trigger="overdue")
    assert talk.level == "unit" and talk.steps.get().actor == "system" and talk.why["days"] == 35
    assert daily(at(36))["talks"] == 0
    told = {"level": "head", "day": "2026-11-20", "attendees": "局长"}
    talk = talking.move_talk(DUTY, talk, "notify", told, now=at(36))
    record = {"held_on": "2026-11-20", "record": "谈话", "commitments": "月底完成"}
    talk = talking.move_talk(LEADER, talk, "hold", record, now=at(36))
    assert talk.level == "head" and talk.clock["confidence"] == "PROPOSAL" and talk.due is not None
    assert fresh(task).ladder == "talk"
    talk = talking.move_talk(WORKER, talk, "follow", {"finding": "已完成"}, now=at(40))
    talk = talking.move_talk(SUPERVISOR, talk, "close", {"conclusion": "办结"}, now=at(50))
    assert not talk.is_open


def test_months_count_what_has_a_term(batch):
    tasks = [opened(batch, term=TERM), opened(batch, term=None, missing=["year"])]
    rows = months([fresh(one) for one in tasks], date(2026, 9, 20))
    assert [(one["month"], one["planned"], one["done"]) for one in rows] == [
        ("2026-09", 0, 0),
        ("2026-10", 1, None),
    ]


def test_an_extension_needs_its_basis(batch):
    task = to_work(opened(batch, term=TERM))
    with pytest.raises(InputError):
        step(DUTY, task, "extend", term="2027-01-31", stop_ground="season")
    assert step(DUTY, task, "extend", term="2027-01-31", stop_ground="season", basis="批复").term == date(
        2027, 1, 31
    )


@given(st.integers(2000, 2099))
def test_years_that_are_there_are_not_lost(year):
    assert losses(f"到{year}年,完成改造;{year}年12月底前完成整改任务5项。比例达到95%,造林30亩") == []


def test_years_that_are_lost_are_not_guessed():
    found = read_plan("年12月底前完成整改任务5项,2023年12月底前完成整改任务3项。到年底全面完成。比例达到%。")
    assert [(one.number, one.lost_year) for one in found.groups] == [(5, True), (3, False)]
    assert [one.kind for one in found.losses] == ["year", "value"]
    assert found.total is None and found.agrees


@given(st.text())
def test_any_text_can_be_read(words):
    read_plan(words)

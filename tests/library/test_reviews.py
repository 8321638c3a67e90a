"""The ledger of reviews: rows only added, a reason for everything, raw values untouched."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.assess.exact import MISSING
from huanzhi.assess.quality_flags import Effect
from huanzhi.assess.states import State
from huanzhi.errors import InputError, StoreError
from huanzhi.library.reviews import (
    Cover,
    Ledger,
    Mark,
    Role,
    Substitute,
    open_ledger,
    reviewed,
)
from huanzhi.library.series import Window
from huanzhi.standards.periods import Period

HOUR = 3600
NOW = datetime(2026, 11, 1, tzinfo=UTC)
FOUND = Mark("O1", "w01018", "hour", 0, 10 * HOUR, "FLAT", Effect.SUSPECT, "flat/1")
SAID = Mark("O1", "w01018", "hour", 0, 2 * HOUR, "fault", Effect.INVALID, reason="泵坏")
PUT = Substitute("O1", "w01018", "hour", 2 * HOUR, "value", 285, 1, "mg/L", "HJ 356-2019", "缺失")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger("write", tmp_path) as opened:
        yield opened


def cover(start: int = 0, end: int = 24, checks: tuple[str, ...] = ("flat/1",)) -> Cover:
    return Cover(("O1", "O2"), "hour", start * HOUR, end * HOUR, checks, "1", 1)


def window(values: list[int | None]) -> Window:
    units = np.array([[[MISSING if value is None else value for value in values]]], dtype=np.int64)
    states = np.where(units == MISSING, State.MISSING, State.VALUE).astype(np.int8)
    times = np.arange(len(values), dtype=np.int64) * HOUR
    flags = np.zeros(units.shape, dtype=np.int32)
    return Window(("O1",), ("w01018",), Period.HOUR, times, units, (1,), states, flags)


def test_a_mark_of_a_person_is_kept_with_who_when_and_why(ledger: Ledger) -> None:
    held = ledger.mark(SAID, "王", Role.ENTERPRISE, NOW)
    assert ledger.marks() == [held]
    assert (held.who, held.role, held.at, held.mark.reason) == ("王", Role.ENTERPRISE, NOW, "泵坏")


@pytest.mark.parametrize(
    ("mark", "who", "role", "key"),
    [
        (replace(SAID, reason=" "), "王", Role.OFFICER, "quality.reason"),
        (SAID, "", Role.OFFICER, "quality.who"),
        (replace(SAID, end=0), "王", Role.OFFICER, "quality.empty_stretch"),
        (replace(SAID, effect=Effect.VALID), "王", Role.ENTERPRISE, "quality.officer_only"),
    ],
)
def test_a_mark_without_reason_name_or_right_is_refused(
    ledger: Ledger, mark: Mark, who: str, role: Role, key: str
) -> None:
    with pytest.raises(InputError) as refused:
        ledger.mark(mark, who, role, NOW)
    assert refused.value.key == key
    assert ledger.marks(ended=True) == []


def test_ending_a_mark_leaves_a_trail(ledger: Ledger) -> None:
    number = ledger.mark(SAID, "王", Role.ENTERPRISE, NOW).id
    with pytest.raises(InputError):
        ledger.end_mark(number, "张", Role.OFFICER, "", NOW)
    ledger.end_mark(number, "张", Role.OFFICER, "现场核实正常", NOW)
    assert ledger.marks() == []
    ended = ledger.marks(ended=True)[0].ended
    assert ended is not None
    assert (ended.who, ended.reason) == ("张", "现场核实正常")
    with pytest.raises(InputError):
        ledger.end_mark(number, "张", Role.OFFICER, "再次", NOW)


def test_an_enterprise_ends_only_marks_of_its_side(ledger: Ledger) -> None:
    number = ledger.mark(SAID, "张", Role.OFFICER, NOW).id
    with pytest.raises(InputError) as refused:
        ledger.end_mark(number, "王", Role.ENTERPRISE, "不服", NOW)
    assert refused.value.key == "quality.not_yours"


def test_the_ledger_can_be_read_as_it_was(ledger: Ledger) -> None:
    number = ledger.mark(SAID, "王", Role.ENTERPRISE, NOW).id
    ledger.end_mark(number, "张", Role.OFFICER, "核实", NOW + timedelta(days=2))
    assert ledger.marks(as_of=NOW - timedelta(days=1)) == []
    assert [held.id for held in ledger.marks(as_of=NOW + timedelta(days=1))] == [number]
    assert ledger.marks(as_of=NOW + timedelta(days=3)) == []


@pytest.mark.parametrize("table", ["mark", "ending", "run", "substitute", "approval"])
def test_no_row_can_be_changed_or_deleted(ledger: Ledger, table: str) -> None:
    ledger.renew(cover(), [FOUND], "huanzhi", NOW)
    number = ledger.mark(SAID, "王", Role.OFFICER, NOW).id
    ledger.end_mark(number, "张", Role.OFFICER, "核实", NOW)
    ledger.substitute([PUT], "李", NOW)
    ledger.approve([1], "张", NOW)
    for change in (f"update {table} set at = 0", f"delete from {table}"):
        with pytest.raises(sqlite3.IntegrityError, match="only added"):
            ledger.db.execute(change)


def test_the_same_run_again_changes_nothing(ledger: Ledger) -> None:
    first = ledger.renew(cover(), [FOUND], "huanzhi", NOW)
    again = ledger.renew(cover(), [FOUND], "huanzhi", NOW)
    assert (first.new, first.kept, first.ended) == (1, 0, 0)
    assert (again.new, again.kept, again.ended) == (0, 1, 0)
    assert len(ledger.marks(ended=True)) == 1
    assert len(ledger.runs()) == 2


def test_a_new_version_of_a_check_takes_the_place_of_the_old_ones_marks(ledger: Ledger) -> None:
    ledger.renew(cover(), [FOUND], "huanzhi", NOW)
    ledger.renew(cover(checks=("flat/2",)), [replace(FOUND, check="flat/2")], "huanzhi", NOW)
    assert [held.mark.check for held in ledger.marks()] == ["flat/2"]


def test_what_is_not_found_again_is_ended_and_kept(ledger: Ledger) -> None:
    ledger.renew(cover(), [FOUND], "huanzhi", NOW)
    renewal = ledger.renew(cover(), [], "huanzhi", NOW)
    assert renewal.ended == 1
    assert ledger.marks() == []
    assert len(ledger.marks(ended=True)) == 1


def test_a_run_over_a_part_leaves_the_rest_of_a_mark(ledger: Ledger) -> None:
    ledger.renew(cover(), [FOUND], "huanzhi", NOW)
    ledger.renew(cover(4, 6), [], "huanzhi", NOW)
    spans = [(held.mark.start // HOUR, held.mark.end // HOUR) for held in ledger.marks()]
    assert spans == [(0, 4), (6, 10)]


def test_a_run_leaves_other_checks_places_and_people_alone(ledger: Ledger) -> None:
    ledger.renew(cover(), [FOUND], "huanzhi", NOW)
    ledger.renew(cover(checks=("rate/1",)), [], "huanzhi", NOW)
    ledger.renew(replace(cover(), features=("O2",)), [], "huanzhi", NOW)
    ledger.renew(replace(cover(), period="minute"), [], "huanzhi", NOW)
    ledger.mark(SAID, "王", Role.OFFICER, NOW)
    assert len(ledger.marks()) == 2
    ledger.renew(cover(), [], "huanzhi", NOW)
    assert [held.mark for held in ledger.marks()] == [SAID]


stretches = st.tuples(st.integers(0, 20), st.integers(1, 8)).map(
    lambda pair: replace(FOUND, start=pair[0] * HOUR, end=(pair[0] + pair[1]) * HOUR)
)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 10), st.lists(stretches, max_size=3)), max_size=5)
)
def test_after_any_runs_the_live_marks_are_those_of_the_last_run_that_saw_the_hour(
    runs: list[tuple[int, int, list[Mark]]],
) -> None:
    wanted = np.zeros(40, dtype=bool)
    with tempfile.TemporaryDirectory() as folder, open_ledger("write", Path(folder)) as ledger:
        for start, length, marks in runs:
            inside = [_cut(mark, start * HOUR, (start + length) * HOUR) for mark in marks]
            found = [mark for mark in inside if mark.start < mark.end]
            wanted[start : start + length] = False
            for mark in found:
                wanted[mark.start // HOUR : mark.end // HOUR] = True
            ledger.renew(cover(start, start + length), found, "huanzhi", NOW)
        live = np.zeros(40, dtype=bool)
        for held in ledger.marks():
            live[held.mark.start // HOUR : held.mark.end // HOUR] = True
    assert live.tolist() == wanted.tolist()


def _cut(mark: Mark, start: int, end: int) -> Mark:
    return replace(mark, start=max(mark.start, start), end=min(mark.end, end))


def test_a_substitute_counts_once_another_person_has_approved_it(ledger: Ledger) -> None:
    raw = window([280, 290, None, 300])
    assert ledger.substitute([PUT], "李", NOW) == (1, 0)
    assert ledger.substitute([PUT], "李", NOW) == (0, 1)
    assert reviewed(raw, ledger).units[0, 0].tolist() == [280, 290, MISSING, 300]
    with pytest.raises(InputError) as refused:
        ledger.approve([1], "李", NOW)
    assert refused.value.key == "quality.second_person"
    assert ledger.approve([1], "张", NOW) == 1
    view = reviewed(raw, ledger)
    assert view.units[0, 0].tolist() == [280, 290, 285, 300]
    assert view.substituted[0, 0].tolist() == [False, False, True, False]
    assert view.window.units[0, 0].tolist() == [280, 290, MISSING, 300]
    with pytest.raises(InputError):
        ledger.approve([1], "赵", NOW)


def test_another_substitute_takes_the_place_and_needs_approval_again(ledger: Ledger) -> None:
    ledger.substitute([PUT], "李", NOW)
    ledger.approve([1], "张", NOW)
    assert ledger.substitute([replace(PUT, value=300)], "李", NOW) == (1, 0)
    assert [held.substitute.value for held in ledger.substitutes()] == [300]
    assert not reviewed(window([280, 290, None, 300]), ledger).substituted.any()


def test_a_substitute_never_covers_a_valid_value(ledger: Ledger) -> None:
    ledger.substitute([PUT], "李", NOW)
    ledger.approve([1], "张", NOW)
    assert reviewed(window([280, 290, 111, 300]), ledger).units[0, 0].tolist() == [280, 290, 111, 300]


def test_marks_take_values_out_of_the_reviewed_view_and_not_of_the_store(ledger: Ledger) -> None:
    raw = window([280, 290, 295, 300])
    ledger.mark(SAID, "王", Role.ENTERPRISE, NOW)
    view = reviewed(raw, ledger)
    assert view.units[0, 0].tolist() == [MISSING, MISSING, 295, 300]
    assert view.valid[0, 0].tolist() == [False, False, True, True]
    assert view.has(Effect.INVALID)[0, 0].tolist() == [True, True, False, False]
    assert raw.units[0, 0].tolist() == [280, 290, 295, 300]


def test_a_suspect_value_stays_until_it_is_reviewed(ledger: Ledger) -> None:
    ledger.renew(cover(), [FOUND], "huanzhi", NOW)
    assert reviewed(window([280, 290]), ledger).valid.all()


def test_an_officers_word_outweighs_checks_and_enterprises(ledger: Ledger) -> None:
    whole = replace(SAID, parameter="", end=4 * HOUR)
    ledger.mark(replace(whole, effect=Effect.VALID, start=HOUR), "张", Role.OFFICER, NOW)
    ledger.mark(whole, "王", Role.ENTERPRISE, NOW)
    assert reviewed(window([1, 2, 3, 4]), ledger).valid[0, 0].tolist() == [False, True, True, True]


def test_a_late_mark_is_kept_without_effect(ledger: Ledger) -> None:
    ledger.mark(replace(SAID, late=True), "王", Role.ENTERPRISE, NOW)
    assert reviewed(window([1, 2, 3]), ledger).valid.all()
    assert len(ledger.marks()) == 1


def test_a_window_without_a_ledger_is_raw() -> None:
    assert reviewed(window([1, None]), None).valid[0, 0].tolist() == [True, False]


def test_there_is_nothing_to_read_before_the_first_write(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_ledger("read", tmp_path)
    with open_ledger("write", tmp_path) as ledger:
        ledger.mark(SAID, "王", Role.OFFICER, NOW)
        with open_ledger("read", tmp_path) as reader:
            assert len(reader.marks()) == 1

"""Slices in memory give what the files give, whatever was corrected, withdrawn, compacted or cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.assess.states import State
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.library.series import slices as module
from huanzhi.library.series.schema import KEY_SCHEMA
from huanzhi.standards.periods import CHINA_OFFSET, HOUR

BEGIN = 1_767_225_600 - CHINA_OFFSET
PLACES = ("A", "B")
ITEMS = ("a34004", "a21026")

rows = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.sampled_from(ITEMS),
        st.integers(0, 1500),
        st.one_of(st.none(), st.integers(-99, 999)),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[:3],
)
steps = st.lists(st.tuples(st.sampled_from(("write", "withdraw", "compact")), rows), min_size=1, max_size=5)


def _table(listed: list[tuple[str, str, int, int | None, int]]) -> pa.Table:
    made = [
        {
            "feature": place,
            "parameter": item,
            "period": "hour",
            "time": BEGIN + hour * HOUR,
            "value": value,
            "decimals": decimals,
            "state": int(State.MISSING if value is None else State.VALUE),
            "flag": hour % 3,
            "row": 0,
        }
        for place, item, hour, value, decimals in listed
    ]
    return pa.Table.from_pylist(made, schema=SCHEMA)


@settings(max_examples=25, deadline=None)
@given(steps=steps, cut=st.tuples(st.integers(0, 800), st.integers(801, 1600)))
def test_slices_give_what_the_files_give(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list]], cut: tuple[int, int]
) -> None:
    home = tmp_path_factory.mktemp("slices")
    features = [Feature(code, code, "air_station") for code in PLACES]
    spans = [(BEGIN, BEGIN + 1600 * HOUR), (BEGIN + cut[0] * HOUR, BEGIN + cut[1] * HOUR)]
    with open_store("write", home) as store:
        first = [(place, item, 7, 1, 0) for place in PLACES for item in ITEMS]
        store.write(_table(first), features, Source("first", "test", ""))
        for number, (what, listed) in enumerate(steps):
            table = _table(listed)
            if what == "write":
                store.write(table, features, Source(f"{number}", "test", ""))
            elif what == "withdraw":
                store.withdraw(table.select(KEY_SCHEMA.names), "test", Source(f"{number}", "test", ""))
            else:
                store.compact()
            for span in spans:
                _agree(store, span)


def _agree(store: object, span: tuple[int, int]) -> None:
    sliced = store.window(PLACES, ITEMS, "hour", *span)  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_SLICES", -1)
        read = store.window(PLACES, ITEMS, "hour", *span)  # type: ignore[attr-defined]
    assert sliced.decimals == read.decimals
    for name in ("times", "units", "states", "flags"):
        assert np.array_equal(getattr(sliced, name), getattr(read, name)), name


def test_the_same_parts_are_named_until_something_is_written(tmp_path: Path) -> None:
    with open_store("write", tmp_path) as store:
        store.write(
            _table([("A", "a34004", 1, 2, 0)]), [Feature("A", "A", "air_station")], Source("1", "t", "")
        )
        before = store.parts_of("hour", BEGIN, BEGIN + HOUR * 9)
        assert before and before == store.parts_of("hour", BEGIN, BEGIN + HOUR * 9)
        assert store.parts_of("day", BEGIN, BEGIN + HOUR * 9) == ()
        store.write(
            _table([("A", "a34004", 2, 2, 0)]), [Feature("A", "A", "air_station")], Source("2", "t", "")
        )
        assert store.parts_of("hour", BEGIN, BEGIN + HOUR * 9) != before

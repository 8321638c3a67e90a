"""The store's contract: what a write promises and what reads answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from huanzhi.assess import exact
from huanzhi.assess.states import State
from huanzhi.errors import InputError, StoreError
from huanzhi.library import series
from huanzhi.library.series import Feature, Source, open_store

HOUR = 3600
T0 = 1_483_200_000  # 2017-01-01 00:00 China time

STATIONS = [
    Feature("S1", "一号站", "air_station", region="甲市", province="浙江省", region_code="330100"),
    Feature("S2", "二号站", "air_station", region="乙市", province="浙江省", region_code="330200"),
]


def table(*rows):
    """Rows of (feature, parameter, period, time, value or None, decimals, optional state and flag)."""
    full = []
    for number, row in enumerate(rows, start=2):
        feature, parameter, period, time, value, decimals, *rest = row
        state = rest[0] if rest else (State.MISSING if value is None else State.VALUE)
        flag = rest[1] if len(rest) > 1 else 0
        full.append((feature, parameter, period, time, value, decimals, int(state), flag, number))
    columns = list(zip(*full, strict=True)) if full else [()] * len(series.SCHEMA)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, series.SCHEMA.types, strict=True)]
    return pa.table(arrays, schema=series.SCHEMA)


def keys(*rows):
    columns = zip(*rows, strict=True)
    return pa.table(dict(zip(series.KEY_SCHEMA.names, map(list, columns), strict=True)))


def source(name="a.csv", **more):
    return Source(name, "test", more.pop("sha256", name), **more)


def values(found):
    return [(row["feature"], row["parameter"], row["time"], row["value"]) for row in found.to_pylist()]


@pytest.fixture
def store(tmp_path):
    with open_store("write", tmp_path / "home") as opened:
        yield opened


def hours(feature, parameter, numbers, start=T0, decimals=0):
    return [
        (feature, parameter, "hour", start + HOUR * place, number, decimals)
        for place, number in enumerate(numbers)
    ]


def test_what_is_written_is_read_back_exactly(store):
    receipt = store.write(table(*hours("S1", "a34004", [35, None, 120], decimals=1)), STATIONS, source())
    assert (receipt.received, receipt.new, receipt.revision) == (3, 3, 1)
    found = store.range()
    assert found.schema == series.READ_SCHEMA
    assert found.column("value").to_pylist() == [35, None, 120]
    assert found.column("decimals").to_pylist() == [1, 1, 1]
    assert found.column("row").to_pylist() == [2, 3, 4]


def test_the_same_batch_again_is_unchanged(store):
    batch = table(*hours("S1", "a34004", [1, 2, 3]))
    first = store.write(batch, STATIONS, source())
    again = store.write(batch, STATIONS, source())
    assert (again.batch, again.unchanged, again.new) == (first.batch, 3, 0)
    assert store.revision() == first.revision


def test_the_same_values_from_elsewhere_are_unchanged(store):
    store.write(table(*hours("S1", "a34004", [1, 2, 3])), STATIONS, source())
    again = store.write(table(*hours("S1", "a34004", [1, 2, 3, 4])), STATIONS, source("b.csv"))
    assert (again.unchanged, again.new) == (3, 1)
    assert len(store.batches()) == 2


def test_two_pieces_of_one_file_are_two_batches(store):
    whole = table(*hours("S1", "a34004", range(10)))
    store.write(whole.slice(0, 4), STATIONS, source())
    store.write(whole.slice(0, 7), STATIONS, source())
    store.write(whole.slice(7), STATIONS, source())
    assert store.range().column("value").to_pylist() == list(range(10))


def test_a_correction_is_a_new_revision_and_the_old_one_stays(store):
    store.write(table(*hours("S1", "a34004", [10, 20])), STATIONS, source())
    corrected = store.write(table(*hours("S1", "a34004", [11])), STATIONS, source("b.csv"))
    assert (corrected.revised, corrected.new) == (1, 0)
    assert store.range().column("value").to_pylist() == [11, 20]
    history = store.history("S1", "a34004", "hour", T0).to_pylist()
    assert [(row["revision"], row["value"], row["source"]) for row in history] == [
        (1, 10, "a.csv"),
        (2, 11, "b.csv"),
    ]
    assert store.range(as_of=1).column("value").to_pylist() == [10, 20]


def test_a_correction_to_no_valid_value_is_not_lost(store):
    store.write(table(*hours("S1", "a34004", [10])), STATIONS, source())
    store.write(table(*hours("S1", "a34004", [None])), STATIONS, source("b.csv"))
    assert store.range().column("state").to_pylist() == [State.MISSING]
    assert store.last().column("value").to_pylist() == [None]
    store.compact()
    assert store.range().column("value").to_pylist() == [None]


@pytest.mark.parametrize("change", [(10, 1), (10, 0, State.BELOW_DETECTION), (10, 0, State.VALUE, 4)])
def test_a_change_of_decimals_state_or_flag_is_a_revision(store, change):
    store.write(table(("S1", "w01018", "day", T0, 10, 0)), STATIONS, source())
    receipt = store.write(table(("S1", "w01018", "day", T0, *change)), STATIONS, source("b.csv"))
    assert receipt.revised == 1


def test_withdrawn_values_leave_the_present_and_stay_in_the_history(store):
    store.write(table(*hours("S1", "a34004", [10, 20, 30])), STATIONS, source())
    gone = keys(("S1", "a34004", "hour", T0 + 2 * HOUR), ("S1", "a34004", "hour", T0 + 99 * HOUR))
    receipt = store.withdraw(gone, "仪器故障", source("w"))
    assert (receipt.withdrawn, receipt.unchanged) == (1, 1)
    assert store.range().column("value").to_pylist() == [10, 20]
    assert store.last().column("value").to_pylist() == [20]
    last = store.history("S1", "a34004", "hour", T0 + 2 * HOUR).to_pylist()[-1]
    assert (last["state"], last["note"]) == (State.WITHDRAWN, "仪器故障")
    assert store.withdraw(gone, "仪器故障", source("w2")).withdrawn == 0


def test_a_withdrawn_value_may_come_again(store):
    store.write(table(*hours("S1", "a34004", [10])), STATIONS, source())
    store.withdraw(keys(("S1", "a34004", "hour", T0)), "", source("w"))
    assert store.write(table(*hours("S1", "a34004", [10])), STATIONS, source("c")).new == 1
    for _ in range(2):
        assert store.range().column("value").to_pylist() == [10]
        assert [store.range(as_of=n).num_rows for n in (0, 1, 2, 3)] == [0, 1, 0, 1]
        store.compact()


def test_of_a_key_given_twice_the_last_row_counts(store):
    receipt = store.write(table(*hours("S1", "a34004", [1]), *hours("S1", "a34004", [2])), STATIONS, source())
    assert (receipt.new, receipt.repeated) == (1, 1)
    assert store.range().column("value").to_pylist() == [2]


def test_many_parts_are_compacted_and_few_are_left_alone(store):
    store.write(table(*hours("S1", "a34004", [1])), STATIONS, source())
    assert store.keep_compact() is None
    for number in range(70):
        at = T0 + HOUR * (number + 1)
        store.write(table(*hours("S1", "a34004", [number], at)), STATIONS, source(f"{number}.csv"))
    outcome = store.keep_compact()
    assert outcome.parts_before > 64 > outcome.parts_after
    assert [value for *_, value in values(store.range(features=["S1"]))] == [1, *range(70)]


def test_compaction_keeps_every_answer(store):
    for day in range(6):
        rows = hours("S1", "a34004", range(day, day + 24), T0 + 20 * HOUR * day)
        store.write(table(*rows), STATIONS, source(f"{day}"))
    before = {rev: store.range(as_of=rev).to_pylist() for rev in range(1, 7)}
    outcome = store.compact()
    assert outcome.superseded > 0 and outcome.parts_after < outcome.parts_before
    assert {rev: store.range(as_of=rev).to_pylist() for rev in range(1, 7)} == before
    assert store.range().to_pylist() == before[6]
    assert store.verify().problems == ()
    assert store.sweep(timedelta(0)).files == outcome.parts_before
    assert store.range(as_of=3).to_pylist() == before[3]


def test_time_travel_by_moment(store):
    before = datetime.now(UTC)
    receipt = store.write(table(*hours("S1", "a34004", [1])), STATIONS, source())
    after = store.batch(receipt.batch).at
    store.write(table(*hours("S1", "a34004", [2])), STATIONS, source("b"))
    assert store.range(as_of=before).num_rows == 0
    assert store.range(as_of=after).column("value").to_pylist() == [1]
    assert store.last(as_of=after).column("value").to_pylist() == [1]


def test_a_window_is_dense_and_at_common_decimals(store):
    rows = [
        ("S1", "a34004", "hour", T0, 35, 0),
        ("S1", "a34004", "hour", T0 + 2 * HOUR, 125, 1, State.VALUE, 3),
        ("S2", "a34004", "hour", T0 + HOUR, 2, 2, State.BELOW_DETECTION),
        ("S2", "a21026", "hour", T0 + HOUR, None, 0),
    ]
    store.write(table(*rows), STATIONS, source())
    window = store.window(["S2", "none", "S1"], ["a21026", "a34004"], "hour", T0, T0 + 3 * HOUR)
    gap = exact.MISSING
    assert window.decimals == (0, 2)
    assert window.times.tolist() == [T0, T0 + HOUR, T0 + 2 * HOUR]
    assert window.units[:, 1].tolist() == [[gap, 2, gap], [gap] * 3, [3500, gap, 1250]]
    assert (window.units[:, 0] == gap).all()
    assert window.states[0, 1].tolist() == [State.MISSING, State.BELOW_DETECTION, State.MISSING]
    assert window.flags[2, 1].tolist() == [0, 0, 3]


def test_a_window_of_months_follows_the_china_calendar(store):
    months = [datetime(2017, month, 1) for month in (1, 2, 3)]
    starts = [int(m.replace(tzinfo=UTC).timestamp()) - 8 * HOUR for m in months]
    store.write(table(*[("S1", "x", "month", at, n, 0) for n, at in enumerate(starts)]), STATIONS, source())
    window = store.window(["S1"], ["x"], "month", months[0], datetime(2017, 4, 1))
    assert window.times.tolist() == starts
    assert window.units.ravel().tolist() == [0, 1, 2]


def test_aggregates_are_integer_sums_by_china_days(store):
    rows = [
        *hours("S1", "a34004", [1, 2, None], T0),
        ("S1", "a34004", "hour", T0 + 24 * HOUR, 25, 1),
        ("S2", "a34004", "hour", T0, 4, 0, State.BELOW_DETECTION),
        ("S2", "a34004", "hour", T0 + HOUR, 7, 0, State.VALUE, 8),
    ]
    store.write(table(*rows), STATIONS, source())
    daily = store.aggregate(["a34004"], "hour", by="region", excluded_flags=8).to_pylist()
    known = [(r["group"], r["time"] - T0, r["sum"], r["count"], r["missing"], r["below_sum"]) for r in daily]
    assert known == [
        ("乙市", 0, 0, 0, 0, 40),
        ("甲市", 0, 30, 2, 1, 0),
        ("甲市", 24 * HOUR, 25, 1, 0, 0),
    ]
    assert {row["decimals"] for row in daily} == {1}
    whole = store.aggregate(None, "hour", by="all", step="all").to_pylist()
    assert [(r["group"], r["sum"], r["min"], r["max"], r["time"]) for r in whole] == [("", 125, 10, 70, None)]


def test_an_unrepresentable_sum_is_refused_not_rounded(store):
    big = 2**62
    store.write(table(*hours("S1", "a34004", [big, big, big])), STATIONS, source())
    with pytest.raises(StoreError, match="64"):
        store.aggregate(None, "hour", by="all", step="all")


def test_empty_answers_are_typed(store):
    store.write(table(*hours("S1", "a34004", [1])), STATIONS, source())
    for found in (store.range(["nobody"]), store.last(parameters=["x"]), store.range(start=T0 + HOUR)):
        assert found.schema == series.READ_SCHEMA and found.num_rows == 0
    assert store.aggregate(None, "day").schema == series.AGGREGATE_SCHEMA
    assert np.all(store.window([], ["a34004"], "hour", T0, T0 + HOUR).units == 0)


def test_features_are_found_and_brought_up_to_date(store):
    store.write(table(), STATIONS, source())
    renamed = Feature("S1", "新一号站", "air_station", region="丙市", lon=120.1, attributes={"control": True})
    store.write(table(), [renamed], source("b"))
    assert store.features(codes=["S1"]) == [renamed]
    assert [f.code for f in store.features(region="浙江省")] == ["S2"]
    assert [f.code for f in store.features(kind="air_station", region="3302")] == ["S2"]


def test_raw_bytes_are_kept_by_digest(store, tmp_path):
    import hashlib

    small, large = b"station,time\n", b"0123456789" * 20_000
    file = tmp_path / "large.csv"
    file.write_bytes(large)
    for raw, content in ((small, small), (file, large)):
        digest = hashlib.sha256(content).hexdigest()
        store.write(table(), STATIONS, source("raw", sha256=digest, raw=raw))
        assert store.raw(digest) == content
    with pytest.raises(StoreError, match="SHA-256"):
        store.write(table(), STATIONS, source("raw", sha256="0" * 64, raw=small))


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (("nobody", "x", "hour", T0, 1, 0), "series.unknown_feature"),
        (("S1", "x", "fortnight", T0, 1, 0), "series.unknown_period"),
        (("S1", "x", "hour", T0, None, 0, State.VALUE), "series.no_value"),
        (("S1", "x", "hour", T0, 1, 0, State.MISSING), "series.value_of_missing"),
        (("S1", "x", "hour", T0, 1, 0, State.WITHDRAWN), "series.state"),
        (("S1", "x", "hour", T0, 1, 19), "series.decimals"),
    ],
)
def test_a_bad_row_is_refused_and_nothing_is_stored(store, row, key):
    with pytest.raises(InputError) as refused:
        store.write(table(*hours("S1", "x", [1]), row), STATIONS, source())
    assert refused.value.key == key
    assert store.range().num_rows == 0 and store.revision() == 0


def test_a_missing_column_is_named(store):
    with pytest.raises(InputError, match="decimals"):
        store.write(table().drop_columns(["decimals"]), STATIONS, source())


def test_reading_needs_a_store_and_does_not_write(tmp_path, store):
    with pytest.raises(StoreError, match="HUANZHI_HOME"):
        open_store("read", tmp_path / "elsewhere")
    with open_store("read", store.home) as reader, pytest.raises(StoreError):
        reader.write(table(), STATIONS, source())


def test_the_home_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path / "here"))
    with open_store() as opened:
        assert opened.home == tmp_path / "here"


@pytest.mark.parametrize(
    ("step", "starts"),
    [
        ("day", ["2017-01-31", "2017-02-01", "2018-01-01"]),
        ("month", ["2017-01-01", "2017-02-01", "2018-01-01"]),
        ("year", ["2017-01-01", "2018-01-01"]),
    ],
)
def test_steps_of_aggregates_begin_at_china_midnight(store, step, starts):
    moments = [datetime(2017, 1, 31, 23), datetime(2017, 2, 1), datetime(2018, 1, 1)]
    at = [int(m.replace(tzinfo=UTC).timestamp()) - 8 * HOUR for m in moments]
    store.write(table(*[("S1", "x", "hour", time, 1, 0) for time in at]), STATIONS, source())
    found = store.aggregate(["x"], "hour", by="province", step=step).to_pylist()
    days = [datetime.fromtimestamp(row["time"] + 8 * HOUR, UTC).date().isoformat() for row in found]
    assert days == starts
    assert {row["group"] for row in found} == {"浙江省"} and sum(row["sum"] for row in found) == 3


def test_the_same_batch_again_brings_features_up_to_date(store):
    batch = table(*hours("S1", "a34004", [1]))
    store.write(batch, STATIONS, source())
    renamed = Feature("S1", "一号站（新址）", "air_station", region="甲市")
    assert store.write(batch, [renamed], source()).unchanged == 1
    assert store.features(codes=["S1"]) == [renamed]
    assert store.last().num_rows == 1

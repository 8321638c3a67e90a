"""The store against a plain dictionary: any order of writes, withdrawals, upkeep and reopening."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from huanzhi.assess.states import State
from huanzhi.library import series
from huanzhi.library.series import Feature, Source, compaction, open_store

FEATURES = [Feature(code, code, "other") for code in ("A", "B")]
PERIODS = ("minute", "hour", "day")
START = 1_483_200_000
MONTH = 28 * 86_400

keys = st.tuples(
    st.sampled_from(["A", "B"]),
    st.sampled_from(["p", "q"]),
    st.sampled_from(PERIODS),
    st.sampled_from([START, START + 3600, START + MONTH, START + 14 * MONTH]),
)
contents = st.one_of(
    st.tuples(st.integers(-3, 3), st.integers(0, 1), st.sampled_from([State.VALUE, State.BELOW_DETECTION])),
    st.just((None, 0, State.MISSING)),
)
batches = st.lists(st.tuples(keys, contents), max_size=12)


def observation_table(rows):
    columns = {name: [] for name in series.SCHEMA.names}
    for number, (key, (value, decimals, state)) in enumerate(rows):
        for name, cell in zip(columns, (*key, value, decimals, int(state), 0, number), strict=True):
            columns[name].append(cell)
    return pa.table(columns, schema=series.SCHEMA)


def as_dict(table):
    found = {}
    for row in table.to_pylist():
        key = (row["feature"], row["parameter"], row["period"], row["time"])
        assert key not in found
        found[key] = (row["value"], row["decimals"], State(row["state"]))
    return found


class StoreMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        self.store = open_store("write", self.folder)
        self.current = {}
        self.versions = {}
        self.as_it_was = {0: {}}
        self.count = 0

    def next_source(self):
        self.count += 1
        return Source(f"{self.count}", "model", f"{self.count}")

    def record(self):
        self.as_it_was[self.store.revision()] = dict(self.current)

    @rule(rows=batches)
    def write(self, rows):
        receipt = self.store.write(observation_table(rows), FEATURES, self.next_source())
        wanted = dict(rows)
        changed = {key: content for key, content in wanted.items() if self.current.get(key) != content}
        assert receipt.new == sum(key not in self.current for key in changed)
        assert receipt.revised == sum(key in self.current for key in changed)
        assert receipt.unchanged == len(wanted) - len(changed)
        assert receipt.repeated == len(rows) - len(wanted)
        self.current |= changed
        for key, content in changed.items():
            self.versions.setdefault(key, []).append(content)
        self.record()

    @rule(gone=st.lists(keys, min_size=1, max_size=4))
    def withdraw(self, gone):
        columns = dict(zip(series.KEY_SCHEMA.names, map(list, zip(*gone, strict=True)), strict=True))
        self.store.write(observation_table([]), FEATURES, self.next_source())
        known = [key for key in gone if key[1] in self.store.manifest.codes().parameters]
        if len(known) == len(gone):
            receipt = self.store.withdraw(pa.table(columns), "model", self.next_source())
            held = set(gone) & set(self.current)
            assert receipt.withdrawn == len(held)
            for key in held:
                del self.current[key]
                self.versions[key].append((None, 0, State.WITHDRAWN))
        self.record()

    @rule(part_rows=st.sampled_from([1, 3, 1000]))
    def compact(self, part_rows):
        compaction.compact(self.store.manifest, self.store.reader, part_rows)
        self.record()

    @rule()
    def sweep(self):
        self.store.sweep(timedelta(0))

    @rule()
    def reopen(self):
        self.store.close()
        self.store = open_store("write", self.folder)

    @rule()
    def lose_the_hot_table(self):
        self.store.close()
        for file in self.folder.glob("hot.sqlite*"):
            file.unlink()
        self.store = open_store("write", self.folder)

    @rule(data=st.data())
    def look_back(self, data):
        revision = data.draw(st.sampled_from(sorted(self.as_it_was)))
        assert as_dict(self.store.range(as_of=revision)) == self.as_it_was[revision]
        assert as_dict(self.store.last(as_of=revision)) == newest(self.as_it_was[revision])

    @rule(data=st.data())
    def look_through_the_history(self, data):
        if self.versions:
            key = data.draw(st.sampled_from(sorted(self.versions)))
            found = self.store.history(*key).to_pylist()
            told = [(row["value"], row["decimals"], State(row["state"])) for row in found]
            assert told == self.versions[key]

    @invariant()
    def answers_agree(self):
        if hasattr(self, "store"):
            assert as_dict(self.store.range()) == self.current
            assert as_dict(self.store.last()) == newest(self.current)

    def teardown(self):
        if hasattr(self, "store"):
            assert self.store.verify().problems == ()
            self.store.close()
            shutil.rmtree(self.folder)


def newest(rows):
    latest = {}
    for key in sorted(rows, key=lambda key: key[3]):
        latest[key[:3]] = key
    return {key: rows[key] for key in latest.values()}


StoreMachine.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestStoreModel = StoreMachine.TestCase

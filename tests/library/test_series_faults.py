"""Damage, full disks and leftovers: said in words that name the file, and never half-imported."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from huanzhi.errors import StoreError
from huanzhi.library import series
from huanzhi.library.series import Feature, Source, open_store
from huanzhi.messages import using

START = 1_483_200_000
FEATURES = [Feature("S1", "一号站", "air_station")]


def random_hours(count, seed=0, start=START):
    zeros = np.zeros(count, np.int64)
    columns = {
        "feature": ["S1"] * count,
        "parameter": ["p"] * count,
        "period": ["hour"] * count,
        "time": start + 3600 * np.arange(count),
        "value": np.random.default_rng(seed).integers(0, 2**40, count),
        **dict.fromkeys(("decimals", "state", "flag", "row"), zeros),
    }
    return pa.table(columns).cast(series.SCHEMA)


def the_part(store):
    return next((store.home / "parts").glob("*.parquet"))


@pytest.fixture
def store(tmp_path):
    with open_store("write", tmp_path / "home") as opened:
        opened.write(random_hours(2000), FEATURES, Source("a", "test", "a"))
        yield opened


def test_a_truncated_part_is_named_when_read(store):
    part = the_part(store)
    os.truncate(part, part.stat().st_size // 2)
    with using("en"), pytest.raises(StoreError, match=part.name) as failed:
        store.range()
    assert failed.value.key == "series.part_damaged"
    assert [problem.key for problem in store.verify().problems] == ["series.part_damaged"]


def test_a_missing_part_is_named_when_read(store):
    part = the_part(store)
    part.unlink()
    with pytest.raises(StoreError, match=part.name) as failed:
        store.range()
    assert failed.value.key == "series.part_missing"


def test_one_flipped_bit_is_found_by_verify(store):
    part = the_part(store)
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    assert [problem.file for problem in store.verify().problems] == [str(part)]


def test_compaction_of_a_damaged_part_fails_and_changes_nothing(store):
    store.write(random_hours(50, seed=1), FEATURES, Source("b", "test", "b"))
    part = next(part for part in store.manifest.live_parts() if part.kind == "base")
    os.truncate(store.home / "parts" / part.name, 100)
    before = store.manifest.live_parts()
    with pytest.raises(StoreError, match=part.name):
        store.compact()
    assert store.manifest.live_parts() == before
    assert not list((store.home / "parts").glob("*.tmp"))


def test_damaged_raw_bytes_are_found(store):
    raw = b"x" * 100_000

    digest = hashlib.sha256(raw).hexdigest()
    store.write(random_hours(0), FEATURES, Source("r", "test", digest, raw=raw))
    file = store.home / "inbox" / digest[:2] / digest
    file.write_bytes(raw[:-1])
    assert [problem.file for problem in store.verify().problems] == [digest]
    with pytest.raises(StoreError):
        store.raw(digest)


def test_a_damaged_manifest_is_said_to_be_damaged(tmp_path):
    with open_store("write", tmp_path):
        pass
    (tmp_path / "manifest.sqlite").write_bytes(b"not a database at all" * 100)
    for mode in ("read", "write"):
        with pytest.raises(StoreError, match=r"manifest\.sqlite"):
            open_store(mode, tmp_path)


def test_a_newer_store_is_not_touched(store):
    store.manifest.db.execute("update meta set value = '99' where key = 'version'")
    with pytest.raises(StoreError, match="99"):
        open_store("read", store.home)


def test_a_lost_hot_table_is_only_slower(store):
    store.hot.rebuild([], 0)
    with open_store("read", store.home) as reader:
        assert reader.last().column("time").to_pylist() == [START + 3600 * 1999]


def test_leftovers_are_swept_after_their_grace(store):
    folder = store.home / "parts"
    (folder / "half.tmp").write_bytes(b"half a part")
    (folder / "hour-20170101-base-0.parquet").write_bytes(b"never entered")
    assert store.sweep().files == 0
    assert store.sweep(timedelta(0)).files == 2
    assert store.range().num_rows == 2000


def fill(home: Path) -> int:
    """Import until the disk is full; return how many imports were acknowledged."""
    done = 0
    with open_store("write", home) as store, pytest.raises(StoreError) as failed:
        for number in range(400):
            table = random_hours(20_000, number, START + 3600 * 20_000 * number)
            store.write(table, FEATURES, Source(f"{number}", "test", f"{number}"))
            done += 1
    assert failed.value.key == "series.full"
    return done


def assert_whole(home: Path, done: int) -> None:
    with open_store("read", home) as store:
        assert store.range().num_rows == 20_000 * done
        assert store.verify().problems == ()
    assert not list((home / "parts").glob("*.tmp"))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small disk")
def test_a_full_disk_refuses_the_batch_and_keeps_the_rest(tmp_path):
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tmp_path)], check=False)
    if mounted.returncode:
        pytest.skip("mounting a small disk is not permitted here")
    try:
        done = fill(tmp_path / "home")
        assert done > 0
        assert_whole(tmp_path / "home", done)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_file_that_may_not_grow_refuses_the_batch(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, limits[1]))
    try:
        done = fill(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert done > 0
    assert_whole(tmp_path, done)

"""Reads: each on a thread of its own, bounded in number and time."""

from __future__ import annotations

import asyncio
import time

import pytest

from huanzhi.errors import StoreError
from huanzhi.library.series import open_store
from huanzhi.web.readers import MOST_WAITING, Readers

ENDLESS = "select sum(a.range * b.range % 7) from range(10000000) a, range(10000000) b"


def reading(home, story, **options):
    async def run():
        readers = Readers(home, **options)
        await readers.start()
        try:
            return await story(readers)
        finally:
            await readers.stop()

    return asyncio.run(run())


@pytest.fixture
def home(tmp_path):
    open_store("write", tmp_path).close()
    return tmp_path


def test_a_read_that_takes_too_long_is_interrupted_and_others_go_on(home):
    async def story(readers):
        began = time.monotonic()
        with pytest.raises(StoreError) as raised:
            await readers.run(lambda store: store.reader.db.execute(ENDLESS).fetchall())
        assert raised.value.key == "series.interrupted"
        assert time.monotonic() - began < 5
        return await readers.run(lambda store: store.revision())

    assert reading(home, story, longest=0.3, threads=1) == 0


def test_more_reads_than_the_bound_are_sent_away(home):
    async def story(readers):
        slow = [asyncio.ensure_future(readers.run(lambda _: time.sleep(0.005))) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(StoreError) as raised:
            await readers.run(lambda store: 1)
        assert raised.value.key == "web_api.busy"
        await asyncio.gather(*slow)
        return await readers.run(lambda store: 1)

    assert reading(home, story) == 1


def test_without_a_store_there_is_a_clear_error_until_there_is_one(tmp_path):
    async def story(readers):
        with pytest.raises(StoreError) as raised:
            await readers.run(lambda store: store.revision())
        assert raised.value.key == "series.none_here"
        open_store("write", tmp_path).close()
        return await readers.run(lambda store: store.revision())

    assert reading(tmp_path, story) == 0

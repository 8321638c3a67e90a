"""The tail of the store: newest rows only, each once, whichever process wrote them."""

import subprocess
import sys

import pyarrow as pa
import pytest

from huanzhi.errors import StoreError
from huanzhi.library.events import Tail
from huanzhi.library.series import SCHEMA, Feature, Source, open_store

STATION = Feature("A1", "站一", "air_station")


def write(home, *rows):
    table = pa.Table.from_pylist(
        [
            {
                "feature": "A1",
                "parameter": code,
                "period": "hour",
                "time": time,
                "value": value,
                "decimals": 1,
                "state": 0,
                "flag": 0,
                "row": 0,
            }
            for code, time, value in rows
        ],
        schema=SCHEMA,
    )
    with open_store("write", home) as store:
        store.write(table, [STATION], Source("test", "test", ""))


def test_each_series_comes_once_with_its_newest_row(tmp_path):
    write(tmp_path, ("a34004", 0, 1), ("a34004", 3600, 2), ("a34002", 0, 5))
    tail = Tail(tmp_path)
    first = tail.news()
    assert sorted((row.parameter, row.time, row.value) for row in first) == [
        ("a34002", 0, 5),
        ("a34004", 3600, 2),
    ]
    assert tail.news() == []
    write(tmp_path, ("a34004", 7200, 3), ("a34004", 10800, 4))
    assert [(row.key, row.value) for row in tail.news()] == [(("A1", "a34004", "hour"), 4)]
    assert tail.features()["A1"].name == "站一"
    tail.close()


def test_what_another_process_writes_is_seen(tmp_path):
    write(tmp_path, ("a34004", 0, 1))
    tail = Tail(tmp_path)
    tail.news()
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]);"
        "from test_tail import write; write(Path(sys.argv[1]), ('a21026', 0, 7))"
    )
    folder = str(__import__("pathlib").Path(__file__).parent)
    subprocess.run([sys.executable, "-c", code, str(tmp_path), folder], check=True)
    assert [(row.parameter, row.value) for row in tail.news()] == [("a21026", 7)]
    tail.close()


def test_a_correction_of_the_newest_row_is_news_and_an_older_row_is_not(tmp_path):
    write(tmp_path, ("a34004", 3600, 1))
    tail = Tail(tmp_path)
    tail.news()
    write(tmp_path, ("a34004", 0, 9))
    assert [row.time for row in tail.news()] == []
    write(tmp_path, ("a34004", 3600, 2))
    assert [(row.time, row.value) for row in tail.news()] == [(3600, 2)]
    tail.close()


def test_a_folder_without_a_store_says_so(tmp_path):
    with pytest.raises(StoreError):
        Tail(tmp_path)

"""``huanzhi store``: what people and programs see of the store."""

from __future__ import annotations

import json
from datetime import datetime

import pyarrow as pa
import pytest

from huanzhi.cli import main
from huanzhi.cli.moments import parse_as_of
from huanzhi.cli.store import _note_words
from huanzhi.library import series
from huanzhi.library.series import Feature, Source, open_store
from huanzhi.messages import using

START = 1_483_200_000  # 2017-01-01 00:00 China time


def hour(value, decimals=1):
    cells = ["S1", "a34004", "hour", START, value, decimals, 0, 0, 2]
    return pa.table([[cell] for cell in cells], schema=series.SCHEMA)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    monkeypatch.setenv("HUANZHI_LANG", "en")
    with open_store() as store:
        features = [Feature("S1", "一号站", "air_station")]
        store.write(hour(350), features, Source("a.csv", "test", "a"))
        store.write(hour(351), features, Source("b.csv", "test", "b"))
    return tmp_path


@pytest.fixture
def huanzhi(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["store", *arguments])
        out = capsys.readouterr()
        return ended.value.code, out.out if "--json" not in arguments else json.loads(out.out), out.err

    return run


def test_summary_counts_what_is_there(home, huanzhi):
    code, told, _ = huanzhi("summary", "--json")
    assert (code, told["batches"], told["rows"], told["features"]) == (0, 2, 2, 1)
    assert told["periods"]["hour"]["first"] == "2017-01-01T00:00+08:00"
    assert "base parts" in huanzhi("summary")[1]


def test_history_tells_every_revision_with_its_source(home, huanzhi):
    asked = ("history", "--station", "S1", "--parameter", "PM2.5", "--time", "2017-01-01T00:00")
    code, told, _ = huanzhi(*asked, "--json")
    assert code == 0
    assert [(row["value"], row["source"]) for row in told["revisions"]] == [
        ("35.0", "a.csv"),
        ("35.1", "b.csv"),
    ]
    assert "b.csv" in huanzhi(*asked)[1]


def test_last_prints_decimals_as_reported(home, huanzhi):
    rows = huanzhi("last", "--parameter", "PM25", "--json")[1]["rows"]
    assert [(row["feature"], row["value"], row["state"]) for row in rows] == [("S1", "35.1", "value")]
    assert "35.1" in huanzhi("last", "--station", "S1")[1]


def test_compact_and_sweep_say_what_they_did(home, huanzhi):
    assert huanzhi("compact", "--json")[1] == {"parts_before": 2, "parts_after": 2, "superseded": 1}
    assert "0 files deleted" in huanzhi("sweep")[1]
    assert huanzhi("sweep", "--grace", "0", "--json")[1]["files"] == 2


def test_verify_has_exit_code_1_when_something_is_wrong(home, huanzhi):
    assert huanzhi("verify")[0] == 0
    part = next((home / "parts").iterdir())
    part.write_bytes(b"")
    code, told, _ = huanzhi("verify", "--json")
    assert (code, told["sound"], told["problems"][0]["file"]) == (1, False, str(part))
    assert part.name in huanzhi("verify")[1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_folder_without_a_store_is_said_in_words(tmp_path, monkeypatch, huanzhi, language):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("HUANZHI_LANG", language)
    code, _, told = huanzhi("summary")
    assert code == 5 and "huanzhi import" in told


def test_a_bad_time_is_refused(home, huanzhi):
    asked = ("history", "--station", "S1", "--parameter", "a34004", "--time", "noon")
    assert huanzhi(*asked)[0] == 3


def test_the_store_as_it_was(home, huanzhi):
    for given, value in (("1", "35.0"), ("2", "35.1"), ("2199-01-01", "35.1")):
        rows = huanzhi("last", "--as-of", given, "--json")[1]["rows"]
        assert [row["value"] for row in rows] == [value]
    assert huanzhi("last", "--as-of", "2000-01-01", "--json")[1]["rows"] == []


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (None, None),
        ("3", 3),
        ("2026-02-03", datetime(2026, 2, 3, 23, 59, 59, 999999)),
        ("20260203", datetime(2026, 2, 3, 23, 59, 59, 999999)),
        ("2026-02-03T08:00", datetime(2026, 2, 3, 8)),
    ],
)
def test_moments_to_go_back_to(given, meant):
    assert parse_as_of(given) == meant


@pytest.mark.parametrize(
    "asked",
    [
        ("last", "--station", "S9"),
        ("last", "--parameter", "没有的"),
        ("last", "--as-of", "昨天"),
        ("history", "--station", "S9", "--parameter", "PM2.5", "--time", "2017-01-01T00:00"),
    ],
)
def test_what_the_store_does_not_know_is_refused(home, huanzhi, asked):
    assert huanzhi(*asked)[0] == 3


def test_a_moment_without_a_value_is_said_in_words(home, huanzhi, monkeypatch):
    monkeypatch.setenv("HUANZHI_LANG", "en")
    code, _, told = huanzhi("history", "--station", "S1", "--parameter", "PM2.5", "--time", "2011-01-01")
    assert (code, told.strip()) == (0, "the store holds no such observation")


def test_notes_are_told_in_words():
    with using("en"):
        assert _note_words("feeds.label_day; feeds.left_out; by hand").endswith("the day; by hand")
        assert "feeds." not in _note_words("feeds.label_day; feeds.left_out; by hand")

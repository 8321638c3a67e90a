"""``huanzhi city``: truth, register, ledgers, capture, start, and what is wrong with its options."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner

from huanzhi.cli import main
from huanzhi.cli.city import command
from huanzhi.messages import using
from huanzhi.network import hj212

SMALL = ["--enterprises", "8", "--days", "12"]


def run(*arguments: str) -> str:
    with using("en"):
        result = CliRunner().invoke(command, list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def test_the_truth_is_printed_as_a_table_and_as_json() -> None:
    assert "simulated" in run("truth", *SMALL)
    document = json.loads(run("truth", *SMALL, "--json"))
    assert document["simulated"] and document["violations"][0]["number"] == "V0001"
    assert run("truth", *SMALL, "--json") == run("truth", *SMALL, "--json")


def test_a_quiet_city_has_no_truth() -> None:
    assert json.loads(run("truth", *SMALL, "--lawful", "--json"))["violations"] == []


def test_the_register_is_written_whole_as_json_and_csv(tmp_path: Path) -> None:
    run("register", *SMALL, "-o", str(tmp_path / "list.json"))
    assert json.loads((tmp_path / "list.json").read_text(encoding="utf-8"))["simulated"]
    assert run("register", *SMALL, "--csv").startswith("mn,name,password")
    assert [path.name for path in tmp_path.iterdir()] == ["list.json"]


def test_ledgers_are_written(tmp_path: Path) -> None:
    document = json.loads(run("ledgers", *SMALL))
    assert document["simulated"] and {"made", "moved", "stored"} <= set(document["waste"][0])


def test_a_capture_holds_frames(tmp_path: Path) -> None:
    file = tmp_path / "frames.bin"
    run("capture", *SMALL, "--hours", "0.2", str(file))
    found = hj212.Decoder().feed(file.read_bytes())
    assert len(found) > 100 and sum(done.ok for done in found) > 0.8 * len(found)


def test_a_city_without_a_host_runs_its_hours_and_ends() -> None:
    whole = run("start", *SMALL, "--to", "127.0.0.1:1", "--speed", "7200", "--for", "0.5", "--json")
    assert json.loads(whole)["simulated"]


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_city_that_is_told_to_stop_ends_and_counts(name: signal.Signals) -> None:
    arguments = ["city", "start", *SMALL, "--to", "127.0.0.1:1", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "huanzhi.cli", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    process.stderr.readline()
    time.sleep(0.5)
    process.send_signal(name)
    output, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert json.loads(output)["simulated"]


@pytest.mark.parametrize("to", ["nowhere", "host:", ":5", "host:99999"])
def test_a_wrong_address_is_said_so(to: str) -> None:
    assert _error("city", "start", *SMALL, "--to", to)["error"] == "city_cli.bad_target"


def test_a_wrong_beginning_is_said_so() -> None:
    assert _error("city", "truth", *SMALL, "--from", "soon")["error"] == "city_cli.bad_start"


def test_a_beginning_without_a_zone_is_china_time() -> None:
    one, same = (
        json.loads(run("truth", *SMALL, "--from", start, "--json"))["violations"]
        for start in ("2026-05-01T08:00", "2026-05-01T00:00+00:00")
    )
    assert one == same and one


def _error(*arguments: str) -> dict[str, object]:
    stream = io.StringIO()
    with redirect_stdout(stream), pytest.raises(SystemExit) as ended:
        main([*arguments, "--json"])
    assert ended.value.code == 3
    found: dict[str, object] = json.loads(stream.getvalue())
    return found

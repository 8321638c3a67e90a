"""``huanzhi gateway`` and ``huanzhi device`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from huanzhi.cli import cli
from huanzhi.errors import InputError
from huanzhi.library.arrivals import Progress, arrivals_folder
from huanzhi.library.devices import open_register
from huanzhi.network.gateway.status import StatusWriter

MN = "010000A8900016F000169DC0"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, standalone_mode=False, catch_exceptions=False)


def test_a_parked_device_is_registered_with_one_command(tmp_path: Path) -> None:
    with open_register(tmp_path) as book:
        book.park([MN])
    assert MN in run("device", "list", "--state", "parked").output
    run("device", "register", MN, "--outlet", "DA001", "--password", "123456", "--interval", "2051=300")
    (device,) = json.loads(run("device", "list", "--json").output)["devices"]
    assert (device["state"], device["outlet"], device["password"]) == ("registered", "DA001", "***")
    assert device["intervals"] == {"2051": 300}
    with open_register(tmp_path) as book:
        assert book.outlets()["DA001"].kind == "outlet"
    newest = json.loads(run("device", "history", MN, "--json").output)["changes"][0]
    assert (newest["before"]["state"], newest["after"]["state"]) == ("parked", "registered")


def test_a_device_is_disabled_with_a_reason() -> None:
    run("device", "register", MN)
    run("device", "disable", MN, "--reason", "拆除")
    assert json.loads(run("device", "list", "--json").output)["devices"][0]["state"] == "disabled"
    with pytest.raises(InputError):
        run("device", "disable", "X1", "--reason", "none")


def test_a_request_is_queued_and_secrets_are_not_shown() -> None:
    run("device", "register", MN)
    run("device", "ask", MN, "1072", "--area", "NewPW=654321", "--reason", "test")
    (row,) = json.loads(run("device", "requests", "--json").output)["requests"]
    assert (row["state"], row["area"]) == ("queued", "NewPW=***")
    with pytest.raises(InputError, match="1072"):
        run("device", "ask", MN, "1072", "--role", "officer", "--reason", "test")
    assert json.loads(run("device", "gaps", "--json").output) == {"gaps": []}


def test_a_wrong_interval_or_key_is_named() -> None:
    with pytest.raises(InputError, match="2051"):
        run("device", "register", MN, "--interval", "2051")
    with pytest.raises(InputError):
        run("device", "register", MN, "--key", "short")


def test_targets_are_added_stopped_and_listed() -> None:
    run("gateway", "target", "add", "province", "127.0.0.1:9003")
    run("gateway", "target", "stop", "province")
    (target,) = json.loads(run("gateway", "target", "list", "--json").output)["targets"]
    assert (target["name"], target["port"], target["active"], target["waiting"]) == (
        "province",
        9003,
        False,
        0,
    )
    with pytest.raises(InputError):
        run("gateway", "target", "resume", "nobody")


def test_the_state_is_shown_after_the_gateway_is_gone(tmp_path: Path) -> None:
    writer = StatusWriter(tmp_path)
    writer.write([], {"durable": 7.0, "written": 1.0}, [(1.0, MN, "p", "crc_broken", "CRC", b"##")])
    writer.close()
    found = json.loads(run("gateway", "status", "--json").output)
    assert (found["alive"], found["figures"]["durable"], found["rejects"][0]["mn"]) == (False, 7.0, MN)
    assert "CRC" in run("gateway", "status").output


def test_frames_that_gave_nothing_are_listed_with_the_reason(tmp_path: Path) -> None:
    progress = Progress(arrivals_folder(tmp_path))
    progress.refuse([(3, MN, "no_time", "DataTime=x"), (4, MN, "series.kind", "words")])
    progress.close()
    rows = json.loads(run("gateway", "refused", "--json").output)["refused"]
    assert [(row["id"], row["detail"]) for row in rows] == [(4, "words"), (3, "DataTime=x")]
    assert "DataTime" in rows[1]["reason"]

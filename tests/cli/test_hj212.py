"""``huanzhi hj212``: one JSON line a frame, in order; frames made again byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from huanzhi.cli import cli
from huanzhi.cli import main as run
from huanzhi.network.hj212 import Verdict, build

SEGMENT = (
    b"QN=20240601085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&DataTime=20240601085857;w01018-Rtd=40.10,w01018-Flag=N;w01018-Rtd=2;SB1-RS=1&&"
)


def call(*arguments: str, data: bytes = b"") -> Result:
    """Run ``huanzhi hj212``."""
    return CliRunner().invoke(cli, ["hj212", *arguments], input=data, catch_exceptions=False)


def lines(result: Result) -> list[dict[str, Any]]:
    """Return the JSON lines of an output."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_stream_gives_one_line_a_frame_in_order(tmp_path: Path) -> None:
    file = tmp_path / "capture.bin"
    file.write_bytes(build(SEGMENT) + b"noise" + build(SEGMENT, Verdict.MODBUS))
    result = call("decode", str(file))
    first, second = lines(result)
    assert "5" in result.stderr
    assert first == {
        "ok": True,
        "crc": "hj212",
        "edition": "2017",
        "st": "32",
        "cn": "2011",
        "mn": "010000A8900016F000169DC0",
        "qn": "20240601085857223",
        "flag": 5,
        "values": {
            "DataTime": "20240601085857",
            "w01018": {"Rtd": [40.1, 2], "Flag": "N"},
            "SB1": {"RS": 1},
        },
        "error": None,
        "notes": [],
        "offset": 0,
    }
    assert (second["ok"], second["crc"], second["mn"]) == (False, "modbus", first["mn"])
    assert second["error"]


def test_lines_give_one_line_a_line() -> None:
    frame = build(SEGMENT).rstrip()
    data = b"\n".join([frame, frame[:60], b"rubbish", b"", frame]) + b"\n"
    found = lines(call("decode", "-", "--lines", data=data))
    assert [(one["ok"], one["crc"]) for one in found] == [
        (True, "hj212"),
        (False, "none"),
        (False, "none"),
        (True, "hj212"),
    ]


@pytest.mark.parametrize(
    ("options", "ok"),
    [((), False), (("--accept", "modbus"), True), (("--accept", "modbus", "--strict"), False)],
)
def test_dialect_and_mode_are_options(options: tuple[str, ...], ok: bool) -> None:
    (found,) = lines(call("decode", "-", *options, data=build(SEGMENT, Verdict.MODBUS)))
    assert found["ok"] is ok


def test_the_exit_code_tells_whether_a_frame_was_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, data, code in (("good", build(SEGMENT), 0), ("bad", build(SEGMENT)[:40], 1)):
        file = tmp_path / name
        file.write_bytes(data)
        with pytest.raises(SystemExit) as ended:
            run(["hj212", "decode", str(file)])
        assert ended.value.code == code
    assert capsys.readouterr().out


def test_segments_are_framed_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "frames.bin"
    call("encode", "-", "-o", str(file), data=SEGMENT + b"\n\n" + SEGMENT + b"\n")
    assert file.read_bytes() == 2 * build(SEGMENT)
    assert call("encode", "--crc", "modbus", data=SEGMENT).stdout_bytes == build(SEGMENT, Verdict.MODBUS)


def test_what_was_decoded_can_be_encoded_again() -> None:
    simple = SEGMENT.replace(b";w01018-Rtd=2", b"").replace(b"40.10", b"40.1")
    line = call("decode", "-", data=build(simple)).stdout_bytes
    assert call("encode", data=line).stdout_bytes == build(simple.replace(b"PW=123456;", b""))


def test_an_encrypted_frame_needs_its_key() -> None:
    frame = call("encode", "--key", "0" * 16, data=SEGMENT).stdout_bytes
    assert b"DataTime" not in frame
    assert lines(call("decode", "-", data=frame))[0]["ok"] is False
    (found,) = lines(call("decode", "-", "--key", "30" * 16, data=frame))
    assert (found["ok"], found["encrypted"]) == (True, "raw")


def test_long_data_are_split() -> None:
    frames = lines(call("decode", "-", data=call("encode", "--split", "60", data=SEGMENT).stdout_bytes))
    assert [(one["pno"], one["pnum"]) for one in frames] == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("arguments", "data"),
    [
        (["decode", "-", "--key", "short"], b""),
        (["encode", "-"], b"x" * 10000),
        (["encode", "-"], b'{"values": 1}'),
        (["encode", "-"], b"{"),
    ],
)
def test_wrong_input_is_said(arguments: list[str], data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "in"
    file.write_bytes(data)
    with pytest.raises(SystemExit) as ended:
        run(["hj212", *(str(file) if one == "-" else one for one in arguments)])
    assert ended.value.code == 3


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("40.10", 40.1),
        ("-7", -7),
        ("007", 7),
        ("5.530E012", 5.53e12),
        ("1e999", "1e999"),
        ("9" * 30, 1e30),
        ("9" * 5000, "9" * 5000),
        ("N", "N"),
        ("", ""),
    ],
)
def test_numbers_are_numbers_as_far_as_json_can_say_them(written: str, shown: object) -> None:
    frame = build(f"ST=32;CN=2011;PW=1;MN=1;Flag=4;CP=&&a-Rtd={written}&&".encode())
    assert lines(call("decode", "-", data=frame))[0]["values"] == {"a": {"Rtd": shown}}

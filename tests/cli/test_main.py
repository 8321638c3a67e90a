"""The outermost shell: whatever happens is one sentence and an exit code, never a traceback."""

from __future__ import annotations

import errno

import click
import pytest

from huanzhi import cli
from huanzhi.messages import using


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (
            OSError(errno.ENOSPC, "No space left on device", "a.csv"),
            3,
            "error: file a.csv: reading or writing failed: the disk is full",
        ),
    ],
)
def test_faults_of_the_machine_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    fault: BaseException,
    code: int,
    sentence: str,
) -> None:
    def fail() -> None:
        raise fault

    monkeypatch.setattr(cli.cli, "get_command", lambda _context, name: click.Command(name, callback=fail))
    with using("en"), pytest.raises(SystemExit) as ended:
        cli.main(["store"])
    assert ended.value.code == code
    assert capfd.readouterr().err.strip() == sentence

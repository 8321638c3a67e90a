"""The outermost shell: whatever happens is one sentence and an exit code, never a traceback."""

from __future__ import annotations

import errno
import subprocess
import sys

import click
import pytest

from huanzhi import cli
from huanzhi.messages import catalogue, using


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


def test_the_list_of_commands_says_what_the_commands_say():
    """In the language in which the command was first called, which another test may have done in English."""
    listed = click.Context(cli.cli)
    assert list(cli.HELPS) == list(cli.COMMANDS)
    for name, key in cli.HELPS.items():
        assert cli.cli.get_command(listed, name).help in catalogue()[key].values(), name


def test_the_list_of_commands_imports_none_of_them():
    code = (
        "import sys; from huanzhi.cli import COMMANDS, main\n"
        "try: main(['--help'])\n"
        "except SystemExit: assert not set(COMMANDS.values()) & set(sys.modules), 'imported'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)

"""The recipe of docs/audit.md, run as a stranger would."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.chain import append
from huanzhi.library.trail.exporting import export_lines

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).parents[3] / "docs" / "audit.md"


@pytest.fixture
def recipe(tmp_path):
    """Write the recipe and an export beside each other; return a function that runs it."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "verify.py").write_text(code, encoding="utf-8")
    for number in range(5):
        append(SYSTEM, "create", "petition", str(number), after={"n": "张"}, restricted=number == 2)
    file = tmp_path / "trail.jsonl"
    file.write_text("".join(export_lines()), encoding="utf-8")

    def run(*more):
        command = [sys.executable, "-I", str(tmp_path / "verify.py"), str(file), *more]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    return file, run


def test_a_stranger_verifies_an_export(recipe):
    code, words = recipe[1]()
    assert code == 0 and words.startswith("whole: 1 to")


def test_a_stranger_finds_what_was_changed(recipe):
    file, run = recipe
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[-1] = lines[-1].replace("system", "somebody")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, words = run()
    assert code == 1 and f"broken at {len(lines) - 1}: chain" in words


def test_a_stranger_finds_what_an_anchor_contradicts(recipe):
    for seq in (1, 3):
        assert recipe[1](f"{seq}={'0' * 64}") == (1, f"broken at {seq}: anchor\n")

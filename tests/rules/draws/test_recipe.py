"""The recipe of the documentation agrees with the platform, and is short."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from huanzhi.rules import draws

DOCS = Path(__file__).parents[3] / "docs" / "inspections.md"
_spec = importlib.util.spec_from_file_location("draw_pools", Path(__file__).with_name("test_draws.py"))
_given = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_given)


@pytest.fixture
def recipe(tmp_path):
    code = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)[1]
    assert len(code.strip().splitlines()) <= 60
    path = tmp_path / "verify.py"
    path.write_text(code, encoding="utf-8")

    def run(paper):
        file = tmp_path / "paper.json"
        file.write_text(json.dumps(paper, ensure_ascii=False), encoding="utf-8")
        return subprocess.run([sys.executable, str(path), str(file)], capture_output=True, text=True)

    return run


@pytest.mark.parametrize("number", range(3))
def test_the_recipe_agrees(recipe, number):
    terms, _ = _given.masked(_given.pools(24 + number, 6, 5 + number), number)
    paper = draws.reveal(draws.commit(terms, _given.SEED), _given.SEED, f"0{number} 11", _given.AT)
    paper["terms"]["objects"].reverse()
    assert recipe(paper).returncode == 0
    paper["result"]["objects"][1]["object"] = "0" * 64
    assert recipe(paper).returncode == 1
    paper["terms"]["objects"][0]["weight"] += 1
    assert "terms" in recipe(paper).stderr

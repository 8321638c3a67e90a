"""Every message that the importers name exists in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import huanzhi
from huanzhi.messages import catalogue

ROOT = Path(huanzhi.__file__).parent
FILES = [*(ROOT / "network" / "feeds").glob("*.py"), ROOT / "cli" / "import_files.py"]


def test_every_message_is_there_in_both_languages() -> None:
    named = {
        key for file in FILES for key in re.findall(r'"((?:feeds|import_cli)\.\w+)"', file.read_text("utf-8"))
    }
    assert named <= set(catalogue())
    ours = {key: texts for key, texts in catalogue().items() if key.startswith(("feeds.", "import_cli."))}
    assert all(texts["zh"] and texts["en"] for texts in ours.values())

"""Where the platform keeps its data: HUANZHI_HOME, else the user's data folder; no set-up needed."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home_folder(chosen: Path | None = None) -> Path:
    """Return the data folder: `chosen`, then HUANZHI_HOME, then the platform's user data folder."""
    named = chosen or os.environ.get("HUANZHI_HOME")
    return Path(named).expanduser() if named else _user_data() / "huanzhi"


def _user_data() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")

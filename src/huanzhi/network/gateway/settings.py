"""Settings of the gateway; their values and where each comes from stand in ``settings.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from huanzhi.errors import InputError


@dataclass(frozen=True, slots=True)
class Settings:
    """See ``settings.toml`` for the meaning and unit of each."""

    rate: float
    burst: int
    size: int
    in_flight: int
    connections: int
    rubbish: int
    idle: float
    online: float
    slow: float
    parked_devices: int
    parked_frames: int
    wrong_password: str
    clock_off: float
    clock_again: float
    gap_wait: float
    gap_again: float
    gap_tries: int
    gap_span: int
    minute_interval: int
    over_time: float
    re_count: int
    execution: float
    request_life: float
    key_days: float
    key_grace: float
    register_every: float
    status_every: float
    drain_every: float
    drain_frames: int
    segment_bytes: int
    keep_days: float


@cache
def default_settings() -> Settings:
    """Return the settings as they come with the program."""
    file = resources.files("huanzhi.network.gateway").joinpath("settings.toml")
    return Settings(**tomllib.loads(file.read_text(encoding="utf-8"))["settings"])


def settings_of(file: Path) -> Settings:
    """Return the settings with those of a TOML file put over them.

    Raises
    ------
    InputError
        If the file is no TOML, or names a setting that there is not.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("gateway.settings_toml", file=file, reason=error) from error
    chosen = {name: _fitting(name, value, file) for name, value in raw.get("settings", raw).items()}
    return replace(default_settings(), **chosen)


def _fitting(name: str, value: Any, file: Path) -> Any:
    known = {part.name: type(getattr(default_settings(), part.name)) for part in fields(Settings)}
    if name not in known:
        raise InputError("gateway.no_setting", file=file, column=name, expected=", ".join(known))
    kind = known[name]
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise InputError("gateway.setting_kind", file=file, column=name, value=value, expected=kind.__name__)
    return value

"""How warnings are kept, by ``data/warnings.toml``, and how they are answered, by ``data/replies.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.center.warnings.rule_models import OWN, OwnRule

MINUTE = 60
_ENDED: Mapping[str, Any] = MappingProxyType(
    {"level": "notice", "escalate": {}, "issue": False, "category": "other"}
)
"""How a warning is kept whose rule is not there any more."""


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables."""
    return MappingProxyType(_read("warnings.toml"))


@cache
def replies() -> Mapping[str, Any]:
    """Return causes, parts, ladder and steps."""
    return MappingProxyType(_read("replies.toml"))


def _read(name: str) -> dict[str, Any]:
    file = resources.files("huanzhi.center.warnings") / "data" / name
    return tomllib.loads(file.read_text(encoding="utf-8"))


def rule_table(rule: str) -> Mapping[str, Any]:
    """Return how warnings of a rule are kept, of a ready-made one or of one that the city wrote."""
    found: Mapping[str, Any] | None = settings()["rule"].get(rule)
    return found if found is not None else _own_table(rule)


def own_rule(rule: str) -> OwnRule | None:
    """Return the rule that the city wrote; None where it is none of these."""
    if not rule.startswith(OWN):
        return None
    return OwnRule.objects.filter(code=rule.removeprefix(OWN)).first()


def _own_table(rule: str) -> Mapping[str, Any]:
    row = own_rule(rule)
    if row is None:
        return _ENDED
    held = row.published or {}
    return {
        "level": held.get("level", row.level),
        "escalate": {},
        "issue": bool(held.get("opens_issue")),
        "category": held.get("category", row.category),
        "reply": "enterprise" if held.get("asks_reply") else "",
        "told": bool(held.get("asks_reply")),
        "period": held.get("spec", {}).get("period", "hour"),
        "theme": "own",
    }


def levels() -> tuple[str, ...]:
    """Return the levels 预警级别, the lowest first."""
    return tuple(settings()["levels"])


def higher(one: str, other: str) -> str:
    """Return the higher of two levels."""
    return max(one, other, key=levels().index)


def level_of_colour(colour: str) -> str:
    """Return the level that a colour stands for."""
    return str(settings()["colours"].get(colour, levels()[0]))


def level_after(rule: str, seconds: float) -> str:
    """Return the level of a warning that has stood for so long."""
    table = rule_table(rule)
    steps = sorted((int(minutes), str(level)) for minutes, level in table["escalate"].items())
    reached = [level for minutes, level in steps if seconds >= minutes * MINUTE]
    return reached[-1] if reached else str(table["level"])


def category(rule: str, gas: bool) -> str:
    """Return the category of the issue that a warning opens."""
    found = rule_table(rule)["category"]
    return str(found if isinstance(found, str) else found["gas" if gas else "water"])

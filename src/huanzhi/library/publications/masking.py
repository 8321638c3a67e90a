"""Masks 脱敏规则: what must not stand in anything public, found in every text of a draft; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from huanzhi.errors import InputError
from huanzhi.library.publications.content import texts
from huanzhi.library.publications.settings import settings
from huanzhi.messages import language

SHOWN = 4
"""Signs of a finding that are told; the rest are stars."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be public: the name of the rule, and the text with most of it starred."""

    rule: str
    shown: str


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one["name"], re.compile(one["expression"])) for one in settings()["mask"])


def findings(content: Mapping[str, object]) -> list[Finding]:
    """Return what of a snapshot must not be public, each once."""
    found: dict[Finding, None] = {}
    for text in texts(content):
        for name, rule in _rules():
            for hit in rule.finditer(text):
                found[Finding(name, hit[0][:SHOWN] + "*" * (len(hit[0]) - SHOWN))] = None
    return list(found)


def refuse_personal(content: Mapping[str, object]) -> None:
    """Refuse a snapshot that holds something personal: InputError ``publications.personal``."""
    found = findings(content)
    if found:
        words = {one["name"]: one for one in settings()["mask"]}[found[0].rule]
        raise InputError(
            "publications.personal", value=found[0].shown, what=words[language()], number=len(found)
        )

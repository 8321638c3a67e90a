"""The rules 值守规则: each looks at the board and says where it sees a sign; thresholds by ``watching.toml``.

A rule knows nothing but the board and the facts of the register. What it sees is a sign, not a verdict: a
warning tells of it, and an officer decides.
"""

from __future__ import annotations

from huanzhi.center.watching.rules.items import Clipped, Drift, OverLimit, OverYearly
from huanzhi.center.watching.rules.meters import FlowShort, Silent, TreatmentOff
from huanzhi.center.watching.rules.rule import Rule, Sign, Table, tables
from huanzhi.center.watching.rules.stations import HiddenSource, Sprayed, SwappedWater
from huanzhi.center.watching.rules.waste import Waste
from huanzhi.center.watching.rules.whole import Constant, Copied

__all__ = [
    "RULES",
    "Clipped",
    "Constant",
    "Copied",
    "Drift",
    "FlowShort",
    "HiddenSource",
    "OverLimit",
    "OverYearly",
    "Rule",
    "Sign",
    "Silent",
    "Sprayed",
    "SwappedWater",
    "Table",
    "TreatmentOff",
    "Waste",
    "tables",
]

RULES: tuple[type[Rule], ...] = (
    OverLimit,
    TreatmentOff,
    FlowShort,
    Constant,
    Clipped,
    Copied,
    Drift,
    Silent,
    OverYearly,
    Sprayed,
    SwappedWater,
    HiddenSource,
    Waste,
)

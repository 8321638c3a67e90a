"""What the second ledger holds 审核数据: marks on stretches of values, and values put in their place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from huanzhi.assess.quality_flags import Effect


class Role(StrEnum):
    """Who marks; the later in this list, the more it weighs."""

    CHECK = "check"
    ENTERPRISE = "enterprise"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark 标记 on a stretch of one series.

    Attributes
    ----------
    feature, parameter, period : str
        Series; an empty parameter means all of the feature.
    start, end : int
        Seconds UTC, end not included.
    kind : str
        Finding of a check (``RATE``), or the kind of a person's mark (``maintenance``).
    effect : Effect
        What it does in the reviewed view.
    check : str
        Name and version of the check, e.g. ``rate/1``; empty for people.
    reason : str
        Why; people must give one.
    late : bool
        An enterprise's mark after the time limit: kept, without effect.
    """

    feature: str
    parameter: str
    period: str
    start: int
    end: int
    kind: str
    effect: Effect
    check: str = ""
    reason: str = ""
    late: bool = False

    @property
    def key(self) -> tuple[str | int, ...]:
        """What makes two marks of checks the same."""
        series = (self.feature, self.parameter, self.period, self.start, self.end)
        return (*series, self.kind, str(self.effect), self.check, self.reason)


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a mark or of a substitute: it stays in the ledger and works no more."""

    at: datetime
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """A mark as the ledger holds it."""

    id: int
    mark: Mark
    at: datetime
    who: str
    role: Role
    run: int
    ended: Ended | None = None


@dataclass(frozen=True, slots=True)
class Substitute:
    """A value put in the place of one that is missing or invalid 替代值.

    Attributes
    ----------
    quantity : str
        ``value`` of the parameter itself, or ``emission_rate`` [kg/h].
    value, decimals : int
        Number of 10**-decimals.
    rule : str
        Rule that gave it, e.g. ``HJ 75 a``; ``manual`` for a person's own.
    """

    feature: str
    parameter: str
    period: str
    time: int
    quantity: str
    value: int
    decimals: int
    unit: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldSubstitute:
    """A substitute as the ledger holds it; it counts once a second person has approved it."""

    id: int
    substitute: Substitute
    at: datetime
    who: str
    approved_by: str = ""
    approved_at: datetime | None = None
    ended: Ended | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """What a run of the checks looked at: its marks replace earlier ones of the same checks there."""

    features: tuple[str, ...]
    period: str
    start: int
    end: int
    checks: tuple[str, ...]
    version: str
    revision: int


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a run changed: marks found, new, the same as before, and ended."""

    run: int
    found: int
    new: int
    kept: int
    ended: int

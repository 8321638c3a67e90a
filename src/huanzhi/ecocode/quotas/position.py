"""Position 持有与需求: quota held against what the permit allows and what was emitted this year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from huanzhi.ecocode.quotas.settings import SCHEME, amount_of, settings
from huanzhi.library.accounts.models import Account
from huanzhi.library.accounts.reading import Held, balances
from huanzhi.library.enterprises.models import Enterprise, PermitLimit
from huanzhi.library.records.selecting import valid_on

Emitted = Mapping[tuple[str, str], Decimal]
"""Emission of the year [t] by enterprise and parameter; what is not in it is not known."""


@dataclass(frozen=True, slots=True)
class Position:
    """What an enterprise holds and needs of one pollutant [t/a].

    Attributes
    ----------
    permit, emitted : Decimal, optional
        None where not known: unknown is not nothing.
    """

    enterprise: Enterprise
    commodity: str
    free: Decimal
    frozen: Decimal
    permit: Decimal | None
    emitted: Decimal | None
    simulated: bool

    @property
    def quota(self) -> Decimal:
        """Return what is held, frozen or not: a pledge does not take the right to emit."""
        return self.free + self.frozen

    @property
    def short(self) -> Decimal | None:
        """Return by how much the quota is less than the larger of permit and emission; None if unknown."""
        needs = [one for one in (self.permit, self.emitted) if one is not None]
        return max(Decimal(0), max(needs) - self.quota) if needs else None

    @property
    def standing(self) -> str:
        """Return ``short_emitted``, ``short_permit``, ``enough`` or ``unknown``."""
        if self.emitted is not None and self.emitted > self.quota:
            return "short_emitted"
        if self.permit is not None and self.permit > self.quota:
            return "short_permit"
        return "unknown" if self.permit is None and self.emitted is None else "enough"

    def as_dict(self) -> dict[str, Any]:
        """Return the machine form."""
        pollutant = settings()["pollutant"][self.commodity]
        return {
            "enterprise": self.enterprise.code,
            "enterprise_name": self.enterprise.name,
            "region": self.enterprise.region_id,
            "commodity": self.commodity,
            "pollutant": {"zh": pollutant["zh"], "en": pollutant["en"]},
            "free": written(self.free),
            "frozen": written(self.frozen),
            "quota": written(self.quota),
            "permit": written(self.permit),
            "emitted": written(self.emitted),
            "short": written(self.short),
            "standing": self.standing,
            "unit": settings()["unit"]["unit"],
            "simulated": self.simulated,
        }


def written(value: Decimal | None) -> str | None:
    """Return a number without noughts at the end; None stays none."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def positions(enterprises: Iterable[Enterprise], day: date, emitted: Emitted | None = None) -> list[Position]:
    """Return the positions of enterprises on a day, by enterprise and pollutant.

    A pollutant that an enterprise neither holds, nor is permitted, nor emitted has no row.
    """
    rows = {one.pk: one for one in enterprises}
    held, permits = _held(rows, day), _permitted(rows, day)
    told = emitted or {}
    found = []
    for key, enterprise in sorted(rows.items(), key=lambda pair: pair[1].code):
        for code, row in settings()["pollutant"].items():
            out = told.get((enterprise.code, row["parameter"]))
            own, permit = held.get((key, code)), permits.get((key, row["parameter"]))
            if own is None and permit is None and out is None:
                continue
            free, frozen = (_amount(part) for part in own or (0, 0))
            found.append(Position(enterprise, code, free, frozen, permit, out, enterprise.simulated))
    return found


def _amount(units: int) -> Decimal:
    return Decimal(amount_of(units))


def _held(rows: Mapping[int, Enterprise], day: date) -> dict[tuple[int, str], tuple[int, int]]:
    accounts = Account.objects.filter(scheme=SCHEME, sort="holding", enterprise__in=list(rows))
    counted = [one for one in accounts if one.until is None or one.until > day]
    at = balances(counted, day)
    sums: dict[tuple[int, str], Held] = defaultdict(lambda: Held(0, 0))
    for one in counted:
        key, own = (one.enterprise_id or 0, one.commodity), at[one.pk]
        sums[key] = Held(sums[key].free + own.free, sums[key].frozen + own.frozen)
    return {key: (own.free, own.frozen) for key, own in sums.items()}


def _permitted(rows: Mapping[int, Enterprise], day: date) -> dict[tuple[int, str], Decimal]:
    """Return the yearly amounts of permits [t/a]; that of the whole enterprise before the sum of outlets."""
    limits = PermitLimit.objects.filter(
        valid_on(day), enterprise__in=list(rows), measure="amount", averaging="year", permit__status="valid"
    )
    whole: dict[tuple[int, str], Decimal] = {}
    parts: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for one in limits.order_by("pk"):
        key, value = (one.enterprise_id, one.parameter), Decimal(one.value)
        value = value / 1000 if one.unit.startswith("kg") else value
        if one.outlet_id is None:
            whole[key] = value
        else:
            parts[key] += value
    return {**parts, **whole}

"""Payloads 交换内容: what each holds, as far as the sender may see it, in our fields."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.center.issues.models import Issue
from huanzhi.center.warnings.models import Warning
from huanzhi.ecocode.grades.models import Code, Event
from huanzhi.ecocode.tax.models import TaxDeclaration
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor, mask_all, visible
from huanzhi.network.exchange.mapping import Payload, of_table

Rows = list[dict[str, Any]]
SERIOUS = ("data_fraud", "major_measure")
"""Kinds of events that are serious whatever their facts say; a penalty is by its severity."""


@cache
def declared() -> Mapping[str, Any]:
    """Return the table of payloads and targets."""
    file = resources.files("huanzhi.programmes.exchange") / "data" / "payloads.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


@cache
def payloads() -> Mapping[str, Payload]:
    """Return the payloads by name."""
    return {name: of_table(name, raw) for name, raw in declared().items() if name != "targets"}


def payload_of(name: str) -> Payload:
    """Return a payload; InputError ``exchange.none`` where there is none of that name."""
    if name not in payloads():
        raise InputError("exchange.none", column="payload", value=name, expected=", ".join(payloads()))
    return payloads()[name]


def rows_of(actor: Actor, name: str, region: Region, day: date) -> Rows:
    """Return the rows of a payload for a region as of a day: what the actor may read, masked."""
    payload = payload_of(name)
    if payload.direction != "out":
        raise InputError("exchange.not_agreed", column="payload", value=name)
    return list(PROVIDERS[name](actor, region, day))


def _seen(actor: Actor, model: Any, region: Region, **wanted: Any) -> Any:
    rows = model.objects.filter(region__path__startswith=region.path, **wanted)
    return visible(actor, model.KIND, rows).order_by("pk")


def _masked(actor: Actor, records: Iterable[Any], row: Callable[[Any], dict[str, Any]]) -> Rows:
    return mask_all(actor, [(record, row(record)) for record in records])


def _grades(sort: str) -> Callable[[Actor, Region, date], Rows]:
    def rows(actor: Actor, region: Region, day: date) -> Rows:
        found = _seen(actor, Code, region, sort=sort).exclude(level="unknown")
        return _masked(actor, found.select_related("enterprise__organisation", "region"), _grade)

    return rows


def _grade(record: Code) -> dict[str, Any]:
    return {
        "enterprise": record.enterprise.code,
        "name": record.enterprise.name,
        "region": record.region_id,
        **{name: getattr(record, name) for name in ("scheme", "level", "since", "reckoned")},
    }


def _breaches(actor: Actor, region: Region, day: date) -> Rows:
    """Return the serious events that are published and stand, and whose publication is not over."""
    found = _seen(actor, Event, region, state="standing", published__isnull=False, published__lte=day)
    rows = [one for one in found.select_related("enterprise__organisation", "region") if _serious(one)]
    return _masked(actor, [one for one in rows if one.until is None or one.until > day], _breach)


def _serious(event: Event) -> bool:
    return event.kind in SERIOUS or str(event.facts.get("severity", "")) == "serious"


def _breach(event: Event) -> dict[str, Any]:
    return {
        "enterprise": event.enterprise.code,
        "name": event.enterprise.name,
        "what": event.title_zh or event.kind,
        **{name: getattr(event, name) for name in ("day", "published", "until")},
    }


def _alarms(actor: Actor, region: Region, day: date) -> Rows:
    names = ("code", "rule", "level", "subject", "since", "last", "state")
    found = _seen(actor, Warning, region).select_related("region")
    return _masked(
        actor,
        found,
        lambda one: {**{name: getattr(one, name) for name in names}, "region": one.region_id},
    )


def _tasks(actor: Actor, region: Region, day: date) -> Rows:
    names = ("number", "title", "category", "level", "state", "due", "source_ref")
    found = _seen(actor, Issue, region).select_related("region", "organisation")
    return _masked(
        actor,
        found,
        lambda one: {**{name: getattr(one, name) for name in names}, "region": one.region_id},
    )


def _indicators(actor: Actor, region: Region, day: date) -> Rows:
    """Return how the city stands in numbers, of what the actor may see."""
    codes = _seen(actor, Code, region, sort="code")
    issues = _seen(actor, Issue, region)
    figures: tuple[tuple[str, str, int], ...] = (
        ("warnings_open", "未解除预警数", _seen(actor, Warning, region, state="open").count()),
        ("issues_open", "在办问题数", issues.exclude(state__in=("written_off", "looked_back")).count()),
        ("issues_closed", "已销号问题数", issues.filter(state__in=("written_off", "looked_back")).count()),
        *((f"codes_{level}", f"环境码{word}", codes.filter(level=level).count()) for level, word in _COLOURS),
    )
    return [
        {
            "indicator": name,
            "title": title,
            "day": day,
            "region": region.pk,
            "value": str(number),
            "unit": "个",
        }
        for name, title, number in figures
    ]


_COLOURS = (("green", "绿码企业数"), ("yellow", "黄码企业数"), ("red", "红码企业数"))


def _tax(actor: Actor, region: Region, day: date) -> Rows:
    """Return the declarations in which the review found differences."""
    found = _seen(actor, TaxDeclaration, region, reviewed__isnull=False)
    rows = [one for one in found.select_related("enterprise__organisation", "region") if one.differences]
    return _masked(actor, rows, _difference)


def _difference(one: TaxDeclaration) -> dict[str, Any]:
    return {
        "number": one.number,
        "enterprise": one.enterprise.code,
        "name": one.enterprise.name,
        "quarter": one.quarter,
        "total": one.total,
        "what": "；".join(_said(row) for row in one.differences)[:2000],
    }


def _said(row: Any) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    return "，".join(f"{name} {value}" for name, value in row.items() if isinstance(value, str | int | float))


PROVIDERS: Mapping[str, Callable[[Actor, Region, date], Rows]] = {
    "credit_grades": _grades("credit"),
    "codes": _grades("code"),
    "serious_breaches": _breaches,
    "alarms": _alarms,
    "task_states": _tasks,
    "indicators": _indicators,
    "tax_differences": _tax,
}
"""What gathers each payload that goes out."""

"""The comparison of cuts as a document 应急减排前后对比: days of air, each enterprise beside its share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from huanzhi.center.warnings.cut_models import CutTask
from huanzhi.center.warnings.models import Episode
from huanzhi.library.documents import Column, Document, Heading, Paragraph, Table
from huanzhi.messages import language, text
from huanzhi.programmes.cut_effect import PHASES


def paper(row: Episode, air: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], day: date) -> Document:
    """Return the document; what is unknown stands as a dash.

    Parameters
    ----------
    air : mapping
        Of `cut_effect.air`.
    rows : sequence of mapping
        Of `effect_rows`.
    """
    blocks = (
        Paragraph(text("warnings.effect_note")),
        Heading(1, text("warnings.effect_air")),
        Table("means", text("warnings.effect_air"), _phases(), [_means(air)]),
        Table("days", text("warnings.air_days"), _day_columns(), [_day(one) for one in air["days"]]),
        Heading(1, text("warnings.effect_emission")),
        Table("emission", text("warnings.effect_emission"), _columns(), [_line(one) for one in rows]),
    )
    title = text("warnings.effect_title", region=row.region.name, code=row.code)
    written = text("report.date", year=day.year, month=day.month, day=day.day, month_name=f"{day:%B}")
    return Document(
        title, blocks, language(), text("issues.simulated") if row.simulated else "", date=written
    )


def effect_rows(tasks: Sequence[CutTask], found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one row for each enterprise and pollutant, one without pollutant where nothing was measured."""
    made = []
    for task, told in zip(tasks, found, strict=True):
        head = {
            "enterprise": task.enterprise.code,
            "enterprise_name": task.enterprise.name,
            "level": task.level,
            "share": task.share,
            "state": task.state,
            "simulated": task.simulated,
            "silent": "、".join(told["silent"]),
        }
        made += [{**head, **_flat(item)} for item in told["items"] or [None]]
    return made


def _flat(item: Mapping[str, Any] | None) -> dict[str, Any]:
    if item is None:
        phases = {f"{phase}{part}": None for phase in PHASES for part in ("", "_hours")}
        return {"parameter": "", "symbol": "", "change": None, **phases}
    told = {phase: item[phase]["mean"] for phase in PHASES}
    hours = {f"{phase}_hours": f"{item[phase]['known']}/{item[phase]['hours']}" for phase in PHASES}
    return {name: item[name] for name in ("parameter", "symbol", "change")} | told | hours


def _phases() -> tuple[Column, ...]:
    return tuple(Column(text(f"warnings.effect_{phase}"), numeric=True) for phase in PHASES)


def _means(air: Mapping[str, Any]) -> list[Any]:
    means = [air["aqi"][phase] for phase in PHASES]
    return [
        f"{one['mean'] if one['mean'] is not None else '—'}（{one['known']}/{one['days']}）" for one in means
    ]


def _day_columns() -> tuple[Column, ...]:
    return (
        Column(text("warnings.air_day")),
        Column(text("warnings.effect_phase")),
        Column("AQI", numeric=True),
        Column(text("warnings.effect_primary")),
    )


def _day(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return (one["day"], text(f"warnings.effect_{one['phase']}"), one["aqi"], one["primary"] or None)


def _columns() -> tuple[Column, ...]:
    names = ("enterprise", "pollutant", "share", *PHASES, "change", "hours")
    return tuple(
        Column(text(f"warnings.effect_{name}"), numeric=name in (*PHASES, "share", "change"))
        for name in names
    )


def _line(one: Mapping[str, Any]) -> tuple[Any, ...]:
    hours = " · ".join(one[f"{phase}_hours"] or "—" for phase in PHASES)
    return (
        one["enterprise_name"],
        one["symbol"] or None,
        one["share"],
        *(one[phase] for phase in PHASES),
        one["change"],
        hours,
    )

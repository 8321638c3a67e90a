"""Plans from the table 频次: what a keeper owes, as the rulebook in force at his place says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from huanzhi import rules
from huanzhi.center.patrols.models import Area, Keeper, Plan
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.messages import language

RULEBOOK = "patrol_frequency"


def frequency(role: str, level: str, day: date, place: str) -> Mapping[str, Any]:
    """Return what the rulebook in force asks of a role and level, with its source; maybe no `times`."""
    book = in_force(RULEBOOK, day, place)
    result = rules.evaluate(book, {"role": role, "level": level})
    source = {
        "rulebook": book.id,
        "version": book.version,
        "place": book.place,
        "row": result.row,
        "basis": {"zh": book.basis.zh, "en": book.basis.en},
        "confidence": str(book.provenance.confidence),
    }
    return {**result.outputs, "source": source}


def plan_for(actor: Actor, keeper: Keeper, day: date, reason: str = "") -> Plan:
    """Make the plan of a keeper from the table; the one that holds already is returned as it is.

    Raises
    ------
    InputError
        ``patrols.no_frequency`` if the table asks nothing of his role and level, or the actor may not.
    """
    held = next((one for one in keeper.plans.all() if one.holds(day)), None)
    if held is not None:
        return held
    told = frequency(keeper.role, keeper.level, day, keeper.area.region_id)
    if not told.get("times"):
        raise InputError("patrols.no_frequency", value=keeper.code)
    made = Plan(
        code=_code(keeper, day),
        area=keeper.area,
        keeper=keeper,
        per=told["per"],
        times=int(told["times"]),
        months=told.get("months") or "",
        basis=told["source"]["basis"][language()][:300],
        source=told["source"],
        valid_from=max(day, keeper.valid_from) if keeper.valid_from else day,
        valid_to=keeper.valid_to,
        simulated=keeper.simulated,
        **{name: _whole(told.get(name)) for name in ("min_minutes", "min_metres", "min_gap_hours")},
    )
    save(actor, made, reason)
    return made


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _code(keeper: Keeper, day: date) -> str:
    return f"{keeper.code[:60]}-{day:%Y%m%d}"


def plans_for(actor: Actor, area: Area, day: date) -> list[Plan]:
    """Make the plans of all keepers of an area who hold office on a day, where the table asks for any."""
    made = []
    for keeper in area.keepers.all():
        if keeper.holds(day) and frequency(keeper.role, keeper.level, day, area.region_id).get("times"):
            made.append(plan_for(actor, keeper, day))
    return made


def due_plans(person: str, organisation: str, day: date) -> list[Plan]:
    """Return the plans that a person owes on a day: his own, and those of his areas for anybody."""
    keepers = [one for one in Keeper.objects.filter(person__code=person) if one.holds(day)]
    own = {one.pk for one in keepers}
    areas = {one.area_id for one in keepers}
    rows = Plan.objects.filter(area__in=areas).select_related("area", "area__region", "keeper")
    return [one for one in rows if one.holds(day) and (one.keeper_id in own or one.keeper_id is None)]

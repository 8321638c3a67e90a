"""Why a section has its class 断面水质类别的由来."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np

from huanzhi.assess.explanation import Explanation, Step
from huanzhi.assess.readings import Readings
from huanzhi.assess.water import (
    Judgement,
    Rounding,
    judge,
    judge_separately,
    main_pollutants,
    meets_target,
)
from huanzhi.assess.water_kind import Kind
from huanzhi.messages import text
from huanzhi.standards import water_bodies
from huanzhi.standards.class_items import ClassItem
from huanzhi.standards.model import Table
from huanzhi.standards.water import WaterRules, rules

MET = {1: "yes", 0: "no", -1: ""}


def explain_water(
    sample: Mapping[str, Readings],
    kind: Kind,
    day: date,
    *,
    target: str = "",
    rounding: Rounding = "as_reported",
) -> Explanation:
    """Explain the class of one section.

    Parameters
    ----------
    sample : mapping of str to Readings, each of shape (1,)
        Item name → value [mg/L; pH none].
    kind : Kind
        River or lake, and how that was decided.
    day : date
        China day whose edition judges.
    target : str
        Target class, empty for none.
    rounding : {"as_reported", "evaluation"}
        See `judge`.

    Raises
    ------
    StandardError
        If no edition was in force on `day`.
    """
    judging = rules(day)
    lake = np.array([kind.lake])
    judged = judge(sample, lake, judging, rounding=rounding)
    separate = {
        item: judging.class_name(int(classes[0]))
        for item, classes in judge_separately(sample, lake, judging).items()
    }
    steps = [_kind_step(kind), *_item_steps(judged), _overall_step(judged)]
    return Explanation(
        inputs={name: _given(name, column, judging) for name, column in sample.items()},
        editions=(judging.edition, judging.evaluation),
        steps=(*steps, *_multiple_steps(judged), *_target_step(judged, target)),
        result=_result(judged, separate, target),
        tables=_tables(judging, kind),
    )


def _given(name: str, column: Readings, judging: WaterRules) -> str:
    limits = judging.lake.get(name)
    unit = limits.unit if limits else ""
    return f"{column.text(0)} {unit}".strip()


def _kind_step(kind: Kind) -> Step:
    basis = text(f"water.kind_{kind.how}", word=kind.word)
    return Step("water.step_lake" if kind.lake else "water.step_river", {"basis": basis})


def _item_steps(judged: Judgement) -> list[Step]:
    steps = []
    for place, item in enumerate(judged.items):
        column = judged.columns[place]
        number = int(judged.classes[place, 0])
        if not number:
            steps.append(Step("water.step_skipped", {"item": item}))
            continue
        limits = _limits(judged, item)
        shown = limits.accepts[min(number, len(limits.accepts)) - 1].text()
        key = "water.step_beyond" if number > len(limits.accepts) else "water.step_within"
        values = {"item": item, "value": column.text(0), "unit": limits.unit, "limit": shown}
        steps.append(Step(key, {**values, "name": judged.rules.class_name(number)}, limits.table.clause))
    return steps


def _limits(judged: Judgement, item: str) -> ClassItem:
    limits = judged.rules.limits(item, lake=bool(judged.lake[0]))
    assert limits is not None
    return limits


def _overall_step(judged: Judgement) -> Step:
    name = judged.rules.class_name(int(judged.overall[0]))
    if not name:
        return Step("water.nothing_measured", {})
    items = "、".join(judged.named(judged.limiting, 0)) or "—"
    return Step("water.step_overall", {"name": name, "items": items}, "环办[2011]22号 三（一）")


def _multiple_steps(judged: Judgement) -> list[Step]:
    reference = judged.rules.class_name(judged.rules.reference)
    steps = []
    for item in judged.named(judged.exceeding, 0):
        multiple = judged.multiple(item, 0)
        if multiple is not None:
            limit = _limits(judged, item).limit(judged.rules.reference)
            values = {"item": item, "value": _value(judged, item), "limit": limit, "name": reference}
            steps.append(Step("water.step_multiple", {**values, "multiple": multiple}, "环办[2011]22号 四"))
    return steps


def _value(judged: Judgement, item: str) -> str:
    return judged.columns[judged.items.index(item)].text(0)


def _target_step(judged: Judgement, target: str) -> list[Step]:
    if not target:
        return []
    met = int(meets_target(judged, target)[0])
    key = {1: "water.step_met", 0: "water.step_not_met", -1: "water.step_unknown"}[met]
    return [Step(key, {"target": target})]


def _result(judged: Judgement, separate: Mapping[str, str], target: str) -> dict[str, object]:
    number = int(judged.overall[0])
    grade = judged.rules.grade(number)
    multiples: dict[str, Decimal | None] = {
        item: judged.multiple(item, 0) for item in judged.named(judged.exceeding, 0)
    }
    found: dict[str, object] = {
        "class": judged.rules.class_name(number),
        "grade": grade["name"] if grade else "",
        "limiting": list(judged.named(judged.limiting, 0)),
        "multiples": {item: value for item, value in multiples.items() if value is not None},
        "main_pollutants": list(main_pollutants(judged, 0)),
        "separate": {item: name for item, name in separate.items() if name},
        "skipped": list(judged.named(judged.skipped, 0)),
        "doubtful": list(judged.named(judged.doubtful, 0)),
    }
    return {**found, "target_met": MET[int(meets_target(judged, target)[0])]} if target else found


def _tables(judging: WaterRules, kind: Kind) -> tuple[Table, ...]:
    limits = [judging.edition.table(name) for name in ("table1", "table1_range")]
    if kind.lake:
        limits.append(judging.edition.table("table1_lake"))
    measures = [
        judging.evaluation.table(name) for name in ("evaluated_items", "section_grades", "exceedance")
    ]
    ours = {"station": "stations", "measured": "evidence", "body": "bodies", "pattern": "patterns"}
    guessed = (
        [water_bodies.tables().edition.table(ours.get(kind.how, "evidence"))] if kind.how != "given" else []
    )
    return (*limits, *measures, *guessed)

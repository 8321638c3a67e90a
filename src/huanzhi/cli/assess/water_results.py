"""Judged columns 评价结果列 of ``huanzhi assess water``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from huanzhi.assess import water
from huanzhi.assess.readings import Readings
from huanzhi.assess.water import Classes, Judgement, Rounding
from huanzhi.assess.water_kind import Kind
from huanzhi.cli.assess.files import Refusals
from huanzhi.cli.assess.item_columns import SEPARATOR, words
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards.water import WaterRules

PLAIN = ("class", "grade", "limiting", "multiples", "main_pollutants", "separate", "skipped")
KINDS = {False: "river", True: "lake"}


@dataclass(frozen=True, slots=True)
class WaterRows:
    """What was read from a file of n rows.

    Attributes
    ----------
    rules : sequence of WaterRules or None, length n
        Rules of each row's day; None where the row has no day.
    kinds : sequence of Kind, length n
    columns : mapping of str to Readings
        Item → readings of all rows.
    targets : sequence of str or None
        Target class of each row, empty where it has none; None where no target is asked for.
    """

    sheet: Sheet
    refusals: Refusals
    rules: Sequence[WaterRules | None]
    kinds: Sequence[Kind]
    columns: Mapping[str, Readings]
    targets: Sequence[str] | None


@dataclass(frozen=True)
class _Judged:
    """All rows judged by one set of rules, by their own limits and by the other kind's."""

    own: Judgement
    other: Judgement
    separate: Mapping[str, Classes]
    met: Classes | None
    rows: WaterRows

    @cached_property
    def masks(self) -> dict[str, water.Mask]:
        """The masks of `Judgement` by name, each reckoned once for all rows."""
        names = ("limiting", "exceeding", "skipped", "doubtful")
        return {name: getattr(self.own, name) for name in names}

    def named(self, mask: str, row: int) -> tuple[str, ...]:
        """Return the items for which a mask holds in a row."""
        return self.own.named(self.masks[mask], row)


def results(rows: WaterRows, rounding: Rounding) -> dict[str, list[str]]:
    """Return the judged columns, one text a row.

    ``class``, ``grade``, ``limiting``, ``multiples``, ``main_pollutants``, ``separate`` (items judged apart),
    ``skipped`` (items of the file not measured in the row), ``target_met`` where a target is asked for,
    ``kind_used``, ``kind_basis``, ``edition``, ``reason``.
    """
    judged = {id(rules): _judge(rows, rules, rounding) for rules in _distinct(rows.rules)}
    lines = [_line(rows, judged, row) for row in range(len(rows.sheet))]
    return {name: [line.get(name, "") for line in lines] for name in _names(rows)}


def summary(columns: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Return how many rows have each class, none, and each kind."""
    classes = Counter(columns["class"])
    none = classes.pop("", 0)
    found: dict[str, object] = {"classes": dict(sorted(classes.items())), "not_judged": none}
    for name in ("kind_used", "target_met"):
        if name in columns:
            found[name] = dict(sorted(Counter(cell for cell in columns[name] if cell).items()))
    return found


def _names(rows: WaterRows) -> tuple[str, ...]:
    asked = () if rows.targets is None else ("target_met",)
    return (*PLAIN, *asked, "kind_used", "kind_basis", "edition", "reason")


def _distinct(rules: Iterable[WaterRules | None]) -> list[WaterRules]:
    return list({id(one): one for one in rules if one is not None}.values())


def _judge(rows: WaterRows, rules: WaterRules, rounding: Rounding) -> _Judged:
    lake = np.array([kind.lake for kind in rows.kinds], dtype=np.bool_)
    own = water.judge(rows.columns, lake, rules, rounding=rounding)
    met = None if rows.targets is None else water.meets_target(own, rows.targets)
    other = water.judge(rows.columns, ~lake, rules, rounding=rounding)
    return _Judged(own, other, water.judge_separately(rows.columns, lake, rules), met, rows)


def _line(rows: WaterRows, judged: Mapping[int, _Judged], row: int) -> dict[str, str]:
    if row in rows.refusals.found:
        return {"reason": str(rows.refusals.found[row])}
    rules = rows.rules[row]
    if rules is None:
        return {}
    return _cells(judged[id(rules)], row, rows.kinds[row])


def _cells(judged: _Judged, row: int, kind: Kind) -> dict[str, str]:
    own, rules = judged.own, judged.own.rules
    grade = rules.grade(int(own.overall[row]))
    over = {item: own.multiple(item, row) for item in judged.named("exceeding", row)}
    return {
        "class": rules.class_name(int(own.overall[row])),
        "grade": str(grade["name"]) if grade else "",
        "limiting": SEPARATOR.join(judged.named("limiting", row)),
        "multiples": words({item: value for item, value in over.items() if value is not None}),
        "main_pollutants": SEPARATOR.join(water.main_pollutants(own, row) if over else ()),
        "separate": words(_separate(judged, row)),
        "skipped": SEPARATOR.join(judged.named("skipped", row)),
        "target_met": _met(judged, row),
        "kind_used": KINDS[kind.lake],
        "kind_basis": text(f"water.kind_{kind.how}", word=kind.word),
        "edition": rules.edition.number,
        "reason": text("assess_cli.sentence_separator").join(_reasons(judged, row, kind)),
    }


def _separate(judged: _Judged, row: int) -> dict[str, object]:
    found = {item: int(classes[row]) for item, classes in judged.separate.items()}
    return {item: judged.own.rules.class_name(number) for item, number in found.items() if number}


def _met(judged: _Judged, row: int) -> str:
    if judged.met is None:
        return ""
    return {1: "yes", 0: "no", -1: ""}[int(judged.met[row])]


def _reasons(judged: _Judged, row: int, kind: Kind) -> list[str]:
    own, other = judged.own, judged.other
    if not own.overall[row]:
        return [text("water.nothing_measured")]
    found = []
    if items := judged.named("doubtful", row):
        found.append(text("water.doubtful", items=SEPARATOR.join(items)))
    if kind.doubtful and own.overall[row] != other.overall[row]:
        name = own.rules.class_name(int(other.overall[row]))
        found.append(text(f"water.by_{KINDS[not kind.lake]}_limits", name=name))
    return found

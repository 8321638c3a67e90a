"""Asking a rulebook 研判: values checked, rows hit, reasons told; and its worked examples run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.rules.graph import Decision, decision
from huanzhi.rules.model import (
    TOTAL,
    Example,
    Field,
    Hit,
    Policy,
    Reason,
    Result,
    Row,
    Rulebook,
    Sort,
    Type,
    Value,
    bare,
)
from huanzhi.rules.reading import digest


def evaluate(rulebook: Rulebook, inputs: Mapping[str, Any]) -> Result:
    """Ask a rulebook.

    Parameters
    ----------
    inputs : mapping
        Value by input; numbers as int, Decimal or decimal text. A binary float is taken as the decimal that
        it is written as. None or absence is *missing*, which hits no condition but ``missing``.

    Raises
    ------
    InputError
        If a value cannot stand in its input, a compulsory one is missing, or a name is unknown.
    """
    values = given(rulebook, inputs)
    table, bands = _compiled(rulebook)
    found = table.hits(values)
    if rulebook.sort is Sort.SCORE:
        found = _first_of_groups(rulebook, found)
    hits = tuple(_hit(rulebook, position, values) for position in found)
    scored = rulebook.sort is Sort.SCORE
    outputs = _scored(rulebook, hits, bands) if scored else dict(hits[0].outputs) if hits else {}
    return Result(
        rulebook.id,
        rulebook.version,
        digest(rulebook),
        rulebook.place,
        values,
        outputs,
        hits,
        _unknown(rulebook, values, found),
    )


def given(rulebook: Rulebook, inputs: Mapping[str, Any]) -> dict[str, Value]:
    """Return the value of every input, checked."""
    known = [field.name for field in rulebook.inputs]
    for name in inputs:
        if name not in known:
            raise InputError("rules.no_input", column=str(name)[:60], expected=", ".join(known))
    return {field.name: value_of(field, inputs.get(field.name)) for field in rulebook.inputs}


def value_of(field: Field, raw: Any) -> Value:
    """Return a value as its field holds it; None where it is missing."""
    if raw is None or raw == "":
        if not field.optional:
            raise InputError("rules.input_missing", column=field.name, expected=field.title.text())
        return None
    if field.type is Type.TRUTH:
        return _truth(field, raw)
    if field.type is Type.TEXT:
        return _word(field, raw)
    return _number(field, raw)


def _truth(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "false"):
        return bool(raw == "true")
    raise InputError("rules.value", column=field.name, value=raw, expected="true, false")


def _word(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or (field.choices and raw not in field.choices) or len(raw) > 200:
        expected = ", ".join(field.choices) or text("rules.cell_text")
        raise InputError("rules.value", column=field.name, value=str(raw)[:100], expected=expected)
    return raw


def _number(field: Field, raw: Any) -> Decimal | int:
    try:
        number = Decimal(str(raw)) if not isinstance(raw, bool) and len(str(raw)) <= 60 else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    whole = field.type is Type.INTEGER
    if (
        not number.is_finite()
        or abs(number.adjusted()) > 24
        or (whole and number != number.to_integral_value())
    ):
        expected = text(f"rules.cell_{field.type.value}")
        raise InputError("rules.value", column=field.name, value=str(raw)[:60], expected=expected)
    if (field.least is not None and number < field.least) or (field.most is not None and number > field.most):
        raise InputError("rules.value", column=field.name, value=str(raw), expected=_bounds(field))
    return int(number) if whole else number


def _bounds(field: Field) -> str:
    low = "" if field.least is None else f"≥ {field.least:f}"
    high = "" if field.most is None else f"≤ {field.most:f}"
    return " ".join(filter(None, (low, high)))


def _compiled(rulebook: Rulebook) -> tuple[Decision, Decision | None]:
    return _compile(_Keyed(digest(rulebook), rulebook))


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A rulebook known by its digest."""

    key: str
    rulebook: Rulebook

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self.key == other.key


@lru_cache(maxsize=256)
def _compile(keyed: _Keyed) -> tuple[Decision, Decision | None]:
    rulebook = keyed.rulebook
    policy = Policy.COLLECT if rulebook.sort is Sort.SCORE else rulebook.policy
    table = decision(rulebook.inputs, [row.when for row in rulebook.rows], policy)
    if not rulebook.bands:
        return table, None
    return table, decision([TOTAL], [{"total": band.when} for band in rulebook.bands], Policy.FIRST)


def _first_of_groups(rulebook: Rulebook, found: list[int]) -> list[int]:
    first: dict[str, int] = {}
    for position in found:
        first.setdefault(rulebook.rows[position].group, position)
    return sorted(first.values())


def _hit(rulebook: Rulebook, position: int, values: Mapping[str, Value]) -> Hit:
    row = rulebook.rows[position]
    reasons = tuple(
        Reason(field, values[field.name], row.when[field.name])
        for field in rulebook.inputs
        if field.name in row.when and not row.when[field.name].always
    )
    confidence = rulebook.confidence_of(row)
    points = _points(rulebook, row) if rulebook.sort is Sort.SCORE else None
    return Hit(position + 1, row.then, reasons, row.clause, row.note, confidence, row.group, points)


def _points(rulebook: Rulebook, row: Row) -> Decimal:
    points = row.then["points"]
    assert isinstance(points, Decimal | int)
    return rulebook.weights.get(row.group, Decimal(1)) * points


def _scored(rulebook: Rulebook, hits: tuple[Hit, ...], bands: Decision | None) -> dict[str, Value]:
    total = rulebook.base + sum((hit.points or Decimal(0) for hit in hits), Decimal(0))
    total = total if rulebook.least is None else max(total, rulebook.least)
    total = total if rulebook.most is None else min(total, rulebook.most)
    found = bands.hits({"total": total}) if bands else []
    return {"total": total, **(rulebook.bands[found[0]].then if found else {})}


def _unknown(rulebook: Rulebook, values: Mapping[str, Value], found: list[int]) -> tuple[str, ...]:
    """Return the missing inputs that a row before the hit asks for; all rows where every hit counts."""
    first = rulebook.sort is Sort.TABLE and rulebook.policy is Policy.FIRST
    asked = rulebook.rows[: found[0]] if found and first else rulebook.rows
    names = [name for row in asked for name, cell in row.when.items() if not (cell.always or cell.missing)]
    return tuple(dict.fromkeys(name for name in names if values[name] is None))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worked example gave; `fault` tells why it is not what was expected, empty where it is."""

    number: int
    example: Example
    result: Result | None
    fault: str = ""

    @property
    def passed(self) -> bool:
        """Whether the answer is the expected one."""
        return not self.fault

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        expected = self.example.expected
        listed = [bare(each) for each in expected] if isinstance(expected, tuple) else bare(expected)
        return {
            "number": self.number,
            "inputs": bare(self.example.inputs),
            "expected": listed,
            "passed": self.passed,
            "fault": self.fault,
            "result": self.result.as_dict() if self.result else None,
        }


def run_examples(rulebook: Rulebook) -> tuple[Answer, ...]:
    """Run every worked example of a rulebook."""
    return tuple(_run(rulebook, number, each) for number, each in enumerate(rulebook.examples, start=1))


def failures(rulebook: Rulebook) -> tuple[Answer, ...]:
    """Return the worked examples that do not give what they should."""
    return tuple(answer for answer in run_examples(rulebook) if not answer.passed)


def _run(rulebook: Rulebook, number: int, example: Example) -> Answer:
    try:
        result = evaluate(rulebook, example.inputs)
    except InputError as error:
        return Answer(number, example, None, str(error))
    return Answer(number, example, result, _fault(example, result))


def _fault(example: Example, result: Result) -> str:
    expected = example.expected
    if isinstance(expected, tuple):
        got = [hit.outputs for hit in result.hits]
        same = len(got) == len(expected) and all(map(_meets, got, expected))
        shown = " | ".join(map(_written, got))
    else:
        same = _meets(result.outputs, expected) and (bool(expected) or not result.outputs)
        shown = _written(result.outputs)
    return "" if same else text("rules.other_answer", got=shown)


def _written(values: Mapping[str, Value]) -> str:
    return "; ".join(f"{name} = {value}" for name, value in bare(values).items()) or "—"


def _meets(got: Mapping[str, Value], expected: Mapping[str, Value]) -> bool:
    return all(name in got and got[name] == value for name, value in expected.items())

"""Documents of rulebooks: the one shape for shipped files, drafts in the database and the API.

A document has ``id``, ``kind`` (table or score), ``version``, ``from``, ``to``, ``place``,
``title``, ``basis``, ``confidence``, ``sources``, ``note``, ``policy``, ``input``, ``output``,
``row``, ``example``, and for score cards ``base``, ``least``, ``most``, ``weights``, ``band``. What
a person reads is ``{ zh = "…", en = "…" }``. A row is ``{ when = { INPUT = "CELL" }, then = {
OUTPUT = VALUE }, clause, note, confidence, group }``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from huanzhi.errors import InputError
from huanzhi.rules import cells
from huanzhi.rules.model import (
    TOTAL,
    Band,
    Example,
    Field,
    Policy,
    Row,
    Rulebook,
    Sort,
    Type,
    Value,
    bare,
    plain,
)
from huanzhi.standards.model import Confidence, Interval, Provenance, Words

MOST_ROWS = 500
"""Rows of a rulebook. DEFAULT, NOT FROM THE DOCUMENTS."""

_KEYS = {
    "rulebook": {
        "id", "kind", "version", "from", "to", "place", "title", "basis", "confidence", "sources", "note",
        "policy", "input", "output", "row", "example", "base", "least", "most", "weights", "band",
    },
    "field": {"name", "type", "title", "unit", "choices", "optional", "least", "most"},
    "choice": {"code", "zh", "en"},
    "row": {"when", "then", "clause", "note", "confidence", "group"},
    "band": {"when", "then"},
    "example": {"inputs", "expected", "note"},
}  # fmt: skip
_Chosen = TypeVar("_Chosen", Sort, Policy, Type, Confidence)
Document = Mapping[str, Any]


def of_document(raw: Document) -> Rulebook:
    """Read a rulebook.

    Raises
    ------
    InputError
        Naming row and column, if a key is unknown, a cell is wrong, or a row gives what is no output.
    """
    part = _Part(raw, "rulebook", None)
    sort = _chosen(Sort, raw.get("kind", "table"), "kind")
    inputs = tuple(_field(each) for each in part.list("input", 60))
    outputs = tuple(_field(each) for each in part.list("output", 30))
    fields = {field.name: field for field in inputs}
    given = {field.name: field for field in outputs}
    results = given | ({"total": TOTAL} if sort is Sort.SCORE else {})
    return Rulebook(
        id=part.text("id", 60),
        title=part.words("title"),
        sort=sort,
        version=str(raw.get("version", "1"))[:20],
        interval=Interval(_day(raw.get("from"), "from"), _day(raw["to"], "to") if raw.get("to") else None),
        basis=part.words("basis"),
        provenance=_provenance(part),
        inputs=inputs,
        outputs=outputs,
        rows=tuple(
            _row(each, i, fields, given, sort) for i, each in enumerate(part.list("row", MOST_ROWS), 1)
        ),
        policy=_chosen(Policy, raw.get("policy", "first"), "policy"),
        place=str(raw.get("place", ""))[:12],
        examples=tuple(
            _example(each, i, fields, results) for i, each in enumerate(part.list("example", 200), 1)
        ),
        bands=tuple(_band(each, i, given) for i, each in enumerate(part.list("band", 50), 1)),
        weights={str(name): _decimal(value, str(name)) for name, value in part.table("weights").items()},
        base=_decimal(raw.get("base", 0), "base"),
        least=_bound(raw, "least"),
        most=_bound(raw, "most"),
    )


class _Part:
    """A part of a document, whose keys are known."""

    def __init__(self, raw: Any, part: str, row: int | None) -> None:
        if not isinstance(raw, Mapping):
            raise InputError("rules.not_part", row=row, column=part)
        unknown = set(raw) - _KEYS[part]
        if unknown:
            raise InputError("rules.unknown_key", row=row, column=str(min(map(str, unknown)))[:60])
        self.raw, self.row = raw, row

    def text(self, name: str, most: int) -> str:
        """Return a text that must be there."""
        value = self.raw.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > most:
            raise InputError("rules.no_key", row=self.row, column=name)
        return value

    def words(self, name: str) -> Words:
        """Return what stands in both languages, empty where it is not there."""
        return words(self.raw.get(name), name, self.row)

    def list(self, name: str, most: int) -> Sequence[Any]:
        """Return a list, empty where it is not there."""
        value = self.raw.get(name, ())
        if not isinstance(value, list | tuple) or len(value) > most:
            raise InputError("rules.not_part", row=self.row, column=name, expected=f"≤ {most}")
        return value

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table, empty where it is not there."""
        value = self.raw.get(name, {})
        if not isinstance(value, Mapping) or len(value) > 60:
            raise InputError("rules.not_part", row=self.row, column=name)
        return value


def words(raw: Any, name: str, row: int | None = None) -> Words:
    """Read what stands in both languages; one language alone is refused."""
    if not raw:
        return Words()
    both = isinstance(raw, Mapping) and set(raw) == {"zh", "en"}
    if not both or not all(isinstance(each, str) and 0 < len(each.strip()) <= 600 for each in raw.values()):
        raise InputError("rules.one_language", row=row, column=name, expected='{ zh = "…", en = "…" }')
    return Words(raw["zh"], raw["en"])


def _chosen(kind: type[_Chosen], raw: Any, name: str, row: int | None = None) -> _Chosen:
    if raw not in list(kind):
        raise InputError("rules.value", row=row, column=name, value=str(raw)[:60], expected=", ".join(kind))
    return kind(raw)


def _day(raw: Any, name: str) -> date:
    if type(raw) is date:
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        raise InputError("rules.value", column=name, value=str(raw)[:60], expected="YYYY-MM-DD") from None


def _bound(raw: Document, name: str) -> Decimal | None:
    return None if raw.get(name) is None else _decimal(raw[name], name)


def _decimal(raw: Any, name: str, row: int | None = None) -> Decimal:
    try:
        number = Decimal("nan" if isinstance(raw, bool) else str(raw)[:60])
    except ArithmeticError:
        number = Decimal("nan")
    if not number.is_finite() or abs(number.adjusted()) > 24:
        raise InputError("rules.value", row=row, column=name, value=str(raw)[:60])
    return number


def _provenance(part: _Part) -> Provenance:
    confidence = _chosen(Confidence, part.raw.get("confidence", Confidence.NOT_CONFIRMED), "confidence")
    sources = tuple(words(each, "sources") for each in part.list("sources", 30))
    return Provenance(confidence, sources, part.words("note"))


def _field(raw: Any) -> Field:
    part = _Part(raw, "field", None)
    name = part.text("name", 60)
    if not name.isidentifier() or not name.isascii():
        raise InputError("rules.value", column="name", value=name)
    return Field(
        name=name,
        type=_chosen(Type, raw.get("type", "number"), name),
        title=part.words("title"),
        unit=_unit(raw.get("unit", "")),
        choices={_choice(each).raw["code"]: _said(each) for each in part.list("choices", 200)},
        optional=bool(raw.get("optional", False)),
        least=_bound(raw, "least"),
        most=_bound(raw, "most"),
    )


def _unit(raw: Any) -> Words:
    """Read a unit: a sign that is the same in both languages, or words in each."""
    if isinstance(raw, str):
        return Words(raw[:30], raw[:30])
    return words(raw, "unit")


def _choice(raw: Any) -> _Part:
    part = _Part(raw, "choice", None)
    part.text("code", 60)
    return part


def _said(raw: Mapping[str, Any]) -> Words:
    return words({"zh": raw.get("zh"), "en": raw.get("en")}, "choices")


def _row(raw: Any, number: int, fields: Mapping[str, Field], given: Mapping[str, Field], sort: Sort) -> Row:
    part = _Part(raw, "row", number)
    when = {str(n): _cell(str(n), cell, number, fields) for n, cell in part.table("when").items()}
    outputs = {"points": Field("points", Type.NUMBER, Words())} if sort is Sort.SCORE else given
    confidence = raw.get("confidence")
    return Row(
        when=when,
        then=_then(part.table("then"), number, outputs),
        clause=part.words("clause"),
        note=part.words("note"),
        group=str(raw.get("group", ""))[:60],
        confidence=_chosen(Confidence, confidence, "confidence", number) if confidence else None,
    )


def _cell(name: str, raw: Any, row: int, fields: Mapping[str, Field]) -> cells.Cell:
    if name not in fields:
        raise InputError("rules.no_input", row=row, column=name[:60], expected=", ".join(fields))
    written = str(raw).lower() if isinstance(raw, bool) else str(raw)
    try:
        return cells.read(written[:2000], fields[name])
    except InputError as error:
        error.place["row"] = row
        raise


def _then(raw: Mapping[str, Any], row: int, outputs: Mapping[str, Field]) -> dict[str, Value]:
    for name in raw:
        if name not in outputs:
            raise InputError("rules.no_output", row=row, column=str(name)[:60], expected=", ".join(outputs))
    for name, field in outputs.items():
        if not field.optional and raw.get(name) in (None, ""):
            raise InputError("rules.output_missing", row=row, column=name)
    return {
        name: _output(outputs[name], value, row) for name, value in raw.items() if value not in (None, "")
    }


def _output(field: Field, raw: Any, row: int) -> Value:
    if field.type is Type.TRUTH and isinstance(raw, bool):
        return raw
    if field.type is Type.TEXT and isinstance(raw, str) and len(raw) <= 200:
        if field.choices and raw not in field.choices:
            expected = ", ".join(field.choices)
            raise InputError("rules.value", row=row, column=field.name, value=raw, expected=expected)
        return raw
    if field.type in (Type.TRUTH, Type.TEXT):
        raise InputError("rules.value", row=row, column=field.name, value=str(raw)[:60])
    number = _decimal(raw, field.name, row)
    return int(number) if field.type is Type.INTEGER else number


def _band(raw: Any, number: int, given: Mapping[str, Field]) -> Band:
    part = _Part(raw, "band", number)
    cell = _cell("total", raw.get("when", ""), number, {"total": TOTAL})
    return Band(cell, _then(part.table("then"), number, given))


def _example(raw: Any, number: int, fields: Mapping[str, Field], results: Mapping[str, Field]) -> Example:
    part = _Part(raw, "example", number)
    expected = raw.get("expected", {})
    if isinstance(expected, list | tuple):
        met: Any = tuple(_values(each, number, results) for each in expected)
    else:
        met = _values(expected, number, results)
    return Example(_values(part.table("inputs"), number, fields), met, part.words("note"))


def _values(raw: Any, row: int, fields: Mapping[str, Field]) -> dict[str, Value]:
    if not isinstance(raw, Mapping) or len(raw) > 60:
        raise InputError("rules.not_part", row=row, column="example")
    for name in raw:
        if name not in fields:
            raise InputError("rules.no_input", row=row, column=str(name)[:60], expected=", ".join(fields))
    return {str(name): _exact(value, row, fields[name]) for name, value in raw.items()}


def _exact(raw: Any, row: int, field: Field) -> Value:
    if raw is None or isinstance(raw, bool | int | Decimal):
        return raw
    numeric = field.type in (Type.NUMBER, Type.INTEGER)
    return _decimal(raw, field.name, row) if numeric else str(raw)[:200]


def as_document(rulebook: Rulebook) -> dict[str, Any]:
    """Return a rulebook as JSON has it; `of_document` reads the same one back."""
    document: dict[str, Any] = {
        "id": rulebook.id,
        "kind": rulebook.sort.value,
        "version": rulebook.version,
        "from": rulebook.interval.start.isoformat(),
        "to": rulebook.interval.end.isoformat() if rulebook.interval.end else None,
        "place": rulebook.place,
        "title": _both(rulebook.title),
        "basis": _both(rulebook.basis),
        "confidence": rulebook.provenance.confidence.value,
        "sources": [_both(each) for each in rulebook.provenance.sources],
        "note": _both(rulebook.provenance.note),
        "policy": rulebook.policy.value,
        "input": [_field_out(each) for each in rulebook.inputs],
        "output": [_field_out(each) for each in rulebook.outputs],
        "row": [_row_out(each) for each in rulebook.rows],
        "example": [_example_out(each) for each in rulebook.examples],
    }
    return document | (_score_out(rulebook) if rulebook.sort is Sort.SCORE else {})


def _score_out(rulebook: Rulebook) -> dict[str, Any]:
    return {
        "base": plain(rulebook.base),
        "least": None if rulebook.least is None else plain(rulebook.least),
        "most": None if rulebook.most is None else plain(rulebook.most),
        "weights": {name: plain(value) for name, value in rulebook.weights.items()},
        "band": [{"when": each.when.written, "then": bare(each.then)} for each in rulebook.bands],
    }


def _both(said: Words) -> dict[str, str] | None:
    return {"zh": said.zh, "en": said.en} if said else None


def _field_out(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": field.type.value,
        "title": _both(field.title),
        "unit": field.unit.zh if field.unit.zh == field.unit.en else _both(field.unit),
        "choices": [{"code": code, "zh": said.zh, "en": said.en} for code, said in field.choices.items()],
        "optional": field.optional,
        "least": None if field.least is None else plain(field.least),
        "most": None if field.most is None else plain(field.most),
    }


def _row_out(row: Row) -> dict[str, Any]:
    return {
        "when": {name: cell.written for name, cell in row.when.items() if not cell.always},
        "then": bare(row.then),
        "clause": _both(row.clause),
        "note": _both(row.note),
        "confidence": row.confidence.value if row.confidence else None,
        "group": row.group,
    }


def _example_out(example: Example) -> dict[str, Any]:
    expected = example.expected
    listed = [bare(each) for each in expected] if isinstance(expected, tuple) else bare(expected)
    return {"inputs": bare(example.inputs), "expected": listed, "note": _both(example.note)}


def digest(rulebook: Rulebook) -> str:
    """Return the SHA-256 of a rulebook's document, to be kept with each decision."""
    body = json.dumps(as_document(rulebook), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()

"""Declarations 登记簿定义: what makes one valid, the columns that it gives, and whether values fit it.

A declaration is a JSON Schema of an object. Annotations of the whole: ``x-zh`` and ``x-en`` (titles),
``x-basis`` (where its fields come from), ``x-geometry`` (``point`` or ``polygon``; no place without),
``x-due`` (property with the date by which something is due), ``x-sensitivity`` (of an entry where nothing
else is said). Annotations of a property: ``x-zh``, ``x-en``, ``x-unit``, ``x-filter``, ``x-sort``,
``x-search``, ``x-sensitivity`` (who may see the field), ``x-choices`` (choice → ``{"zh", "en"}``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError

from huanzhi.errors import InputError
from huanzhi.library.records.columns import Column, Kind
from huanzhi.messages import text

Schema = Mapping[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SENSITIVITIES = ("public", "internal", "restricted", "own")
TAKEN = frozenset(
    (
        *("code", "name", "region", "region_name", "organisation", "organisation_name", "lon", "lat"),
        *("geometry", "due", "version", "sensitivity", "valid_from", "valid_to", "simulated", "revision"),
        *(
            "values",
            "register",
            "attributes",
            "id",
            "pk",
            "on",
            "box",
            "q",
            "limit",
            "offset",
            "sort",
            "format",
        ),
    )
)
"""Names of what every entry has, which no property may bear."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
_KINDS = {
    ("string", "date"): Kind.DATE,
    ("string", "date-time"): Kind.MOMENT,
    ("string", ""): Kind.TEXT,
    ("integer", ""): Kind.INTEGER,
    ("number", ""): Kind.NUMBER,
    ("boolean", ""): Kind.TRUTH,
    ("array", ""): Kind.JSON,
    ("object", ""): Kind.JSON,
}
_formats = FormatChecker(formats=())


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def check(code: str, schema: Any) -> None:
    """Refuse a declaration that is none.

    Raises
    ------
    InputError
        ``registers.declaration`` with the place in the schema and what was expected there.
    """
    if not _CODE.fullmatch(code or ""):
        raise InputError("registers.code", value=code, expected="a-z 0-9 -")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise _wrong("/".join(map(str, error.absolute_path)), error.message) from None
    _is_closed(schema)
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict) or schema.get("type") != "object":
        raise _wrong("properties", '{"type": "object", "properties": {…}}')
    _titled("", schema)
    for name, declared in properties.items():
        _check_property(name, declared)
    for name in schema.get("required", ()):
        if name not in properties:
            raise _wrong("required", ", ".join(properties), name)
    _check_annotations(schema, properties)


def _check_property(name: str, declared: Any) -> None:
    if not _NAME.fullmatch(name) or name in TAKEN or "__" in name:
        raise _wrong("properties", text("registers.free_name"), name)
    if not isinstance(declared, dict) or _kind(declared) is None:
        raise _wrong(f"properties/{name}/type", ", ".join(sorted({kind for kind, _ in _KINDS})))
    _titled(f"properties/{name}/", declared)
    if declared.get("x-sensitivity", "internal") not in SENSITIVITIES:
        raise _wrong(f"properties/{name}/x-sensitivity", ", ".join(SENSITIVITIES))


def _check_annotations(schema: Schema, properties: Mapping[str, Any]) -> None:
    due = schema.get("x-due")
    if due is not None and (due not in properties or _kind(properties[due]) is not Kind.DATE):
        raise _wrong("x-due", text("registers.a_date"), due)
    if schema.get("x-geometry") not in (None, "point", "polygon"):
        raise _wrong("x-geometry", "point, polygon", schema["x-geometry"])
    if schema.get("x-sensitivity", "internal") not in SENSITIVITIES:
        raise _wrong("x-sensitivity", ", ".join(SENSITIVITIES), schema["x-sensitivity"])


def _titled(place: str, declared: Mapping[str, Any]) -> None:
    if not isinstance(declared.get("x-zh"), str) or not declared["x-zh"]:
        raise _wrong(f"{place}x-zh", text("registers.a_title"))


def _is_closed(schema: Any) -> None:
    """Refuse references out of the declaration."""
    if isinstance(schema, dict):
        for word in ("$ref", "$dynamicRef"):
            if not str(schema.get(word, "#")).startswith("#"):
                raise _wrong(word, "#/…", schema[word])
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _is_closed(part)


def _wrong(place: str, expected: str, value: object = None) -> InputError:
    return InputError("registers.declaration", column=place, value=value, expected=expected)


def _kind(declared: Mapping[str, Any]) -> Kind | None:
    if "enum" in declared:
        return Kind.CHOICE if all(isinstance(each, str) for each in declared["enum"]) else None
    type_ = declared.get("type")
    if not isinstance(type_, str):
        return None
    form = declared.get("format", "")
    return _KINDS.get((type_, form)) or _KINDS.get((type_, ""))


def columns(schema: Schema) -> Iterator[Column]:
    """Go through the columns of the declared properties."""
    required = schema.get("required", ())
    for name, declared in schema["properties"].items():
        kind = _kind(declared)
        assert kind is not None
        unit = f"({declared['x-unit']})" if declared.get("x-unit") else ""
        yield Column(
            name,
            kind,
            f"values__{name}",
            required=name in required,
            choices=tuple(declared.get("enum", ())),
            least=declared.get("minimum"),
            most=declared.get("maximum", declared.get("maxLength")),
            filter=bool(declared.get("x-filter")),
            sort=bool(declared.get("x-sort")),
            search=bool(declared.get("x-search")),
            sheet=kind is not Kind.JSON,
            titles={"zh": declared["x-zh"] + unit, "en": declared.get("x-en", declared["x-zh"]) + unit},
            choice_titles=declared.get("x-choices", {}),
        )


def sensitive(schema: Schema) -> dict[str, str]:
    """Return the properties that not everybody sees, with their sensitivity."""
    declared = schema["properties"].items()
    return {name: each["x-sensitivity"] for name, each in declared if "x-sensitivity" in each}


def check_values(schema: Schema, values: Any) -> None:
    """Refuse values that do not fit a declaration.

    Raises
    ------
    InputError
        ``registers.value`` with the heading of the first property that is wrong.
    """
    validator = Draft202012Validator(dict(schema), format_checker=_formats)
    error = min(
        validator.iter_errors(values), key=lambda each: [str(p) for p in each.absolute_path], default=None
    )
    if error is None:
        _no_strangers(schema, values)
        return
    name = str(error.absolute_path[0]) if error.absolute_path else _missing(error)
    column = {column.name: column for column in columns(schema)}.get(name)
    shown = error.instance if isinstance(error.instance, str | int | float) else None
    raise InputError(
        "registers.value",
        column=column.heading() if column else name,
        value=shown,
        expected=column.expectation() if column else error.message,
    )


def _missing(error: Any) -> str:
    """Return the property that an error of the whole object is about."""
    if error.validator == "required":
        return next((name for name in error.validator_value if name not in error.instance), "")
    return ""


def _no_strangers(schema: Schema, values: Mapping[str, Any]) -> None:
    for name in values:
        if name not in schema["properties"]:
            raise InputError("tables.no_column", value=name, expected=", ".join(schema["properties"]))

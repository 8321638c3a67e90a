"""The ledger as a sheet 台账表格: a template, a preview by row and column, all taken or nothing.

A sheet is a document of its own: its rows are laid out as text, each measure keeps the cell that it came from
as its quote, and enters the ledger as an accepted item does. A row whose number stands in the ledger must be
as it stands there: what is under way changes by steps, not by sheets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from openpyxl.utils import get_column_letter

from huanzhi.center.inspections.writing import number
from huanzhi.center.plans.intake import suggestion
from huanzhi.center.plans.models import BodyName, Document, Item, Measure
from huanzhi.center.plans.reviewing import enter
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.acting import act
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.giving import read
from huanzhi.library.records.tables import Table
from huanzhi.library.rights import Actor, Thing, require
from huanzhi.library.sheets.reading import Filled, read_filled
from huanzhi.library.sheets.template import template as empty_sheet
from huanzhi.library.sheets.writing import workbook

PARTED = "、"
SHOWN = 200
"""Errors and rows that a preview shows. DEFAULT, NOT FROM THE DOCUMENTS."""

SHEET = Table(
    Measure.KIND,
    "plan-sheet",
    Measure,
    (
        Column("number", Kind.TEXT, titles=both("编号", "number"), most=32),
        Column("no", Kind.INTEGER, titles=both("序号", "serial"), least=0, most=100_000),
        Column("title", Kind.TEXT, titles=both("重点举措", "measure"), required=True, most=1000),
        Column("task", Kind.TEXT, titles=both("主要任务", "task"), most=300),
        Column("lead", Kind.TEXT, titles=both("牵头单位", "lead"), required=True, most=100),
        Column("joint", Kind.TEXT, titles=both("配合单位", "cooperating"), most=500),
        Column("begins", Kind.DATE, titles=both("起始日期", "begins")),
        Column("due", Kind.DATE, titles=both("完成时限", "due"), required=True),
    ),
    key="number",
    titles=both("举措台账", "ledger of measures"),
)


@dataclass(slots=True)
class Checked:
    """What taking a sheet in would do.

    Attributes
    ----------
    rows : list of dict
        New measures: row of the sheet, cell, and values by column.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        told = [{name: str(value or "") for name, value in row.items()} for row in self.rows[:SHOWN]]
        numbers = {"new": len(self.rows), "unchanged": self.unchanged, "wrong": len(self.errors)}
        return {**numbers, "rows": told, "errors": self.errors[:SHOWN]}


def template() -> bytes:
    """Return an empty sheet to fill in."""
    return empty_sheet(SHEET)


def export(rows: Any) -> bytes:
    """Return measures in a sheet of the same columns, which can be taken in again."""
    return workbook(SHEET.sheet_columns(), [_told(row) for row in rows.select_related("lead")])


def _told(row: Measure) -> dict[str, Any]:
    return {
        "number": row.number,
        "no": row.no,
        "title": row.title,
        "task": row.task,
        "lead": row.lead.name if row.lead else row.lead_name,
        "joint": PARTED.join(each["name"] for each in row.joint),
        "begins": row.begins.isoformat() if row.begins else None,
        "due": row.due.isoformat() if row.due else None,
    }


def preview(actor: Actor, raw: bytes, name: str, region: str) -> Checked:
    """Return what a sheet would do; nothing is kept.

    Raises
    ------
    InputError
        If the bytes are no sheet of the ledger, there is no such region, or the actor may not.
    """
    place = _place(actor, region)
    return _checked(read_filled(SHEET, raw, name), place)


def _place(actor: Actor, region: str) -> Region:
    found = Region.objects.filter(pk=region).first()
    if found is None:
        raise InputError("center_plans.no_region", value=region)
    require(actor, "create", Thing(Document.KIND, found.path))
    return found


def _checked(filled: Filled, place: Region) -> Checked:
    found, at = Checked(), {column.name: position for position, column in filled.columns}
    seen: dict[str, int] = {}
    for row, cells in filled.rows:
        try:
            values = _values(row, filled.values(cells))
            if values["number"]:
                _known(values)
                found.unchanged += 1
                continue
            twin = seen.setdefault(values["title"], row)
            if twin != row:
                column = SHEET.column("title").heading()
                raise InputError("center_plans.sheet_twice", column=column, value=values["title"], other=twin)
            cell = f"{get_column_letter(at['title'] + 1)}{row}"
            found.rows.append({"row": row, "cell": cell, **values})
        except InputError as error:
            if error.place["row"] is None:
                error.place["row"] = row
            found.errors.append(error.as_dict())
    return found


def _values(row: int, given: Mapping[str, Any]) -> dict[str, Any]:
    values = {column.name: read(column, given.get(column.name)) for column in SHEET.columns}
    for column in SHEET.columns:
        if column.required and values[column.name] in (None, ""):
            raise InputError(
                "tables.required", row=row, column=column.heading(), expected=column.expectation()
            )
    if values["begins"] and values["begins"] > values["due"]:
        heading = SHEET.column("begins").heading()
        raise InputError(
            "center_plans.sheet_days", row=row, column=heading, value=values["begins"].isoformat()
        )
    return values


def _known(values: Mapping[str, Any]) -> None:
    """Refuse a row of the ledger that is not as it stands there."""
    held = Measure.objects.select_related("lead").filter(number=values["number"]).first()
    heading = SHEET.column("number").heading()
    if held is None:
        raise InputError("center_plans.none", column=heading, value=values["number"])
    for name, stands in _told(held).items():
        told = values[name].isoformat() if isinstance(values[name], date) else values[name]
        if (told or None) != (stands or None):
            column = SHEET.column(name).heading()
            raise InputError(
                "center_plans.sheet_steps", column=column, value=str(told or ""), expected=stands
            )


def accept(actor: Actor, raw: bytes, name: str, region: str, now: datetime) -> Document | None:
    """Take a sheet in, all of it or nothing; None where every row stands in the ledger already.

    Raises
    ------
    InputError
        ``sheets.wrong`` with the first wrong row, otherwise as `preview`.
    """
    place = _place(actor, region)
    filled = read_filled(SHEET, raw, name)
    found = _checked(filled, place)
    if found.errors:
        first = found.errors[0]
        where = {part: first.get(part) for part in ("row", "column", "value", "expected")}
        raise InputError("sheets.wrong", number=len(found.errors), first=first["message"], **where)
    if not found.rows:
        return None
    with transaction.atomic():
        known = Document.objects.filter(sha256=hashlib.sha256(raw).hexdigest(), region=place).first()
        return known or _taken(actor, raw, name, place, found.rows, now)


def _taken(
    actor: Actor, raw: bytes, name: str, place: Region, rows: Sequence[Mapping[str, Any]], now: datetime
) -> Document:
    lines = ["\t".join(str(row[column.name] or "") for column in SHEET.columns[1:]) for row in rows]
    made = Document(
        number=number("WJ", now),
        title=name[:300],
        name=name[:200],
        format="xlsx",
        sha256=hashlib.sha256(raw).hexdigest(),
        region=place,
        text="\n".join(lines) + "\n",
        about={"metadata": {}, "counts": {"measures": len(rows)}, "structure": [], "warnings": []},
        taken_in=now,
        taken_in_by=actor.code,
        simulated=place.simulated,
    )
    act(actor, made, "create", name[:200], right="create")
    _bodies(actor, made, rows)
    begin = 0
    for place_number, (row, line) in enumerate(zip(rows, lines, strict=True), 1):
        _entered(actor, made, row, (place_number, begin + line.index(row["title"])), now)
        begin += len(line) + 1
    return made


def _bodies(actor: Actor, made: Document, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the names of bodies; one that is an organisation's own name or code counts at once."""
    names = dict.fromkeys(name for row in rows for name in _names(row))
    for place, name in enumerate(names, 1):
        own = Organisation.objects.filter(region__path__startswith=made.region.path)
        exact = own.filter(name=name).first() or own.filter(code=name).first()
        body = BodyName(
            code=f"{made.number}-b{place}",
            document=made,
            name=name[:100],
            organisation=exact or suggestion(name, made.region),
            confirmed=exact is not None,
            simulated=made.simulated,
        )
        act(actor, body, "create", name[:100], right="change")


def _names(row: Mapping[str, Any]) -> list[str]:
    return [name for name in (row["lead"], *str(row["joint"] or "").split(PARTED)) if name]


def _entered(
    actor: Actor, made: Document, row: Mapping[str, Any], at: tuple[int, int], now: datetime
) -> None:
    place, start = at
    told = {
        "no": row["no"] or place,
        "text": row["title"],
        "task": row["task"] or "",
        "bodies": _names(row),
        "years": [],
        "cell": row["cell"],
    }
    item = Item(
        code=f"{made.number}-{place}",
        document=made,
        place=place,
        sort="measure",
        words=row["title"],
        told=told,
        quote=row["title"],
        start=start,
        end=start + len(row["title"]),
        review="accepted",
        reviewed=now,
        reviewed_by=actor.code,
        simulated=made.simulated,
    )
    act(actor, item, "create", row["cell"], right="change")
    measure = enter(actor, item, now)
    measure.begins, measure.due = row["begins"], row["due"]
    act(actor, measure, "sheet", f"{made.name} {row['cell']}")

"""Exporting 交换文件: declarations and differences for the tax office, with a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from huanzhi.ecocode.tax.models import TaxDeclaration
from huanzhi.ecocode.tax.settings import settings
from huanzhi.library.documents import Column, Table
from huanzhi.messages import language, text
from huanzhi.standards.periods import CHINA

FORMAT = "huanzhi-tax/1"


def exchange(rows: Iterable[TaxDeclaration], quarter: str, now: datetime) -> tuple[bytes, str]:
    """Return the exchange file of declarations, and its SM3 digest.

    The digest in the file covers the canonical JSON of ``content``.
    """
    content = {
        "format": FORMAT,
        "quarter": quarter,
        "made": now.astimezone(CHINA).isoformat(timespec="seconds"),
        "declarations": [_declaration(one) for one in rows],
    }
    body = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.new("sm3", body.encode()).hexdigest()
    return json.dumps({"content": content, "sm3": digest}, ensure_ascii=False, indent=1).encode(), digest


def _declaration(one: TaxDeclaration) -> dict[str, Any]:
    return {
        "number": one.number,
        "enterprise": one.enterprise.code,
        "name": one.enterprise.name,
        "quarter": one.quarter,
        "state": one.state,
        "total": one.total,
        "rates": one.result.get("rates", {}),
        "rows": one.rows,
        "lines": [
            {
                name: line[name]
                for name in ("place", "month", "item", "number", "rate", "share", "tax", "taxed")
            }
            for line in one.result.get("lines", [])
        ],
        "differences": one.differences,
        "simulated": one.simulated,
    }


def sheets(one: TaxDeclaration) -> list[Table]:
    """Return a declaration as tables: its lines with the arithmetic, and the differences."""
    return [_lines(one), _differences(one)]


def _lines(one: TaxDeclaration) -> Table:
    names = ("place", "month", "item", "quantity", "number", "rate", "share", "tax", "why")
    wide = {"item": 1.4, "why": 3.5, "place": 1.2}
    numeric = ("quantity", "number", "rate", "share", "tax")
    columns = tuple(
        Column(text(f"tax.column_{name}"), width=wide.get(name, 1.0), numeric=name in numeric)
        for name in names
    )
    lines = one.result.get("lines", [])
    body = [[_cell(line, name) for name in names] for line in lines]
    note = text("tax.total_note", total=one.total, number=one.result["rates"]["number"])
    title = text("tax.sheet_lines", name=one.enterprise.name, quarter=one.quarter)
    return Table("lines", title, columns, body, note)


def _cell(line: dict[str, Any], name: str) -> Any:
    if name == "why":
        told = "；" if language() == "zh" else "; "
        return told.join(step[language()] for step in line["steps"])
    value = line[name]
    return Decimal(value) if name in ("quantity", "number", "rate", "share", "tax") else value


def _differences(one: TaxDeclaration) -> Table:
    names = ("place", "month", "item", "declared", "online", "percent")
    numeric = ("declared", "online", "percent")
    columns = tuple(Column(text(f"tax.column_{name}"), numeric=name in numeric) for name in names)
    body = [
        [row[name] if name not in numeric else _number(row[name]) for name in names]
        for row in one.differences
    ]
    share = settings()["difference"]["share"] * 100
    return Table(
        "differences", text("tax.sheet_differences"), columns, body, text("tax.share_note", share=share)
    )


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)

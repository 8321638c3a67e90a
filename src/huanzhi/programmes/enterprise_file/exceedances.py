"""Exceedances 超标日: the days beyond a limit by kept verdicts, each with what the enterprise said of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from huanzhi.ecocode.files.models import QuarterVerdict
from huanzhi.ecocode.permits.allowing import outlet_name
from huanzhi.ecocode.statements.models import Statement
from huanzhi.ecocode.statements.stating import explanations
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.rights import Actor, visible
from huanzhi.standards.parameters import all_parameters


def _of(kind: Kind, name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, kind, titles=both(zh, en), editable=False, **more)


COLUMNS = (
    _of(Kind.DATE, "day", "日期", "day", sort=True, filter=True),
    _of(Kind.TEXT, "outlet", "排放口", "outlet", filter=True, sort=True),
    _of(Kind.TEXT, "outlet_name", "排放口名称", "name of the outlet", search=True),
    _of(Kind.TEXT, "parameter", "监测项目", "parameter", filter=True, sort=True),
    _of(Kind.TEXT, "name", "项目名称", "name of the parameter", search=True),
    _of(Kind.TEXT, "period", "平均时间", "averaging"),
    _of(Kind.DECIMAL, "value", "监测值", "value"),
    _of(Kind.DECIMAL, "limit", "限值", "limit"),
    _of(Kind.TEXT, "unit", "单位", "unit"),
    _of(Kind.DECIMAL, "times", "超标倍数", "times beyond", sort=True),
    _of(Kind.TEXT, "statement", "说明编号", "statement"),
    _of(Kind.TEXT, "statement_state", "说明状态", "state of the statement", filter=True),
    _of(Kind.TEXT, "cause", "说明原因", "cause"),
    _of(Kind.TRUTH, "simulated", "模拟", "simulated"),
)


def exceedances(who: Actor, enterprise: Enterprise) -> list[dict[str, Any]]:
    """Return the days beyond a limit, the newest first, as far as somebody may see them."""
    rows = QuarterVerdict.objects.filter(enterprise=enterprise, over__gt=0)
    rows = rows.select_related("outlet__region", "outlet__organisation")
    found = [
        {**_row(verdict, day), "outlet_name": outlet_name(who, verdict.outlet)}
        for verdict in visible(who, QuarterVerdict.KIND, rows).order_by("pk")
        for day in verdict.days
    ]
    said = explanations(
        [enterprise.code], date.min, date.max, visible(who, Statement.KIND, Statement.objects.all())
    )
    for row in found:
        row |= _said(said.get((row["outlet"], row["parameter"], date.fromisoformat(row["day"]))))
    return sorted(found, key=lambda row: (row["day"], row["outlet"], row["parameter"]), reverse=True)


def _row(verdict: QuarterVerdict, day: dict[str, str]) -> dict[str, Any]:
    known = all_parameters().get(verdict.parameter)
    return {
        **{name: day[name] for name in ("day", "period", "value", "limit", "unit", "times")},
        "key": f"{day['day']}|{verdict.outlet.code}|{verdict.parameter}",
        "outlet": verdict.outlet.code,
        "parameter": verdict.parameter,
        "name": known.name if known else verdict.parameter,
        "simulated": verdict.simulated,
    }


def _said(statement: Statement | None) -> dict[str, str]:
    if statement is None:
        return {"statement": "", "statement_state": "", "cause": ""}
    return {"statement": statement.number, "statement_state": statement.state, "cause": statement.cause}

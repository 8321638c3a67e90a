"""Management plans 危险废物管理计划: one for each year, filed before its day, changed by a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.ecocode.waste.codes import grams_of, management_class, parse
from huanzhi.ecocode.waste.models import Plan
from huanzhi.ecocode.waste.settings import checked, settings
from huanzhi.ecocode.waste.writing import own_enterprise
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]
MOST_ITEMS = 500


def write(actor: Actor, given: Given, now: datetime) -> Plan:
    """Begin the plan of a year, or a change of the one that was filed; a draft is written over.

    Parameters
    ----------
    given : mapping
        ``year``, ``items`` (``waste``, ``made_kg``, ``way``, ``kg``, ``receiver``; ``per_kwh`` where the
        impact assessment tells what is made for a kilowatt-hour), ``words``.

    Raises
    ------
    InputError
        If the actor may not, an item is wrong, or more leaves than is made.
    """
    enterprise = own_enterprise(actor, given.get("enterprise", ""))
    items = items_of(given["items"])
    with transaction.atomic():
        rows = Plan.objects.filter(enterprise=enterprise, year=given["year"]).order_by("version")
        last = rows.last()
        if last is not None and last.state == "filed" and not str(given.get("words") or "").strip():
            raise InputError("waste.change_words", column="words")
        plan = last if last is not None and last.state == "draft" else None
        version = 1 if last is None else last.version + 1
        plan = plan or Plan(
            number=f"GLJH-{given['year']}-{enterprise.code}-{version}",
            enterprise=enterprise,
            year=given["year"],
            version=version,
            simulated=enterprise.simulated,
        )
        plan.items, plan.words = items, str(given.get("words") or "")
        plan.made_by, plan.made = actor.code, now
        plan.management = management_class(sum(item["made"] for item in _each(items)))
        save(actor, plan, "write")
    return plan


def _each(items: Sequence[Given]) -> list[Given]:
    """Return one item for each waste: what is made is told once, however it leaves."""
    return list({item["waste"]: item for item in items}.values())


def items_of(given: Sequence[Given]) -> list[dict[str, Any]]:
    """Return checked items, amounts in grams; those of one waste tell the same amount made."""
    if not given or len(given) > MOST_ITEMS:
        raise InputError("waste.lines", column="items", value=len(given), most=MOST_ITEMS)
    made: list[dict[str, Any]] = []
    for item in given:
        row: dict[str, Any] = {
            "waste": str(parse(item["waste"])),
            "made": grams_of(item["made_kg"], "made_kg"),
            "way": checked("way", item["way"], "way"),
            "amount": grams_of(item["kg"]),
            "receiver": str(item.get("receiver") or "")[:200],
            "per_kwh": item.get("per_kwh"),
        }
        if min(row["made"], row["amount"]) < 0:
            raise InputError("waste.amount", column="kg", value=item["kg"])
        if row["way"] == "transfer" and not row["receiver"]:
            raise InputError("waste.missing", column="receiver")
        made.append(row)
    for waste in {row["waste"] for row in made}:
        _fits([row for row in made if row["waste"] == waste])
    return made


def _fits(rows: Sequence[Mapping[str, Any]]) -> None:
    if len({row["made"] for row in rows}) > 1:
        raise InputError("waste.plan_made", column="made_kg", value=rows[0]["waste"])


def file(actor: Actor, plan: Plan, now: datetime) -> Plan:
    """File a plan; the version before it is replaced; late where the day is over."""
    with transaction.atomic():
        held = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if held.revision != plan.revision:
            raise InputError("records.stale", value=held.number)
        if held.state != "draft":
            raise InputError("waste.not_now", value=held.number)
        before = Plan.objects.filter(enterprise=held.enterprise, year=held.year, state="filed")
        for old in before:
            old.state = "replaced"
            save(actor, old, "replaced")
        day = now.astimezone(CHINA).date()
        held.state, held.filed = "filed", now
        held.late = held.version == 1 and day >= due(held.year)
        held.valid_from = day
        save(actor, held, "file")
    return held


def due(year: int) -> date:
    """Return the day before which a plan has to be filed."""
    month, day = map(int, settings()["plan"]["filed_before"].split("-"))
    return date(year, month, day)


def in_force(year: int, enterprises: Iterable[int] | None = None) -> Any:
    """Return the filed plans of a year."""
    rows = Plan.objects.filter(year=year, state="filed").order_by("pk")
    return rows if enterprises is None else rows.filter(enterprise__in=list(enterprises))


def reports_due(management: str, year: int) -> list[dict[str, str]]:
    """Return the reports that a class owes for a year: period and last day."""
    table, own = settings()["reports"], settings()["class"][management]
    if own["report"] == "year":
        return [{"period": str(year), "due": f"{year + 1}-{table['year_before']}"}]
    months = 1 if own["report"] == "month" else 3
    found = []
    for last in range(months, 13, months):
        begun = date(year, last, 28) + timedelta(days=4)
        due_day = begun.replace(day=table["day_of_next_month"])
        name = f"{year}-{last:02d}" if months == 1 else f"{year}Q{last // 3}"
        found.append({"period": name, "due": due_day.isoformat()})
    return found

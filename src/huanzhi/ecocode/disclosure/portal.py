"""Portal 公开页面: published lists, enterprises on them, and what they disclosed with every version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from huanzhi.ecocode.disclosure.models import DutyList, Entry, Finding, Item, Report
from huanzhi.ecocode.disclosure.reports import sound
from huanzhi.ecocode.disclosure.settings import sections, settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.standards.periods import stamp


def enterprises() -> Any:
    """Return the enterprises that stand on any published list."""
    rows = Entry.objects.filter(list__state="published", state="held").values("enterprise")
    return Enterprise.objects.filter(pk__in=rows).select_related("region").order_by("code")


def overview(rows: list[Enterprise]) -> list[dict[str, Any]]:
    """Return what the public sees of each enterprise: since when it is listed, and how its reports stand."""
    keys = [one.pk for one in rows]
    entries: dict[int, Entry] = {}
    for entry in (
        Entry.objects.filter(enterprise__in=keys, list__state="published", state="held")
        .order_by("list__year")
        .select_related("list")
    ):
        entries[entry.enterprise_id] = entry
    reports: dict[int, list[Item]] = {}
    for item in Item.objects.filter(enterprise__in=keys).exclude(state="void"):
        reports.setdefault(item.enterprise_id, []).append(item)
    return [_row(one, entries[one.pk], reports.get(one.pk, [])) for one in rows]


def _row(one: Enterprise, entry: Entry, owed: list[Item]) -> dict[str, Any]:
    done = [item for item in owed if item.disclosed is not None]
    last = max((item.disclosed for item in done if item.disclosed), default=None)
    return {
        "code": one.code,
        "name": one.name,
        "region": one.region_id,
        "region_name": one.region.name,
        "industry": one.industry,
        "year": entry.list.year,
        "reasons": entry.reasons,
        "reports": len(done),
        "last": stamp(last),
        "simulated": one.simulated,
    }


def page(code: str, now: datetime) -> dict[str, Any]:
    """Return the public page of an enterprise.

    Raises
    ------
    InputError
        ``disclosure.none`` where it is on no published list.
    """
    one = enterprises().filter(code=code).first()
    if one is None:
        raise InputError("disclosure.none", value=code)
    entries = Entry.objects.filter(enterprise=one, list__state="published", state="held").select_related(
        "list"
    )
    items = Item.objects.filter(enterprise=one).exclude(state="void").order_by("-year", "sort", "code")
    return {
        **overview([one])[0],
        "address": one.address,
        "lists": [
            {
                "code": each.list.code,
                "year": each.list.year,
                "reasons": each.reasons,
                "until": each.until_year,
            }
            for each in entries.order_by("-list__year")
        ],
        "items": [item_row(each, now) for each in items],
        "law": dict(settings()["law"]),
    }


def item_row(item: Item, now: datetime) -> dict[str, Any]:
    """Return an item as the public sees it: its clock, and its versions once there are any."""
    versions = item.reports.order_by("-number")
    return {
        "code": item.code,
        "title": item.title,
        "sort": item.sort,
        "year": item.year,
        "due": stamp(item.due),
        "disclosed": stamp(item.disclosed),
        "late": bool(item.disclosed and item.disclosed > item.due),
        "overdue": item.disclosed is None and now > item.due,
        "versions": [version_row(one) for one in versions],
        "findings": Finding.objects.filter(item=item, state="confirmed").count(),
    }


def version_row(report: Report) -> dict[str, Any]:
    """Return a version without what it contains."""
    names = ("number", "reason", "late", "sm3")
    told = {name: getattr(report, name) for name in names}
    return {**told, "disclosed": stamp(report.disclosed), "sound": sound(report)}


def version(code: str, number: int) -> dict[str, Any]:
    """Return a version of an item as the public reads it; of who signed, the first sign of the name."""
    rows = Report.objects.select_related("item__enterprise").filter(item__code=code, number=number)
    found = rows.exclude(item__state="void").first()
    if found is None or not enterprises().filter(pk=found.item.enterprise_id).exists():
        raise InputError("disclosure.none", value=code)
    return {**shown(found), "commitment": public_commitment(found)}


def shown(report: Report) -> dict[str, Any]:
    """Return a version with its content by declared sections."""
    item = report.item
    return {
        **version_row(report),
        "item": item.code,
        "title": item.title,
        "sort": item.sort,
        "year": item.year,
        "enterprise": item.enterprise.code,
        "enterprise_name": item.enterprise.name,
        "sections": _sections(report),
        "attachments": [
            {"name": one["name"], "size": one["size"], "sm3": one["sm3"]} for one in report.attachments
        ],
        "commitment": report.commitment,
        "simulated": report.simulated,
    }


def _sections(report: Report) -> list[dict[str, Any]]:
    item = report.item
    rows = sections(item.sort, tuple(item.reasons))
    return [
        {
            "name": row["name"],
            "zh": row["zh"],
            "en": row["en"],
            "fields": [
                {
                    "name": field["name"],
                    "zh": field["zh"],
                    "en": field["en"],
                    "unit": field.get("unit", ""),
                    "value": report.content[row["name"]].get(field["name"]),
                }
                for field in row["field"]
            ],
        }
        for row in rows
        if row["name"] in report.content
    ]


def public_commitment(report: Report) -> dict[str, Any]:
    """Return a commitment with the name of the person masked."""
    told = dict(report.commitment)
    name = str(told.get("person", ""))
    return {**told, "person": name[:1] + "*" * max(1, len(name) - 1) if name else ""}


def lists() -> list[dict[str, Any]]:
    """Return the lists that are published or open to objections."""
    rows = DutyList.objects.filter(state__in=("notice", "published")).select_related("region")
    return [
        {
            "code": one.code,
            "year": one.year,
            "state": one.state,
            "region_name": one.region.name,
            "notice_until": stamp(one.notice_until),
            "published": stamp(one.published),
            "enterprises": one.entries.filter(state="held").count(),
            "simulated": one.simulated,
        }
        for one in rows
    ]

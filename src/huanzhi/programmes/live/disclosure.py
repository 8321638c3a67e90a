"""Disclosures of the test city 模拟信息披露: two lists, reports in time, late, missing and not quite true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.ecocode.disclosure import items, lists, patrolling, reports
from huanzhi.ecocode.disclosure.known import NOTHING
from huanzhi.ecocode.disclosure.models import DutyList, Item
from huanzhi.ecocode.disclosure.settings import sections
from huanzhi.library.enterprises.models import Enterprise, Permit
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import REGION
from huanzhi.library.people.models import Person
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.rights import Actor, Held
from huanzhi.programmes.disclosure.known import known
from huanzhi.standards.periods import CHINA

PEOPLE = ("duty", "leader", "enterprise")


def furnish(now: datetime) -> int:
    """Make the disclosures of the test city once; return how many reports were disclosed."""
    region = Region.objects.filter(pk=REGION, simulated=True).first()
    people = {code: Person.objects.filter(code=code).first() for code in PEOPLE}
    if region is None or None in people.values() or DutyList.objects.filter(region=region).exists():
        return 0
    who = {code: actor_of(one) for code, one in people.items()}
    year = now.astimezone(CHINA).year
    with transaction.atomic():
        _traits(who["duty"], year)
        for each in (year - 1, year):
            if now > _at(each, 3, 28):
                _publish(who, region, each)
        done = _disclose(who["enterprise"].organisation, year - 1, now)
        _receive(who["duty"], year, now)
        patrolling.patrol(known(now.astimezone(CHINA).date()), now)
    return done


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 2, tzinfo=UTC)


def _simulated() -> list[Enterprise]:
    rows = Enterprise.objects.filter(simulated=True, organisation__isnull=False)
    return list(rows.select_related("region", "organisation").order_by("code"))


def _traits(duty: Actor, year: int) -> None:
    """Let a few enterprises be listed, issue bonds, or be under audit."""
    others = [one for one in _simulated() if not one.key_unit][:3]
    event = {"day": date(year - 2, 9, 1).isoformat(), "sort": "fine", "amount": "120000", "document": ""}
    told: tuple[dict[str, Any], ...] = (
        {"listed": True, "events": [event], "words": "模拟上市公司子公司"},
        {"bond": True, "words": "模拟发债企业，无第八条情形"},
        {"audit_from": year - 2, "words": "模拟强制性清洁生产审核"},
    )
    for one, given in zip(others, told, strict=False):
        lists.set_trait(duty, one, given)


def _publish(who: dict[str, Actor], region: Region, year: int) -> None:
    held = lists.draw_up(who["duty"], region.pk, year, NOTHING, _at(year, 3, 2))
    if held.entries.exists():
        lists.open_notice(who["duty"], held, _at(year, 3, 3))
        made = lists.propose_publish(who["duty"], held, "公示期满无异议（模拟）", _at(year, 3, 24))
        approve(who["leader"], made.pk, now=_at(year, 3, 25))


def _disclose(mine: str, year: int, now: datetime) -> int:
    """Let most enterprises disclose their yearly report; one is late, some stay missing, so does `mine`."""
    done = 0
    rows = Item.objects.filter(sort="annual", year=year, enterprise__simulated=True)
    for number, item in enumerate(rows.select_related("enterprise__organisation", "region").order_by("code")):
        body = item.enterprise.organisation
        if body is None or body.code == mine or number % 4 == 3:
            continue
        day = _at(year + 1, 3, 18 if number % 4 == 2 else 1 + number % 12)
        own = Actor(f"{body.code}-demo", f"{item.enterprise.name}环保员", (_held(body.code),), body.code)
        names = {row["name"] for row in sections("annual", tuple(item.reasons))}
        written = content(item.enterprise, wrong=number == 0)
        kept = {name: part for name, part in written.items() if name in names}
        told = {"content": kept, "agreed": True, "person": "模拟法人"}
        reports.disclose(own, item, {**told, "position": "法定代表人"}, min(day, now))
        done += 1
    return done


def _held(organisation: str) -> Held:
    return Held("enterprise", "", organisation)


def content(enterprise: Enterprise, *, wrong: bool = False) -> dict[str, Any]:
    """Return what a simulated enterprise reports; `wrong` gives a permit number that is not its own."""
    permit = Permit.objects.filter(enterprise=enterprise, status="valid").order_by("code").first()
    number = permit.code if permit else ""
    return {
        "basic": {"name": enterprise.name, "code": enterprise.code, "industry": enterprise.industry},
        "management": {"permit": f"{number}X" if wrong else number, "insurance": "已投保（模拟）"},
        "pollution": {
            "facilities": "污染防治设施正常运行（模拟）",
            "monitoring": "按方案开展自行监测（模拟）",
        },
        "emergency": {"plan": "应急预案已备案（模拟）"},
        "clean_production": {"why": "超标排放（模拟）", "result": "审核中（模拟）"},
        "finance": {"form": "公司债券（模拟）", "projects": "无（模拟）"},
    }


def _receive(duty: Actor, year: int, now: datetime) -> None:
    """Let two enterprises have received a document lately: one clock is over, one runs."""
    rows = Item.objects.filter(sort="annual", year=year, enterprise__simulated=True).order_by("code")
    for item, days in zip(rows.select_related("enterprise__region")[1:3], (20, 2), strict=False):
        day = (now - timedelta(days=days)).astimezone(CHINA).date()
        if day.year == year:
            told = {"document": f"模环许〔{year}〕{days}号"}
            items.open_temporary(duty, item.enterprise, "permit", day, "排污许可证变更（模拟）", **told)

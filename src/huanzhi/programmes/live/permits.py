"""Permits of the test city 模拟许可: ends of validity, plans, reports handed in, a list in notice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from huanzhi.ecocode.permits import list_drafting, list_publishing, reporting
from huanzhi.ecocode.permits.calendar import renew, today
from huanzhi.ecocode.permits.models import Duty, KeyList, ReductionProject, ReductionTarget, Requirement
from huanzhi.ecocode.permits.owing import later
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import REGION
from huanzhi.library.people.models import Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.bulk import save_all
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.messages import text

INDUSTRIES = {
    "污水处理厂": "4620",
    "供热": "4430",
    "印染": "1713",
    "造纸": "2221",
    "制药": "2710",
    "电镀": "3360",
}
"""Codes of GB/T 4754 for the industries of the city. Made up with the city."""
ENDS = (-20, 40, 75, 400, 900, 1500)
"""Days from now to the end of a permit, in turn. Made up."""
REPORTS = ("report_year", "report_quarter", "report_month")
"""Reports that every other permit asks for. Made up."""
STATED = ("1.00", "0.72", "1.03")
"""What an enterprise states of what the monitors had. Made up."""


def furnish(now: datetime) -> int:
    """Give the permits of the test city their dates, duties and reports, once; return how many duties."""
    region = Region.objects.filter(pk=REGION, simulated=True).first()
    if region is None or Duty.objects.filter(simulated=True).exists():
        return 0
    day = today(now)
    with transaction.atomic():
        _dates(day)
        _plans(day)
        number = renew(day)
        _past(day)
        _reports(now)
        _lists(region, now)
        _reductions(region, day)
    return number


def _dates(day: date) -> None:
    rows = Permit.objects.filter(simulated=True, valid_to__isnull=True)
    permits = list(rows.select_related("enterprise__region", "region", "organisation").order_by("code")[:600])
    for place, permit in enumerate(permits):
        end = day + timedelta(days=ENDS[place % len(ENDS)])
        permit.valid_from, permit.valid_to = later(end, -60), end
        permit.issued = permit.valid_from
        if place % 2 == 0:
            permit.attributes = {**permit.attributes, "reports": list(REPORTS)}
    save_all(SYSTEM, permits, text("people.demo"))
    named = Enterprise.objects.filter(simulated=True, industry_code="", industry__in=INDUSTRIES)
    owners = list(named.select_related("region", "organisation"))
    for place, owner in enumerate(owners):
        owner.industry_code = INDUSTRIES[owner.industry]
        owner.attributes = {**owner.attributes, **_traits(owner, place)}
    save_all(SYSTEM, owners, text("people.demo"))


def _traits(owner: Enterprise, place: int) -> dict[str, Any]:
    if owner.industry_code == "4620":
        told = {"sewage_t_per_day": 30000}
        return {
            "catalogue": told,
            "key_unit": {"sewage_t_per_day": 30000, "industrial_sewage_t_per_day": 21000},
        }
    if owner.industry_code == "4430":
        return {"catalogue": {"boiler_t_per_h": 35}}
    if owner.industry_code == "3360":
        return {"key_unit": {"heavy_industry_large": True}}
    return {"key_unit": {"hazardous_waste_t_per_year": 120}} if place % 5 == 0 else {}


def _plans(day: date) -> None:
    parameters = {"water": ("w21011", "quarter"), "gas": ("a34013", "half_year")}
    rows = Outlet.objects.filter(simulated=True, medium__in=parameters).select_related(
        "enterprise__region", "enterprise__organisation"
    )
    made = [
        Requirement(
            code=f"{outlet.code}.{parameters[outlet.medium][0]}",
            enterprise=outlet.enterprise,
            outlet=outlet,
            parameter=parameters[outlet.medium][0],
            frequency=parameters[outlet.medium][1],
            valid_from=date(day.year, 1, 1),
            simulated=True,
        )
        for outlet in rows.order_by("code")[:120]
    ]
    save_all(SYSTEM, made, text("people.demo"))


def _past(day: date) -> None:
    """Let most of what is over be done, some late, some not at all."""
    rows = Duty.objects.filter(simulated=True, standing="open", due__lt=day - timedelta(days=10))
    over = list(rows.select_related("enterprise__region", "enterprise__organisation").order_by("code"))
    done = []
    for place, duty in enumerate(over):
        newest = duty.kind == "report_quarter" and duty.due > day - timedelta(days=60)
        if duty.kind == "renewal" or newest or place % 17 == 0:
            continue
        duty.standing = "done"
        duty.done = duty.due + timedelta(days=4 if place % 11 == 0 else -3)
        duty.words = text("people.demo")
        done.append(duty)
    save_all(SYSTEM, done, text("people.demo"))


def _reports(now: datetime) -> None:
    """Let some enterprises hand in the newest quarterly report; quantities follow from what was reckoned."""
    rows = Duty.objects.filter(simulated=True, standing="open", kind="report_quarter", due__lt=today(now))
    rows = rows.select_related("enterprise__region", "enterprise__organisation", "permit").order_by("code")
    for place, duty in enumerate(rows[1:4]):
        report = reporting.begin(SYSTEM, duty)
        share = Decimal(STATED[place % len(STATED)])
        stated = [_stated(row, share) for row in reporting.compared(report)]
        reporting.fill(SYSTEM, report, stated, {"compliance": "按证排污（模拟）"})
        reporting.submit(_enterprise(duty), report, now)


def _stated(row: dict[str, Any], share: Decimal) -> dict[str, Any]:
    online = Decimal(row["online"]) if row["online"] else Decimal("0.5")
    return {**row, "tonnes": f"{(online * share).quantize(Decimal('0.0001')):f}"}


def _enterprise(duty: Duty) -> Actor:
    """Return somebody of the enterprise, where it has an account; the platform otherwise."""
    person = Person.objects.filter(organisation=duty.enterprise.organisation).order_by("pk").first()
    return actor_of(person) if person is not None else SYSTEM


def _lists(region: Region, now: datetime) -> None:
    """Leave last year's list to be published, its objections over, and this year's open to objections."""
    if KeyList.objects.filter(region=region).exists():
        return
    for year, begun in ((today(now).year - 1, now - timedelta(days=30)), (today(now).year, now)):
        held = list_drafting.draft(SYSTEM, region, year, begun)
        if held.entries.filter(inside=True).exists():
            list_publishing.give_notice(SYSTEM, held, begun)


def _reductions(region: Region, day: date) -> None:
    wanted = (("a21002", "60", "6"), ("w01018", "120", "12"), ("w21003", "9", "0.9"))
    targets = [
        ReductionTarget(
            code=f"{region.code}.{parameter}.{day.year}",
            region=region,
            parameter=parameter,
            base_year=day.year - 5,
            base=base,
            year=day.year,
            target=target,
            source="模拟",
            simulated=True,
        )
        for parameter, base, target in wanted
    ]
    projects = [
        ReductionProject(
            code=f"{region.code}.{day.year}.{place:03d}",
            region=region,
            title=title,
            parameter=parameter,
            quantity=quantity,
            year=day.year - 1 + place % 2,
            accepted=place != 2,
            simulated=True,
        )
        for place, (title, parameter, quantity) in enumerate(
            (
                ("锅炉超低改造（模拟）", "a21002", "3.5"),
                ("污水厂提标（模拟）", "w01018", "8"),
                ("中水回用（模拟）", "w21003", "0.4"),
            ),
            1,
        )
    ]
    save_all(SYSTEM, [*targets, *projects], text("people.demo"))

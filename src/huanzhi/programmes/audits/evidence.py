"""Evidence 档案依据: for each word of ``looks_at``, how many records tell of an item, and what is against it.

A function takes the enterprise and the span, and gives `Told`. What an event of the code speaks against is
added by ``filling``; here stands only what no event tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Q, Sum

from huanzhi.center.hazards.figures import late_checks
from huanzhi.center.hazards.models import Check as HazardCheck
from huanzhi.center.hazards.models import Hazard
from huanzhi.center.hazards.settings import settings as hazard_settings
from huanzhi.center.inspections.models import Task
from huanzhi.ecocode.audits.archive import Told
from huanzhi.ecocode.audits.form import settings
from huanzhi.ecocode.disclosure.models import Item as DisclosureItem
from huanzhi.ecocode.disclosure.models import Report as DisclosureReport
from huanzhi.ecocode.files.models import Officer, Project, QuarterVerdict
from huanzhi.ecocode.permits.models import Duty, MonthAmount, Sample
from huanzhi.ecocode.tax.models import TaxDeclaration
from huanzhi.ecocode.waste.models import Entry, Manifest, Plan
from huanzhi.library.accounts.models import Account
from huanzhi.library.devices import open_register
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.messages import catalogue
from huanzhi.standards.parameters import all_parameters


@dataclass(frozen=True, slots=True)
class Span:
    """Whom and which days an audit looks at; both days are in it."""

    enterprise: Enterprise
    first: date
    last: date

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day, for ``__range``."""
        return self.first, self.last


def fact(key: str, day: date | None = None, address: str = "", **told: Any) -> dict[str, Any]:
    """Return what speaks against an item, in both languages.

    A value of `told` may be a pair of Chinese and English.
    """
    words = catalogue()[f"audits.{key}"]
    named = [{one: _of(value, place) for one, value in told.items()} for place in (0, 1)]
    said = {"zh": words["zh"].format(**named[0]), "en": words["en"].format(**named[1])}
    return {**said, "day": day.isoformat() if day else None, "until": None, "address": address}


def at_outlet(
    key: str, outlet: tuple[str, str], day: date | None, address: str, **told: Any
) -> dict[str, Any]:
    """Return what speaks against an item at an outlet, given by code and name.

    The words tell its code and no pollutant; those with its name and pollutant stand beside them under
    ``named``, for who may read the outlet.
    """
    code, name = outlet
    words = catalogue()["audits.a_pollutant"]
    plain = {**told, **({"parameter": (words["zh"], words["en"])} if "parameter" in told else {})}
    named = fact(key, name=name, **told)
    kept = {one: named[one] for one in ("zh", "en")}
    return {**fact(key, day, address, name=code, **plain), "outlet": code, "named": kept}


def _of(value: Any, place: int) -> Any:
    return value[place] if isinstance(value, tuple) else value


def permits(span: Span) -> Told:
    """Look at the permits that hold on the last day; who is only registered needs none."""
    rows = Permit.objects.filter(enterprise=span.enterprise, status="valid").order_by("code")
    held = sum(one.holds(span.last) for one in rows)
    if held or span.enterprise.management == "registered":
        return Told(max(held, 1))
    address = f"/permits/{span.enterprise.code}"
    known = Permit.objects.filter(enterprise=span.enterprise).exists()
    return Told(0, (fact("fact_no_permit", span.last, address),)) if known else Told(0)


def outlets(span: Span) -> Told:
    """Look at the outlets in use: each has its number in the permit, or a limit of it.

    Where the permit names no outlet at all nothing is known; where it names others, this one is not in it.
    """
    rows = [one for one in _outlets(span) if one.holds(span.last)]
    limited = set(PermitLimit.objects.filter(enterprise=span.enterprise).values_list("outlet_id", flat=True))
    named = [one for one in rows if one.permit_number or one.pk in limited]
    missing = [one for one in rows if one not in named] if named else []
    against = [_of_outlet("fact_outlet", one) for one in missing]
    return Told(len(named), tuple(against))


def _of_outlet(key: str, row: Outlet) -> dict[str, Any]:
    return at_outlet(key, (row.code, row.name), None, f"/places/{row.code}")


def _outlets(span: Span) -> Any:
    return Outlet.objects.filter(enterprise=span.enterprise).order_by("code")


def monitors(span: Span) -> Told:
    """Look into the register of devices: who is under key management has one at every main outlet."""
    one = span.enterprise
    if one.management and one.management != "key" and not one.key_unit:
        return Told(0, applies=False)
    with open_register() as register:
        seen = {device.outlet for device in register.devices()}
    rows = [row for row in _outlets(span).filter(main=True) if row.holds(span.last)]
    against = [_of_outlet("fact_monitor", row) for row in rows if row.code not in seen]
    return Told(len(rows), tuple(against))


def hours(span: Span) -> Told:
    """Look at the hours of the months of the span: so many without a value speak against it."""
    most = settings()["data_whole"]["most_missing_percent"]
    rows = MonthAmount.objects.filter(outlet__enterprise=span.enterprise).filter(_months(span))
    of = ("outlet__name", "outlet__code")
    names = ("measured_hours", "substituted_hours", "missing_hours")
    sums = {f"{name}_sum": Sum(name) for name in names}
    against, looked = [], 0
    for row in rows.order_by(*of).values(*of).annotate(**sums):
        whole = sum(row[f"{name}_sum"] for name in names)
        looked += whole
        lost = row["missing_hours_sum"]
        if whole and 100 * lost > most * whole:
            told = {"year": span.last.year, "missing": lost, "percent": 100 * lost // whole}
            outlet = (row["outlet__code"], row["outlet__name"])
            against.append(at_outlet("fact_hours", outlet, span.last, f"/places/{outlet[0]}", **told))
    return Told(looked, tuple(against))


def _months(span: Span) -> Q:
    """Return the condition of the months that lie in the span, even in part."""
    first, last = (one.year * 12 + one.month - 1 for one in span.days)
    found = Q(pk__in=[])
    for year in range(first // 12, last // 12 + 1):
        begun, ended = max(first, year * 12), min(last, year * 12 + 11)
        found |= Q(year=year, month__gte=begun % 12 + 1, month__lte=ended % 12 + 1)
    return found


def verdicts(span: Span) -> Told:
    """Look at the verdicts of the quarters that lie in the span, even in part."""
    rows = QuarterVerdict.objects.filter(enterprise=span.enterprise, state__in=("compliant", "exceeding"))
    found = [one for one in rows.select_related("outlet").order_by("pk") if _within(one, span)]
    against = [_over(one) for one in found if one.state == "exceeding"]
    return Told(len(found), tuple(against))


def _within(row: QuarterVerdict, span: Span) -> bool:
    begun, ended = (one.year * 4 + (one.month - 1) // 3 for one in span.days)
    return bool(begun <= row.year * 4 + row.quarter - 1 <= ended)


def _over(row: QuarterVerdict) -> dict[str, Any]:
    told = {"quarter": f"{row.year}Q{row.quarter}", "over": row.over, "parameter": _name(row.parameter)}
    address = f"/enterprises/{row.enterprise.code}#grid"
    return at_outlet("fact_over", (row.outlet.code, row.outlet.name), row.last, address, **told)


def _name(parameter: str) -> str:
    known = all_parameters().get(parameter)
    return known.name if known else parameter


def samples(span: Span) -> Told:
    """Look at the results of self-monitoring; one beyond its limit speaks against it."""
    rows = Sample.objects.filter(enterprise=span.enterprise, day__range=span.days)
    over = rows.filter(judged="over").select_related("requirement__outlet").order_by("-day", "pk")
    return Told(rows.count() + _duties(span, ("monitoring",)), tuple(_sample(one) for one in over))


def _sample(row: Sample) -> dict[str, Any]:
    outlet, told = row.requirement.outlet, {"parameter": _name(row.requirement.parameter)}
    address = f"/permits/{row.enterprise.code}"
    return at_outlet("fact_sample", (outlet.code, outlet.name), row.day, address, **told)


def _duties(span: Span, kinds: tuple[str, ...]) -> int:
    rows = Duty.objects.filter(enterprise=span.enterprise, kind__in=kinds, due__range=span.days)
    return int(rows.exclude(standing="waived").count())


def hazard_checks(span: Span) -> Told:
    """Look at the checks for hidden dangers; those that are late speak against it."""
    looked = HazardCheck.objects.filter(enterprise=span.enterprise, day__range=span.days).count()
    late = [one for one in late_checks(_one(span.enterprise), span.last) if one["last"] is not None]
    words = hazard_settings()["check"]
    names = [(words[one["check"]]["zh"], words[one["check"]]["en"]) for one in late]
    return Told(looked, tuple(fact("fact_check", None, "/hazards", check=name) for name in names))


def _one(enterprise: Enterprise) -> Any:
    return Enterprise.objects.filter(pk=enterprise.pk)


def officers(span: Span) -> Told:
    """Look at the officers of the enterprise; none who was ever trained speaks against it."""
    rows = [one for one in Officer.objects.filter(enterprise=span.enterprise) if one.holds(span.last)]
    address = f"/enterprises/{span.enterprise.code}#officers"
    trained = any(one.trained for one in rows)
    return Told(len(rows), () if trained or not rows else (fact("fact_training", None, address),))


def declarations(span: Span) -> Told:
    """Look at the declarations of tax that were due in the span: drafts past their day speak against it."""
    rows = TaxDeclaration.objects.filter(enterprise=span.enterprise, due__range=span.days).order_by("quarter")
    against = [
        fact("fact_tax", one.due, f"/accounts/tax/{one.number}", quarter=one.quarter)
        for one in rows
        if one.confirmed is None and one.due < span.last
    ]
    return Told(len(rows), tuple(against))


def _counted(model: Any, day: str = "", **more: Any) -> Callable[[Span], Told]:
    """Return a function that counts the records of an enterprise, in the span where `day` names a field."""

    def count(span: Span) -> Told:
        within = {f"{day}__range": span.days} if day else {}
        return Told(model._default_manager.filter(enterprise=span.enterprise, **within, **more).count())

    return count


def _of_duties(*kinds: str) -> Callable[[Span], Told]:
    return lambda span: Told(_duties(span, kinds))


def _manifests(span: Span) -> Told:
    own = Q(generator=span.enterprise) | Q(receiver=span.enterprise)
    return Told(Manifest.objects.filter(own, happened__date__range=span.days).count())


def _plans(span: Span) -> Told:
    years = (span.first.year, span.last.year)
    return Told(Plan.objects.filter(enterprise=span.enterprise, year__range=years).count())


def _reports(span: Span) -> Told:
    return Told(DisclosureReport.objects.filter(item__enterprise=span.enterprise).count())


def _visits(span: Span) -> Told:
    rows = Task.objects.filter(enterprise=span.enterprise, confirmed__isnull=False)
    return Told(rows.filter(visited__date__range=span.days).count())


def _hazards(span: Span) -> Told:
    looked = HazardCheck.objects.filter(enterprise=span.enterprise, day__range=span.days).count()
    return Told(looked + Hazard.objects.filter(enterprise=span.enterprise).count())


EVIDENCE: Mapping[str, Callable[[Span], Told]] = MappingProxyType(
    {
        "nothing": lambda span: Told(0),
        "own_records": lambda span: Told(1),
        "permits": permits,
        "permits_kept": _counted(Permit),
        "report_duties": _of_duties("report_year", "report_quarter", "report_month"),
        "ledger_duties": _of_duties("ledger"),
        "outlets": outlets,
        "projects": _counted(Project),
        "monitors": monitors,
        "hours": hours,
        "visits": _visits,
        "verdicts": verdicts,
        "samples": samples,
        "waste_plans": _plans,
        "waste_entries": _counted(Entry, "day"),
        "waste_manifests": _manifests,
        "hazard_checks": hazard_checks,
        "hazards": _hazards,
        "disclosures": _counted(DisclosureItem),
        "disclosure_reports": _reports,
        "officers": officers,
        "declarations": declarations,
        "quotas": _counted(Account, scheme="quota"),
    }
)
"""What the items of the form look at. The bureau knows its own penalties, petitions and issues whole:
that there is none is known, not unknown."""

__all__ = ["EVIDENCE", "Span", "fact"]

"""Head 档案首页: who the enterprise is, its code and grade, and what stands open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps

from huanzhi.center.hazards.models import Hazard
from huanzhi.center.hazards.settings import settings as hazard_settings
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import table as issue_table
from huanzhi.ecocode.files.models import QuarterVerdict
from huanzhi.ecocode.permits.models import KeyEntry, KeyList
from huanzhi.ecocode.permits.settings import settings as permit_settings
from huanzhi.ecocode.statements.models import Statement
from huanzhi.library.enterprises.models import Enterprise, Permit
from huanzhi.library.rights import Actor, visible
from huanzhi.programmes.enterprise_file.quarters import Quarter
from huanzhi.standards.periods import CHINA

RECENT = 30
"""Days of which exceedances are counted in the head. DEFAULT, NOT FROM THE DOCUMENTS."""


def head(who: Actor, enterprise: Enterprise, now: datetime) -> dict[str, Any]:
    """Return code and credit, permit, and the counts of what stands open, as far as somebody may see."""
    today = now.astimezone(CHINA).date()
    return {
        **standings(who, enterprise),
        "permit": permit(who, enterprise, today),
        "key_classes": key_classes(who, enterprise),
        "open_issues": _issues(who, enterprise).count(),
        "late_issues": _issues(who, enterprise).filter(due__lt=now).count(),
        "open_hazards": _hazards(who, enterprise).count(),
        "exceeding_days": exceeding_days(who, enterprise, today),
        "open_statements": _statements(who, enterprise).filter(state="filed").count(),
        **duties(who, enterprise, today),
    }


def standings(who: Actor, enterprise: Enterprise) -> dict[str, Any]:
    """Return code 环保码 and credit 信用等级: level and since when; None where none is known."""
    found: dict[str, Any] = {"code_level": None, "credit_level": None}
    if not apps.is_installed("huanzhi.ecocode.grades"):
        return found
    model = apps.get_model("grades", "Code")
    for row in visible(who, model.KIND, model.objects.filter(enterprise=enterprise)):
        told = {"scheme": row.scheme, "level": row.level, "since": row.since.isoformat()}
        found["code_level" if row.sort == "code" else "credit_level"] = told
    return found


def key_classes(who: Actor, enterprise: Enterprise) -> list[dict[str, Any]]:
    """Return the classes in which it stands on the newest published list of key units 重点单位名录, by year.

    A unit taken off by a newer list of its region stands in no class, however it stood before.
    """
    lists = KeyList.objects.filter(state="published", region__in=_above(enterprise)).order_by("-year", "code")
    newest = lists.first()
    if newest is None:
        return []
    rows = KeyEntry.objects.filter(enterprise=enterprise, inside=True, key_list__in=lists)
    rows = visible(who, KeyEntry.KIND, rows.filter(key_list__year=newest.year)).select_related("key_list")
    words = permit_settings()["category"]
    found = {one.category: one for one in rows.order_by("category", "code")}
    return [
        {
            "category": name,
            "zh": words[name]["zh"],
            "en": words[name]["en"],
            "year": found[name].key_list.year,
            "list": found[name].key_list.code,
        }
        for name in words
        if name in found
    ]


def _above(enterprise: Enterprise) -> list[str]:
    """Return the codes of the region of an enterprise and of all above it."""
    return [code for code in enterprise.region.path.split("/") if code]


def permit(who: Actor, enterprise: Enterprise, today: date) -> dict[str, Any] | None:
    """Return the permit that holds, else the last one."""
    rows = visible(who, Permit.KIND, Permit.objects.filter(enterprise=enterprise)).order_by(
        "valid_from", "code"
    )
    found = list(rows)
    holding = [one for one in found if one.status == "valid" and one.holds(today)]
    chosen = (holding or found or [None])[-1]
    if chosen is None:
        return None
    return {
        "code": chosen.code,
        "holds": bool(holding),
        "valid_to": chosen.valid_to.isoformat() if chosen.valid_to else None,
    }


def duties(who: Actor, enterprise: Enterprise, today: date) -> dict[str, int | None]:
    """Return how many duties of the permit are open, and how many late; None where nobody keeps them."""
    if not apps.is_installed("huanzhi.ecocode.permits"):
        return {"open_duties": None, "late_duties": None}
    model = apps.get_model("permits", "Duty")
    rows = visible(who, model.KIND, model.objects.filter(enterprise=enterprise, standing="open"))
    return {"open_duties": rows.count(), "late_duties": rows.filter(due__lt=today).count()}


def exceeding_days(who: Actor, enterprise: Enterprise, today: date) -> int:
    """Return on how many of the last days anything lay beyond a limit, by the kept verdicts."""
    since = today - timedelta(days=RECENT)
    rows = QuarterVerdict.objects.filter(enterprise=enterprise, over__gt=0, year__gte=Quarter.of(since).year)
    lists = visible(who, QuarterVerdict.KIND, rows).order_by("pk").values_list("days", flat=True)
    return len({day["day"] for days in lists for day in days if day["day"] >= since.isoformat()})


def _issues(who: Actor, enterprise: Enterprise) -> Any:
    rows = Issue.objects.filter(enterprise=enterprise.code, state__in=issue_table().open_states())
    return visible(who, Issue.KIND, rows)


def _hazards(who: Actor, enterprise: Enterprise) -> Any:
    states = [code for code, row in hazard_settings()["state"].items() if row["open"]]
    return visible(who, Hazard.KIND, Hazard.objects.filter(enterprise=enterprise, state__in=states))


def _statements(who: Actor, enterprise: Enterprise) -> Any:
    return visible(who, Statement.KIND, Statement.objects.filter(enterprise=enterprise))

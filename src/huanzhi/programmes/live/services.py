"""Service firms and exchanges of the test city 模拟服务机构与数据交换, by the steps of people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.ecocode.services import grading, quality, register
from huanzhi.ecocode.services.models import Firm
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import REGION
from huanzhi.library.people.models import Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.network.exchange.models import Target
from huanzhi.programmes.exchange import doing
from huanzhi.programmes.exchange.payloads import declared
from huanzhi.standards.periods import CHINA

FIRMS = (
    ("SIM-FW-01", "模拟清源环境检测有限公司", "testing", "检验检测机构资质认定（模拟）", 400, "yes"),
    ("SIM-FW-02", "模拟蓝天环评咨询有限公司", "eia", "环评信用平台注册（模拟）", 400, "partly"),
    ("SIM-FW-03", "模拟恒测在线运维有限公司", "operation", "运维服务能力（模拟）", 400, "no"),
    ("SIM-FW-04", "模拟净水第三方治理有限公司", "treatment", "污染治理设施运营（模拟）", -20, "yes"),
    ("SIM-FW-05", "模拟碳衡核查有限公司", "greenhouse", "", 400, ""),
)
"""Code, name, kind, qualification, days until it ends, how its works are found; empty: none was checked."""


def furnish(now: datetime) -> int:
    """Make the service firms and the targets of exchange once; return how many firms."""
    region = Region.objects.filter(pk=REGION, simulated=True).first()
    duty = Person.objects.filter(code="duty").first()
    if region is None or duty is None or Firm.objects.filter(simulated=True).exists():
        return 0
    who, today = actor_of(duty), now.astimezone(CHINA).date()
    with transaction.atomic():
        for row in FIRMS:
            _firm(who, region, row, today)
        falsified = register.firm_of(FIRMS[2][0])
        register.mark(
            who, falsified, "falsified", today - timedelta(days=40), "比对监测数据与原始记录不符（模拟）"
        )
        grading.grade_all(today)
    _exchange(who, region, now)
    return len(FIRMS)


def _firm(who: Actor, region: Region, row: tuple[Any, ...], today: date) -> None:
    code, name, kind, qualification, days, answer = row
    until = today + timedelta(days=days) if qualification else None
    told = {"name": name, "kind": kind, "region": region.pk, "qualification": qualification}
    firm = register.enter_firm(who, code, {**told, "qualified_until": until}, simulated=True)
    sort = {"eia": "engineer", "testing": "tester", "operation": "operator"}.get(kind, "expert")
    person = {"name": f"模拟人员{code[-2:]}", "kind": sort, "firm": code, "field": "水和废水（模拟）"}
    register.enter_person(who, f"{code}-P1", person, simulated=True)
    if answer:
        _works(who, firm, answer, today)


def _works(who: Actor, firm: Firm, answer: str, today: date) -> None:
    rows = Enterprise.objects.filter(simulated=True, organisation__isnull=False).order_by("code")[:2]
    for number, one in enumerate(rows):
        begun = today - timedelta(days=120 - 20 * number)
        told = {
            "firm": firm.code,
            "enterprise": one.code,
            "title": f"{one.name}服务成果（模拟）",
            "begun": begun,
        }
        promised = _promise(one, begun) if firm.sort == "treatment" else {}
        work = register.enter_work(who, {**told, "promised": promised}, today)
        answers = dict.fromkeys(("complete", "sound", "method", "conclusion"), answer)
        quality.check(who, work, {**answers, "timely": "yes"}, "模拟检查", begun + timedelta(days=30))


def _promise(enterprise: Enterprise, begun: date) -> dict[str, Any]:
    outlet = enterprise.outlets.filter(medium="water").order_by("code").first()
    place = outlet.code if outlet else f"{enterprise.code}-W1"
    last = begun + timedelta(days=100)
    told = {"place": place, "parameter": "w01018", "period": "day", "limit": "80", "share": "95"}
    return {**told, "first": begun.isoformat(), "last": last.isoformat()}


def _exchange(who: Actor, region: Region, now: datetime) -> None:
    """Agree with the systems that the documents name, by file, and send a first parcel."""
    if Target.objects.filter(simulated=True).exists():
        return
    for code, row in declared()["targets"].items():
        told = {"name": f"模拟{row['zh']}", "payloads": row["payloads"], "purpose": row["purpose"]}
        save(SYSTEM, Target(code=code, region=region, basis=row["basis"], simulated=True, **told))
    doing.send(who, doing.target_of(who, "city_brain"), "indicators", now)

"""A plan of the test city 模拟计划: taken in, reviewed in part, some measures under way, one overdue."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huanzhi.center.plans import intake, reviewing
from huanzhi.center.plans.ledger import move
from huanzhi.center.plans.models import BodyName, Document, Item, Measure
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import REGION
from huanzhi.library.people.models import Person
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA

NAME = "模拟市碧水蓝天三年行动计划.txt"
ROWS = (
    ("建立地表水质三色预警机制", 0, 0, "市水利局、市生态环境局"),
    ("完善河湖健康评价制度", 0, 1, "市水利局"),
    ("排查整治入河排污口", -2, -1, "市水利局、市生态环境局"),
    ("推进空气质量预测预报能力建设", 0, 1, "市生态环境局"),
    ("开展柴油车超标排放专项治理", -1, 0, "市公安局、市生态环境局"),
    ("修订污染源自动监控运维管理办法", 1, 1, "市生态环境局"),
)
"""Measures: words, first and last year counted from the present one, bodies."""


def text_of(year: int) -> str:
    """Return the document, its years counted from the present one."""
    rows = [
        line
        for number, (words, first, last, bodies) in enumerate(ROWS, 1)
        for line in (str(number), f"{words}({_span(year + first, year + last)}年)", bodies)
    ]
    goals = (
        f"到{year + 1}年,全市PM2.5平均浓度下降到30微克/立方米,力争下降到28微克/立方米,"
        "空气质量优良天数比率达到93%以上;"
        "县控以上断面水质优良比例达到95%,近岸海域水质优良比例达到%。"
    )
    head = [f"模拟市碧水蓝天三年行动计划({year - 1}-{year + 1}年)", "一、主要目标", goals, "二、组织实施"]
    duty = "市生态环境局要牵头推进各项工作,建立部门协同机制。"
    return "\n".join([*head, duty, "附件", "重点举措清单", "序号", "重点举措", "牵头部门", *rows]) + "\n"


def _span(first: int, last: int) -> str:
    return str(last) if first == last else f"{first}-{last}"


def furnish(now: datetime) -> int:
    """Take the plan of the test city in, once; return how many measures entered the ledger."""
    region = Region.objects.filter(pk=REGION, simulated=True).first()
    duty, water = (Person.objects.filter(code=code).first() for code in ("duty", "department"))
    if region is None or duty is None or water is None or Document.objects.filter(name=NAME).exists():
        return 0
    who, content = actor_of(duty), text_of(now.astimezone(CHINA).year).encode()
    with transaction.atomic():
        made = intake.take_in(who, content, NAME, region.pk, now, simulated=True)
        for name in BodyName.objects.select_related("document__region").filter(
            document=made, organisation__isnull=False
        ):
            reviewing.confirm(who, name, name.organisation.code)
        rows = Item.objects.select_related("document__region").filter(document=made, sort="measure")
        for item in rows[:5]:
            reviewing.decide(who, item, "accepted", now)
        _progress(actor_of(water), made, now)
    return Measure.objects.filter(document=made).count()


def _progress(who: Actor, document: Document, now: datetime) -> None:
    mine = Measure.objects.filter(document=document, lead__code=who.organisation).order_by("pk")
    for measure, percent in zip(mine, (60, 20, 85), strict=False):
        told = {"percent": percent, "words": "按计划推进（模拟）"}
        move(who, measure, "report", told, now)

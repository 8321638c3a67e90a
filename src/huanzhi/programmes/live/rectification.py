"""Rectification of the test city 模拟督察整改: two batches of tasks, by the steps of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.center.rectification import planning
from huanzhi.center.rectification.models import Batch, Task
from huanzhi.center.rectification.moving import move
from huanzhi.center.rectification.opening import Draft, open_task
from huanzhi.center.rectification.regular import daily
from huanzhi.center.rectification.settings import settings
from huanzhi.center.rectification.writing_off import propose_write_off
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import REGION
from huanzhi.library.people.models import Person
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.periods import CHINA

PEOPLE = ("duty", "department", "branch", "inspector", "supervisor", "leader")
BATCHES = (
    ("MN-SJ", "模拟市省级生态环境保护督察反馈", "provincial", "模拟轮次", 120, 6),
    ("MN-QD", "模拟市突出生态环境问题清单", "municipal", "", 110, 6),
)
LEADS = ("water", "branch", "water")
"""Leading units, in turn."""

WAY = ("plan", "approve", "rectify", "self_check", "accept", "publish", "file", "write_off")
AGO = {"open": 100, "plan": 95, "approve": 90, "rectify": 60, "self_check": 55, "accept": 50, "publish": 45}
AGO |= {"file": 20, "write_off": 15}
"""Days before the present on which the steps of the past were taken."""

# batch, title, category, how far it is, days from now until the term (None: the source names none), class
TASKS: tuple[tuple[str, str, str, str, int | None, str], ...] = (
    ("MN-SJ", "沿江码头堆场扬尘管控不到位", "dust", "approve", -40, "short"),
    ("MN-SJ", "老城区雨污管网错接混接", "surface_water", "approve", 20, "medium"),
    ("MN-SJ", "工业园区废水集中处理设施能力不足", "outlet_water", "rectify", 60, "medium"),
    ("MN-SJ", "修造船行业挥发性有机物收集不到位", "outlet_air", "plan", None, "medium"),
    ("MN-SJ", "建筑垃圾消纳能力与产生量不匹配", "solid_waste", "open", 240, "long"),
    ("MN-SJ", "入海排污口整治进度滞后", "marine", "write_off", -10, "short"),
    ("MN-QD", "河道沿线农业面源污染", "surface_water", "file", 10, "short"),
    ("MN-QD", "餐饮油烟扰民问题集中", "odour", "file", 14, "immediate"),
    ("MN-QD", "施工工地夜间噪声", "noise", "file", 16, "immediate"),
    ("MN-QD", "露天焚烧秸秆", "burning", "file", 22, "immediate"),
    ("MN-QD", "印染企业废水预处理不到位", "outlet_water", "publish", 30, "short"),
    ("MN-QD", "饮用水水源保护区标志缺失", "drinking_source", "write_off", -30, "immediate"),
)


def furnish(now: datetime) -> int:
    """Make the tasks of the test city once; return how many."""
    region = Region.objects.filter(pk=REGION, simulated=True).first()
    people = {code: Person.objects.filter(code=code).first() for code in PEOPLE}
    if region is None or None in people.values() or Batch.objects.filter(code=BATCHES[0][0]).exists():
        return 0
    who = {code: actor_of(one) for code, one in people.items()}
    with transaction.atomic():
        batches = {row[0]: _batch(row, region, now) for row in BATCHES}
        for row in TASKS:
            _task(who, batches[row[0]], row, now)
        daily(now)
    return len(TASKS)


def _batch(row: tuple[Any, ...], region: Region, now: datetime) -> Batch:
    code, name, origin, round_, ago, expected = row
    told = {"code": code, "name": name, "origin": origin, "round": round_, "expected": expected}
    made = Batch(**told, region=region, fed_back=(now - timedelta(days=ago)).date(), simulated=True)
    save(SYSTEM, made, "demo")
    return made


def _task(who: Mapping[str, Actor], batch: Batch, row: tuple[Any, ...], now: datetime) -> None:
    _, title, category, reached, days, class_ = row
    term = _day(now + timedelta(days=days)) if days is not None else None
    draft = Draft(
        title,
        f"督察发现：{title}，整改责任落实不到位（模拟）。",
        "问题整改到位，长效机制建立",
        ("制定整治方案", "完成工程和管理措施", "建立长效机制"),
        serial=str(batch.tasks.count() + 1),
        category=category,
        lead=f"{REGION}-{LEADS[batch.tasks.count() % len(LEADS)]}",
        cooperating="乡镇（街道）",
        in_charge="分管负责人（模拟）",
        supervisor=f"{REGION}-supervision",
        term_class=class_,
        term=term,
        term_words="年12月底前" if term is None else "",
        missing=() if term else ("year",),
        source="模拟反馈意见",
        mechanism="纳入监测预警和月度巡查，反弹即重新立项",
        simulated=True,
    )
    task = open_task(who["duty"], batch, draft, now=now - timedelta(days=AGO["open"]))
    for name in WAY[: WAY.index(reached) + 1] if reached != "open" else ():
        _STEPS[name](who, _fresh(task), now - timedelta(days=AGO[name]))


def _plan(who: Mapping[str, Actor], task: Task, at: datetime) -> None:
    move(who["department"], task, "submit_plan", {"summary": "按三项措施分步推进"}, now=at)


def _approve(who: Mapping[str, Actor], task: Task, at: datetime) -> None:
    move(who["duty"], task, "approve_plan", {"requirement": "按方案推进，每月报送进展"}, now=at)


def _rectify(who: Mapping[str, Actor], task: Task, at: datetime) -> None:
    for one in task.measures.all():
        planning.finish_measure(who["department"], task, one.number, _day(at), "已完成")
    _attach(who["department"], task, "after", at)
    told = {"measures": "三项措施均已落实", "done_on": _day(at).isoformat()}
    move(who["department"], task, "rectify", told, now=at)


def _self_check(who: Mapping[str, Actor], task: Task, at: datetime) -> None:
    told = {"method": "site", "finding": "现场与报告一致"}
    if task.level == "municipal":
        move(who["inspector"], task, "self_check_city", told, now=at)
        return
    move(who["inspector"], task, "self_check", told, now=at)
    move(who["branch"], _fresh(task), "precheck", told, now=at)


def _accept(who: Mapping[str, Actor], task: Task, at: datetime) -> None:
    piece = _attach(who["supervisor"], task, "check", at)
    for item in settings()["item"]:
        planning.find(who["supervisor"], task, item, True, "符合要求（模拟）", piece, at)
    planning.check_on_site(who["supervisor"], task, "督导组二人、牵头单位一人", "现场已整治到位", at)
    move(who["supervisor"], task, "accept", {"method": "site", "finding": "验收合格"}, now=at)


def _publish(who: Mapping[str, Actor], task: Task, at: datetime) -> None:
    told = {"channel": "website", "public_words": f"{task.title}：已按方案完成整改（模拟）"}
    move(who["duty"], task, "publish", told, now=at)


def _file(who: Mapping[str, Actor], task: Task, at: datetime) -> None:
    move(who["duty"], task, "file", {"filed_with": "督察整改工作办公室（模拟）"}, now=at)


def _write_off(who: Mapping[str, Actor], task: Task, at: datetime) -> None:
    made = propose_write_off(who["duty"], task, "五项标准均已落实，公示无异议", now=at)
    approve(who["supervisor"], made.pk, now=at)


_STEPS = {
    "plan": _plan,
    "approve": _approve,
    "rectify": _rectify,
    "self_check": _self_check,
    "accept": _accept,
    "publish": _publish,
    "file": _file,
    "write_off": _write_off,
}


def _attach(actor: Actor, task: Task, use: str, at: datetime) -> int:
    words = f"模拟{use} {task.number} {task.round}".encode()
    return int(planning.attach(actor, task, words, f"{use}.txt", "record", use, at).pk)


def _fresh(task: Task) -> Task:
    return Task.objects.select_related("region", "organisation", "batch", "supervisor").get(pk=task.pk)


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()

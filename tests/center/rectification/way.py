"""People of each role, and the steps of a task on its way."""

from datetime import UTC, date, datetime, timedelta

from huanzhi.center.rectification import planning
from huanzhi.center.rectification.models import Task
from huanzhi.center.rectification.moving import move
from huanzhi.center.rectification.opening import Draft, open_task
from huanzhi.center.rectification.settings import settings
from huanzhi.library.rights import Actor, Held

NOW = datetime(2026, 9, 18, 2, tzinfo=UTC)  # a Friday, 10:00 in China
LATER = NOW + timedelta(days=40)
"""When a publication that begins now is over, National Day and all."""


def somebody(code, role, organisation, path="330200/"):
    return Actor(code, code, (Held(role, path),), organisation)


DUTY = somebody("zhang", "duty", "bureau")
WORKER = somebody("gong", "department", "water")
CHECKER = somebody("wang", "inspector", "bureau")
CITY = somebody("shi", "branch", "branch")
SUPERVISOR = somebody("du", "supervisor", "supervision")
LEADER = somebody("li", "leader", "bureau")
READER = somebody("chen", "reader", "bureau")
ELSEWHERE = somebody("zhao", "duty", "bureau2", "330300/")


def opened(batch, **more):
    told = {
        "title": "管网雨污分流不到位",
        "problem": "管网错接",
        "lead": "water",
        "measures": ["改造管网", "建立运维"],
    }
    told |= {
        "target": "雨污分流",
        "in_charge": "王某",
        "category": "surface_water",
        "term": date(2026, 12, 31),
    }
    return open_task(DUTY, batch, Draft(**told | more), now=NOW)


def step(actor, task, name, now=NOW, **outputs):
    return move(actor, fresh(task), name, outputs, now=now)


def fresh(task):
    return Task.objects.select_related("region", "organisation", "batch", "supervisor").get(pk=task.pk)


def shown(task, actor=WORKER, use="after"):
    words = f"{use} {actor.code} {fresh(task).revision} {task.exhibits.count()}"
    return planning.attach(actor, fresh(task), words.encode(), "a.jpg", "photo", use)


def to_work(task):
    step(WORKER, task, "submit_plan", summary="方案")
    return step(DUTY, task, "approve_plan", requirement="按期完成")


def done(task):
    for one in task.measures.all():
        planning.finish_measure(WORKER, fresh(task), one.number, date(2026, 9, 18), "完成")
    shown(task)
    return step(WORKER, task, "rectify", measures="已改造", done_on="2026-09-18")


def checked(task, checker=CHECKER):
    name = "self_check" if fresh(task).level == "provincial" else "self_check_city"
    task = step(checker, task, name, method="site", finding="属实")
    return step(CITY, task, "precheck", method="site", finding="属实") if name == "self_check" else task


def found(task, actor=SUPERVISOR, now=NOW):
    piece = shown(task, actor, "check")
    for item in settings()["item"]:
        planning.find(actor, fresh(task), item, True, "符合", piece.pk, now)
    planning.check_on_site(actor, fresh(task), "三人", "现场属实", now)
    return piece


def accepted(task):
    found(task)
    return step(SUPERVISOR, task, "accept", method="site", finding="验收合格")


def published(task, now=NOW):
    return step(DUTY, task, "publish", now, channel="website", public_words="已完成整改")


def filed(task):
    task = accepted(checked(done(to_work(task))))
    published(task)
    return step(DUTY, task, "file", LATER, filed_with="省整改办")

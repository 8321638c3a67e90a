"""Inspections of the test city 模拟检查: inspectors, a plan with a draw that is over, hidden dangers.

Everything is made by the steps that people take, in the name of the platform, and is simulated.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from huanzhi.center.hazards.keeping import make_check, report
from huanzhi.center.hazards.keeping import move as move_hazard
from huanzhi.center.inspections import drawing, tasks
from huanzhi.center.inspections.models import Conflict, Inspector, Plan, Task
from huanzhi.center.inspections.planning import make_plan
from huanzhi.center.inspections.settings import checklist
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.periods import CHINA

CITY = "990001"
BODY = f"{CITY}-bureau"
REASON = "demo"
SENT = 8
SKILLS = ("water,air", "air,waste", "water,monitoring", "waste,risk", "water,air,noise")
BEACON = ("公开彩票开奖号码（模拟）", "04 09 15 21 28 33 + 11")


def furnish(now: datetime) -> None:
    """Make what the screens of inspections show, once; nothing where no enterprise is there."""
    duty = Person.objects.filter(code="duty").first()
    city = Region.objects.filter(pk=CITY).first()
    body = Organisation.objects.filter(code=BODY).first()
    if duty is None or city is None or body is None or Plan.objects.exists():
        return
    if not Enterprise.objects.filter(simulated=True).exists():
        return
    officer = actor_of(duty)
    people(body)
    plan = make_plan(officer, _year(now.astimezone(CHINA).date()), now - timedelta(days=9))
    _drawn(officer, plan, now)
    dangers(officer, now)


def people(body: Organisation) -> None:
    """Make the pool of inspectors; the accounts of the city are two of them."""
    districts = list(Region.objects.filter(parent=CITY).order_by("pk"))
    accounts = {1: "inspector", 2: "monitoring"}
    for number in range(1, SENT + 1):
        person = Person.objects.filter(code=accounts.get(number, "")).first()
        made = Inspector(
            code=f"JCY-{number:02}",
            name=person.name if person else f"检查员{number}（模拟）",
            organisation=body,
            region=districts[number % len(districts)] if districts else None,
            person=person,
            certificate=f"模拟-{number:04}",
            certified_to=date(2028, 12, 31),
            skills=SKILLS[number % len(SKILLS)],
            simulated=True,
        )
        save(SYSTEM, made, REASON)
    first = Enterprise.objects.filter(simulated=True).order_by("code").first()
    if first is not None:
        who = Inspector.objects.get(code=f"JCY-{SENT:02}")
        declared = {"sort": "employer", "words": "曾在该企业任职（模拟）", "simulated": True}
        save(SYSTEM, Conflict(inspector=who, enterprise=first, **declared), REASON)


def _year(day: date) -> dict[str, object]:
    return {
        "sort": "random",
        "title": f"{day.year} 年双随机抽查（模拟）",
        "begins": date(day.year, 1, 1),
        "ends": date(day.year, 12, 31),
        "region": CITY,
        "organisation": BODY,
        "checklist": "general",
        "simulated": True,
    }


def _drawn(officer: Actor, plan: Plan, now: datetime) -> None:
    """Commit to a draw eight days ago and reveal it six days ago; one visit is over and published."""
    quarter = (now.astimezone(CHINA).month - 1) // 3 + 1
    begun, due = now - timedelta(days=8), now - timedelta(days=6, hours=2)
    draw = drawing.commit(officer, plan, quarter, BEACON[0], due, begun)
    drawing.reveal(officer, draw, BEACON[1], now - timedelta(days=6))
    done = Task.objects.filter(draw=draw).order_by("number").first()
    if done is not None:
        _visited(officer, done, now - timedelta(days=5))


def _visited(officer: Actor, task: Task, at: datetime) -> None:
    task = tasks.move(officer, task, "begin", {}, at)
    answers = {item["code"]: {"result": "ok"} for item in checklist(task.checklist)["item"]}
    answers["waste"] = {"result": "not_met", "words": "危废贮存间标识不全（模拟）"}
    task = tasks.answer(officer, task, answers, at)
    filing = {"conclusion": "发现一处问题，已现场告知（模拟）", "signed_by": "企业环保员（模拟）"}
    task = tasks.move(officer, task, "file", filing, at + timedelta(hours=2))
    leader = Person.objects.filter(code="leader").first()
    if leader is not None:
        second = actor_of(leader)
        task = tasks.move(second, task, "confirm", {}, at + timedelta(days=1))
        tasks.move(second, task, "publish", {"words": "发现问题，已责令改正（模拟）"}, at + timedelta(days=2))


def dangers(officer: Actor, now: datetime) -> None:
    """Make a check and two dangers of an enterprise, one of them major."""
    person = Person.objects.filter(code="enterprise").select_related("organisation").first()
    own = Enterprise.objects.filter(organisation=person.organisation).first() if person else None
    if person is None or own is None:
        return
    boss = actor_of(person)
    day = (now - timedelta(days=4)).astimezone(CHINA).date()
    check = make_check(
        boss,
        {
            "enterprise": own.code,
            "day": day,
            "kind": "daily",
            "areas": "罐区、应急池（模拟）",
            "people": "张工（模拟）",
        },
        now - timedelta(days=4),
    )
    told = {"enterprise": own.code, "check": check.number}
    major = {"title": "事故应急池防渗层破损（模拟）", "kind": "facility", "told": {"complex": True}}
    made = report(boss, told | major | {"words": "池壁渗漏（模拟）"}, now - timedelta(days=4))
    plan = {"measure": "更换防渗层，期间启用备用池（模拟）", "responsible": "张工（模拟）"}
    move_hazard(boss, made, "plan", plan, now - timedelta(days=3))
    plain = {"title": "危废标识褪色（模拟）", "kind": "waste", "told": {}}
    report(boss, told | plain, now - timedelta(days=4))

"""Files of the test city 模拟档案: officers, projects, verdicts of quarters, statements with answers.

Everything is made by the steps that people take, and is simulated.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from huanzhi.ecocode.files.models import Officer, Project, QuarterVerdict
from huanzhi.ecocode.statements.models import Statement
from huanzhi.ecocode.statements.stating import attach, move, state
from huanzhi.errors import StoreError
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Person
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import open_store
from huanzhi.programmes.enterprise_file.quarters import Quarter
from huanzhi.programmes.enterprise_file.reckoning import keep_up
from huanzhi.standards.periods import CHINA

REASON = "demo"
OFFICERS, PROJECTS = 40, 12
"""How many enterprises get an officer, and how many a project. Ours."""


def furnish(now: datetime) -> None:
    """Make what the screens of enterprises show, once; verdicts anew each time, as regular work does."""
    people = {code: Person.objects.filter(code=code).first() for code in ("enterprise", "monitoring")}
    rows = list(Enterprise.objects.filter(simulated=True).order_by("code")[:OFFICERS])
    if not rows or any(one is None for one in people.values()):
        return
    today = now.astimezone(CHINA).date()
    if not Officer.objects.filter(simulated=True).exists():
        own = people["enterprise"].organisation  # type: ignore[union-attr]
        officers(rows, today, own.code if own else "", people["enterprise"])  # type: ignore[arg-type]
        projects(rows[:PROJECTS], today)
    verdicts(now)
    if not Statement.objects.filter(simulated=True).exists():
        statements(people["enterprise"], people["monitoring"], now)  # type: ignore[arg-type]


def officers(rows: list[Enterprise], today: date, own: str, person: Person) -> None:
    """Make an officer of each enterprise."""
    for number, one in enumerate(rows, 1):
        mine = one.organisation is not None and one.organisation.code == own
        made = Officer(
            code=f"HBY-{number:04}",
            name=f"环保员{number}（模拟）",
            enterprise=one,
            person=person if mine else None,
            post="安全环保部",
            phone=f"1390000{number:04}",
            main=True,
            tasks="自动监控日常巡检；台账与执行报告；告警与整改通知的接收和回复",
            trained=today - timedelta(days=30 + 9 * number),
            trained_hours=16,
            training="企业环保员岗位培训（模拟）",
            sensitivity="own",
            simulated=True,
        )
        save(SYSTEM, made, REASON)


def projects(rows: list[Enterprise], today: date) -> None:
    """Make a project of some enterprises, each at another stage of its life."""
    for number, one in enumerate(rows):
        begun = today - timedelta(days=200 + 20 * number)
        days = [begun, begun + timedelta(days=25), begun + timedelta(days=60), begun + timedelta(days=170)]
        names = ("applied", "approved", "begun", "completed")[: 1 + number % 4]
        made = Project(
            code=f"JSXM-{number + 1:03}",
            name=f"{one.name}技改项目（模拟）",
            enterprise=one,
            eia_class=("report", "form")[number % 2],
            authority="模拟市生态环境局",
            number=f"模环审〔{begun.year}〕{number + 1} 号" if number % 4 else "",
            simulated=True,
            **dict(zip(names, days, strict=False)),
        )
        save(SYSTEM, made, REASON)


def verdicts(now: datetime) -> None:
    """Judge the quarter that runs and the one before, where the store has begun."""
    today = Quarter.of(now.astimezone(CHINA).date())
    try:
        with open_store("read") as store:
            rows = Outlet.objects.filter(simulated=True).order_by("pk")
            keep_up(store, now, outlets=rows, quarters=[today.before(), today])
    except StoreError:
        return


def statements(person: Person, officer: Person, now: datetime) -> None:
    """Explain two exceedances of the enterprise's own, one answered, and report an error in its file."""
    boss, bureau = actor_of(person), actor_of(officer)
    own = Enterprise.objects.filter(organisation=person.organisation).first()
    if own is None:
        return
    rows = (
        QuarterVerdict.objects.filter(enterprise=own, over__gt=0)
        .select_related("outlet")
        .order_by("-year", "-quarter", "pk")
    )
    told = [(row, day) for row in rows for day in reversed(row.days)]
    fresh = [
        (row, day) for row, day in told if date.fromisoformat(day["day"]) > now.date() - timedelta(days=90)
    ]
    for number, (row, day) in enumerate(fresh[:2]):
        given = {
            "sort": "exceedance",
            "outlet": row.outlet.code,
            "parameter": row.parameter,
            "day": date.fromisoformat(day["day"]),
            "cause": ("treatment", "process")[number],
            "words": ("生化池曝气风机故障，当日抢修恢复（模拟）", "来料浓度波动，已调整加药量（模拟）")[
                number
            ],
            **{name: day[name] for name in ("period", "value", "limit", "unit")},
        }
        made = state(boss, own, given, now - timedelta(days=2 - number))
        attach(boss, made, b"simulated maintenance record", "运维记录（模拟）.txt", "record", now)
        if number == 0:
            words = {"words": "运维记录与工况相符，说明属实；超标事实不变（模拟）"}
            move(bureau, made, "accept", words, now - timedelta(days=1))
    wrong = {
        "sort": "error",
        "subject_kind": "enterprise",
        "subject_key": own.code,
        "words": "联系人已变更，请更正（模拟）",
    }
    state(boss, own, wrong, now - timedelta(hours=5))

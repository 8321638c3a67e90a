"""Cases of the test city 模拟案件: one to be filed, one whose party was notified, one decided and published.

All of it is made up, marked as simulated, and made through the services that people use; made again it stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from huanzhi.center.enforcement import papers, publishing, replies, serving
from huanzhi.center.enforcement.evidence import attach
from huanzhi.center.enforcement.models import Case, Paper
from huanzhi.center.enforcement.moving import assign, move
from huanzhi.center.enforcement.opening import Draft, open_case
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Person
from huanzhi.library.rights import Actor
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA

OFFICERS = {"inspector": "模拟-001", "inspector2": "模拟-002"}
NEEDED = (*OFFICERS, "legal", "leader")
ACTS = (
    ("1107-1", "废水超标排放", "found"),
    ("1104-1", "治理设施未按许可证运行", "notified"),
    ("1086-1", "台账记录不全", "decided"),
)


def furnish(now: datetime, city: str = "990001") -> dict[str, int]:
    """Make cases for the test city where there are none yet; return how many there are.

    Parameters
    ----------
    city : str
        Region of the city; its enterprises and accounts must be there.
    """
    people = {one.code: actor_of(one) for one in Person.objects.filter(code__in=NEEDED)}
    firms = _firms(city)
    if len(people) == len(NEEDED) and firms and not Case.objects.filter(simulated=True).exists():
        for place, (matter, title, until) in enumerate(ACTS):
            _case(
                people,
                firms[place % len(firms)],
                (matter, title, until),
                now - timedelta(days=3 + 12 * place),
            )
    return {"cases": Case.objects.filter(simulated=True).count()}


def _firms(city: str) -> list[Enterprise]:
    """Return some enterprises, that of the demo account in the middle, so that it was served something."""
    rows = Enterprise.objects.filter(region__path__contains=f"{city}/", simulated=True).exclude(
        organisation=None
    )
    every = list(rows.select_related("organisation").order_by("code")[:3])
    own = Person.objects.filter(code="enterprise").values_list("organisation", flat=True).first()
    mine = Enterprise.objects.select_related("organisation").filter(organisation=own, simulated=True).first()
    return [every[0], mine or every[-1], every[-1]] if every else []


def _case(people: dict[str, Actor], firm: Enterprise, told: tuple[str, str, str], begun: datetime) -> None:
    matter, title, until = told
    who, day = people["inspector"], begun.astimezone(CHINA).date()
    draft = Draft(
        f"{firm.name}{title}",
        enterprise=firm.code,
        region=firm.region_id,
        matter=matter,
        act=text("cases.demo_act"),
        act_from=day - timedelta(days=2),
        simulated=True,
    )
    case = assign(who, open_case(who, draft, now=begun), OFFICERS, now=begun)
    if until != "found":
        case = _notified(people, case, begun)
    if until == "decided":
        _decided(people, case, begun + timedelta(days=2))


def _notified(people: dict[str, Actor], case: Case, begun: datetime) -> Case:
    who = people["inspector"]
    if not case.law:
        return case
    case = move(people["leader"], case, "file", {"finding": "同意立案"}, now=begun + timedelta(hours=2))
    record = "现场检查记录（模拟）".encode()
    attach(who, case, record, "现场检查记录.txt", "record", proves="违法事实", now=begun + timedelta(hours=3))
    told = {"finding": "违法事实属实", "opinion": "penalty"}
    case = move(who, case, "conclude", told, now=begun + timedelta(hours=5))
    case = move(people["legal"], case, "review", {"finding": "同意"}, now=begun + timedelta(hours=7))
    given = {"facts_words": case.act, "grounds": "在法定幅度内（模拟）", "intended": "罚款"}
    case = _served(who, case, "notice", given, begun + timedelta(hours=8))
    return move(who, case, "notify", {"opinion": "penalty"}, now=begun + timedelta(hours=9))


def _decided(people: dict[str, Actor], case: Case, at: datetime) -> None:
    if case.state != "notified":
        return
    replies.file_reply(people["inspector"], case, "waive", "书面放弃（模拟）", now=at)
    case = _again(case)
    outputs: dict[str, Any] = {"decision": "penalty", "fine": "30000", "finding": "事实清楚（模拟）"}
    case = move(people["leader"], case, "decide", outputs, now=at + timedelta(hours=1))
    told = {"facts_words": case.act, "grounds": "在法定幅度内（模拟）"}
    case = _served(people["inspector"], case, "decision", told, at + timedelta(hours=2))
    case = move(
        people["inspector"], case, "serve", {"finding": "已送达（模拟）"}, now=at + timedelta(hours=3)
    )
    publishing.publish(people["leader"], case, reason="模拟", now=at + timedelta(days=1))


def _served(who: Actor, case: Case, template: str, values: dict[str, str], at: datetime) -> Case:
    paper = papers.issue(who, papers.make(who, case, template, values, now=at), now=at)
    held = Paper.objects.select_related("case", "case__region", "case__party_body").get(pk=paper.pk)
    serving.serve(who, held, serving.Given("direct", at.astimezone(CHINA).date(), "模拟签收人"), now=at)
    return _again(case)


def _again(case: Case) -> Case:
    found: Case = Case.objects.select_related("region", "organisation", "party_body").get(pk=case.pk)
    return found

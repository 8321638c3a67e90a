"""Petitions and opinion of the test city 模拟信访与舆情.

Made-up reports on their way, by the steps of people.

Who reports is made up as well; names and numbers are of nobody (numbers begin with 1000, which no telephone
has).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.center.opinion.answering import assign, enter
from huanzhi.center.opinion.models import Opinion
from huanzhi.center.petitions import progress, replying
from huanzhi.center.petitions.intake import Told, receive
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.moving import move
from huanzhi.center.rewards import awarding, bounties
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import REGION
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.rights import Actor

PEOPLE = ("petitions", "leader", "publicity", "duty")
WAY = ("accept", "dispatch", "handle", "reply", "rate", "reward")

# channel, category, where, words, how far it is, days ago, score
REPORTS: tuple[tuple[str, str, str, str, str, int, int], ...] = (
    ("phone", "odour", "化工园区东门", "每天夜里十点后有刺鼻气味，持续两三个小时", "rate", 40, 5),
    ("web", "dust", "新城大道工地", "渣土车不盖篷布，路上都是土", "rate", 33, 4),
    ("wechat", "noise", "体育馆旁工地", "凌晨还在打桩", "rate", 28, 2),
    ("phone", "outlet_water", "北闸排口", "排口流出黑水，有泡沫", "reward", 26, 5),
    ("letter", "surface_water", "南河老桥", "河水发黑发臭一周了", "reply", 21, 0),
    ("web", "odour", "化工园区东门", "晚上的气味熏得开不了窗", "handle", 15, 0),
    ("wechat", "burning", "西郊农田", "有人烧秸秆", "dispatch", 9, 0),
    ("visit", "solid_waste", "滩涂二号围堤", "夜里有人倾倒建筑垃圾", "dispatch", 8, 0),
    ("phone", "odour", "化工园区东门", "又闻到了气味，和上次一样", "dispatch", 5, 0),
    ("web", "noise", "夜市街", "油烟和噪声扰民", "accept", 3, 0),
    ("web", "odour", "化工园区东门", "孩子闻了头晕", "", 1, 0),
    ("phone", "dust", "采石场路口", "大车过后看不见路", "", 0, 0),
)
# title, source, media, topic, tone, reads, shares and comments, days ago, assigned
OPINION: tuple[tuple[str, str, str, str, str, int, int, int, bool], ...] = (
    ("网帖反映园区夜间异味", "本地论坛（模拟）", "forum", "odour", "negative", 23000, 340, 4, True),
    (
        "短视频称河道出现死鱼",
        "短视频平台（模拟）",
        "own",
        "surface_water",
        "negative",
        180000,
        2600,
        1,
        False,
    ),
    ("报道入海口整治成效", "市级日报（模拟）", "city", "marine", "positive", 5200, 40, 6, False),
)


def furnish(now: datetime) -> int:
    """Make the petitions and the opinion of the test city once; return how many."""
    region = Region.objects.filter(pk=REGION, simulated=True).first()
    people = {code: Person.objects.filter(code=code).first() for code in PEOPLE}
    if region is None or None in people.values() or Petition.objects.filter(simulated=True).exists():
        return 0
    who = {code: actor_of(one) for code, one in people.items()}
    districts = list(Region.objects.filter(parent=region).order_by("pk")) or [region]
    with transaction.atomic():
        for place, row in enumerate(REPORTS):
            _report(who, row, place, districts[place % len(districts)], now)
        for row_ in OPINION:
            _opinion(who, row_, districts[0], now)
        made = bounties.write(
            who["petitions"], "征集夜间偷排线索（模拟）", _BOUNTY, REGION, 50_000, None, now
        )
        bounties.step(who["petitions"], made, "publish")
    return len(REPORTS) + len(OPINION)


_BOUNTY = "征集在夜间利用暗管、渗井排放废水的线索。查实后按规定奖励，兑付不需要身份。"


def _report(
    who: Mapping[str, Actor], row: tuple[Any, ...], place: int, region: Region, now: datetime
) -> None:
    channel, category, where, words, until, ago, score = row
    at = now - timedelta(days=ago, hours=place % 5 + 1)
    phone = "" if place % 4 == 3 else f"1000{place:07d}"
    point = _point(where)
    told = Told(
        channel,
        words,
        category,
        region.pk,
        "named" if place % 3 == 0 else "anonymous",
        where=where,
        informant={"name": "某先生（模拟）" if place % 3 == 0 else "", "phone": phone},
        received=at,
        lon=point[0],
        lat=point[1],
        simulated=True,
    )
    receipt = receive(who["petitions"], told, now=at)
    _go(who, receipt.petition, receipt.code, until, at, score)


def _point(where: str) -> tuple[float | None, float | None]:
    """Return a point for a place: beside one of the enterprises, the same one each time."""
    known = Enterprise.objects.filter(simulated=True, lon__isnull=False, lat__isnull=False).order_by("code")
    count = known.count()
    if not count:
        return None, None
    found = known[sum(where.encode()) % count]
    return (found.lon or 0) + 0.001, found.lat


def _go(
    who: Mapping[str, Actor], petition: Petition, code: str, until: str, at: datetime, score: int
) -> None:
    """Let a petition go as far as it is to be."""
    officer = who["petitions"]
    steps: dict[str, dict[str, Any]] = {
        "accept": {
            "category": petition.category,
            "level": "general",
            "notice": "您反映的问题已受理，我们会尽快核实。",
        },
        "dispatch": {"lead": _unit(petition), "requirement": "请到现场核实，五个工作日内报告情况"},
        "handle": {
            "verdict": "true",
            "finding": "现场核实情况属实",
            "measures": "已责令立即整改，并安排复查",
        },
    }
    last = WAY.index(until) if until else -1
    for place, name in enumerate(WAY[: last + 1]):
        moment = at + timedelta(hours=6) * (place + 1)
        if name in steps:
            petition = move(officer, petition, name, steps[name], now=moment)
        elif name == "reply":
            proposal = replying.propose_reply(officer, petition, replying.draft(petition), now=moment)
            approve(who["leader"], proposal.pk, now=moment)
        elif name == "rate":
            solved = "yes" if score > 2 else "no"
            progress.rate(progress.follow(petition.number, code), score, solved, "", now=moment)
        else:
            _reward(who, Petition.objects.get(pk=petition.pk), moment)


def _reward(who: Mapping[str, Actor], petition: Petition, now: datetime) -> None:
    from huanzhi.library.proposals.models import Proposal

    made = awarding.apply(who["petitions"], petition, 200_000, "举报属实（模拟）", now=now)
    approve(who["leader"], Proposal.objects.get(subject=made.code).pk, now=now)


def _unit(petition: Petition) -> str:
    """Return who handles it: a branch or township near it, else the bureau."""
    near = Organisation.objects.filter(
        kind__in=("branch", "township"), region__path__startswith=petition.region.path
    )
    found = (
        near.order_by("code").first() or Organisation.objects.filter(kind="bureau", simulated=True).first()
    )
    return found.code if found is not None else ""


def _opinion(who: Mapping[str, Actor], row: tuple[Any, ...], region: Region, now: datetime) -> None:
    title, source, media, topic, tone, reads, spread, ago, assigned = row
    made = Opinion(
        title=title, source=source, media=media, topic=topic, tone=tone, reads=reads, spread=spread
    )
    made.region, made.simulated, made.published = region, True, now - timedelta(days=ago, hours=3)
    made = enter(who["publicity"], made, now=now)
    bureau = Organisation.objects.filter(kind="bureau", simulated=True).first()
    if assigned and bureau is not None:
        assign(who["publicity"], made, bureau.code, now=now - timedelta(days=ago, hours=1))

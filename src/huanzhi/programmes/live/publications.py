"""Publications of the test city 模拟信息发布: a notice that was corrected, a list, drafts, a reminder."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from huanzhi.errors import InputError, StoreError
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import REGION
from huanzhi.library.people.models import Person
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.publications import reporting, writing
from huanzhi.library.publications.models import Publication
from huanzhi.library.publications.releasing import propose_release
from huanzhi.library.rights import Actor
from huanzhi.library.series import Store, open_store
from huanzhi.programmes.portal import drafters  # noqa: F401
from huanzhi.programmes.portal.drafting import draft_publication, wanted_of
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.periods import CHINA

TITLE = "关于生态环境信息公开平台试运行的公告（模拟）"
WORDS = (
    "本平台即日起试运行，公开空气和地表水环境质量、排名通报、行动计划进展、整改和信访办理结果。\n"
    "公开内容由两人审定；更正留痕，原来是什么、现在是什么、为什么、何时，均可查。\n"
    "意见请通过本平台“我要举报”栏目反映。"
)
WRONG, RIGHT = "意见请通过本平台“我要举报”栏目反映。", "意见和举报请通过本平台“公众举报”栏目反映。"
PERSONS = ("publicity", "leader", "duty")


def furnish(now: datetime) -> int:
    """Publish, correct and draft as people would, once; return how many publications there are."""
    region = Region.objects.filter(pk=REGION, simulated=True).first()
    people = {one.code: one for one in Person.objects.filter(code__in=PERSONS)}
    if region is None or len(people) < len(PERSONS) or Publication.objects.exists():
        return 0
    who = {code: actor_of(one) for code, one in people.items()}
    try:
        with open_store("read") as store, transaction.atomic():
            _publish(who, store, now)
    except StoreError:
        return 0
    return Publication.objects.count()


def _publish(who: dict[str, Actor], store: Store, now: datetime) -> None:
    before = now - timedelta(days=3)
    notice = _drafted(who, store, "notice", before, title=TITLE, words=WORDS)
    if notice is None:
        return
    _approved(who, notice, before)
    fresh = writing.correct(who["publicity"], _again(notice), "栏目名称有误", now)
    writing.write_words(who["publicity"], fresh, "zh", 2, RIGHT, "栏目名称有误")
    _approved(who, fresh, now)
    listed = _drafted(who, store, "key_list", now)
    if listed is not None:
        _approved(who, listed, now)
    waiting = _drafted(who, store, "plan_progress", now)
    if waiting is not None:
        propose_release(who["publicity"], waiting, "请审定", now)
    _drafted(who, store, "rectification", now)
    _remind(who["duty"], now)


def _drafted(
    who: dict[str, Actor], store: Store, sort: str, now: datetime, *, title: str = "", words: str = ""
) -> Publication | None:
    """Draft from what the city holds; None where it holds nothing of it."""
    issuer = "模拟市生态环境局"
    wanted = wanted_of(sort, REGION, "", now, issuer=issuer, title=title, words=words)
    try:
        return draft_publication(who["publicity"], wanted, store, "", now)
    except InputError as error:
        if error.key != "publications.nothing_to_publish":
            raise
        return None


def _approved(who: dict[str, Actor], held: Publication, now: datetime) -> None:
    proposal = propose_release(who["publicity"], held, "请审定", now)
    approve(who["leader"], proposal.pk, reason="同意", now=now)


def _again(held: Publication) -> Publication:
    return Publication.objects.get(pk=held.pk)


def _remind(duty: Actor, now: datetime) -> None:
    """Remind one township of the report of the month that is over."""
    today = now.astimezone(CHINA).date()
    last = today.replace(day=1) - timedelta(days=1)
    span = parse_span(f"{last:%Y-%m}")
    township = Region.objects.filter(path__contains=f"{REGION}/", level="township").order_by("code").first()
    if township is not None:
        period = reporting.Period(span.code(), span.kind, span.last)
        reporting.remind(duty, township, period, "请按期报送", now)

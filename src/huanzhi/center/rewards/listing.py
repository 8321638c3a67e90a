"""Columns of rewards, their ledger, bounties and honours; no payout code is among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huanzhi.center.rewards.models import Bounty, Entry, Honour, Reward
from huanzhi.center.rewards.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice, told_moment
from huanzhi.library.records.tables import Row, Table, shown

Words = Mapping[str, Mapping[str, str]]


def reward_table() -> Table:
    """Return the table of rewards."""
    columns = (
        told("code", "奖励编号", "number", search=True, filter=True, sort=True),
        Column(
            "petition",
            path="petition__number",
            editable=False,
            filter=True,
            titles=both("信访件", "petition"),
        ),
        *_region(),
        told_choice("state", "状态", "state", settings()["state"]),
        told("case", "案号", "case", search=True, filter=True, sort=True),
        _number("fine", "罚款（元）", "fine [yuan]"),
        _number("amount", "奖励（元）", "reward [yuan]"),
        Column(
            "exceptional", Kind.TRUTH, editable=False, filter=True, titles=both("特别重大", "exceptional")
        ),
        Column(
            "confidence", path="rule__confidence", editable=False, titles=both("依据可信度", "confidence")
        ),
        told_moment("applied", "申请时间", "applied"),
        told("applied_by", "申请人", "applied by"),
        told_moment("approved", "核准时间", "approved"),
        told("approved_by", "核准人", "approved by"),
        told_moment("fetch_until", "领取截止", "to be fetched until"),
        told_moment("paid", "兑付时间", "paid"),
        told("paid_by", "兑付人", "paid by"),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )
    titles = both("举报奖励", "reward")
    return Table(Reward.KIND, "rewards", Reward, columns, ("region", "petition"), titles=titles)


def bounty_table() -> Table:
    """Return the table of bounties."""
    columns = (
        told("code", "编号", "number", search=True, filter=True, sort=True),
        told("title", "标题", "title", search=True, filter=True, sort=True),
        told("words", "内容", "words"),
        *_region(),
        _number("amount", "最高奖励（元）", "up to [yuan]"),
        Column("until", Kind.DATE, editable=False, sort=True, filter=True, titles=both("截止", "until")),
        told_choice("state", "状态", "state", settings()["bounty_state"]),
        told("confidence", "上限依据可信度", "confidence of the cap"),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )
    return Table(Bounty.KIND, "bounties", Bounty, columns, ("region",), titles=both("悬赏", "bounty"))


def honour_table() -> Table:
    """Return the table of commendations."""
    columns = (
        told("code", "编号", "number", search=True, filter=True, sort=True),
        told("name", "名称", "name", search=True, filter=True, sort=True),
        told_choice("kind", "类型", "kind", settings()["honour_kind"]),
        told("deed", "事迹", "deed"),
        Column("day", Kind.DATE, editable=False, sort=True, filter=True, titles=both("日期", "day")),
        *_region(),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )
    return Table(Honour.KIND, "honours", Honour, columns, ("region",), titles=both("褒扬", "commendation"))


def ledger_rows(rewards: Any) -> tuple[tuple[Column, ...], list[Row]]:
    """Return the columns and lines of the ledger of some rewards."""
    columns = (
        Column("number", Kind.INTEGER, editable=False, sort=True, titles=both("序号", "line")),
        told("reward", "奖励编号", "reward"),
        told("kind", "事项", "what"),
        _number("amount", "金额（元）", "amount [yuan]"),
        told_moment("at", "时间", "time"),
        told("actor", "经办", "by"),
    )
    found = Entry.objects.filter(reward__in=rewards.order_by().values("pk")).select_related("reward")
    lines = [
        {
            "number": one.pk,
            "reward": one.reward.code,
            "kind": one.kind,
            "amount": one.amount,
            "at": shown(one.at),
            "actor": one.actor,
        }
        for one in found
    ]
    return columns, lines


def _region() -> tuple[Column, ...]:
    return (
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
    )


def _number(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.INTEGER, titles=both(zh, en), editable=False, sort=True, filter=True)

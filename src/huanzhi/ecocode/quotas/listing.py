"""Columns of accounts, postings, deals and pledges of quotas."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.quotas.models import QuotaDeal, QuotaPledge
from huanzhi.ecocode.quotas.settings import amount_of, settings
from huanzhi.library.accounts.models import Account, Posting
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import Row, Table


def _text(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, path=path, titles=both(zh, en), editable=False, **more)


def _choice(name: str, zh: str, en: str, table: str, path: str = "") -> Column:
    told = {code: both(row["zh"], row["en"]) for code, row in settings()[table].items()}
    return Column(
        name,
        Kind.CHOICE,
        path,
        choices=tuple(told),
        choice_titles=told,
        titles=both(zh, en),
        filter=True,
        sort=True,
        editable=False,
    )


def _of(kind: Kind, name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, kind, titles=both(zh, en), editable=False, **more)


def _region(path: str = "region_id") -> Column:
    return Column("region", Kind.CODE, path, target="region", filter=True, sort=True, editable=False)


def _amount(name: str, zh: str, en: str) -> Column:
    """Return the column of an amount [t/a]; it is written by `balance_row` and the like."""
    return _of(Kind.DECIMAL, name, zh, en, path="units" if name == "amount" else name)


_SIMULATED = _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True)
_END = (_SIMULATED, _of(Kind.INTEGER, "revision", "版本", "revision"))

BALANCES = Table(
    Account.KIND,
    "quota-balances",
    Account,
    (
        _text("code", "账户", "account", search=True, sort=True),
        _choice("kind", "账户类别", "kind", "account", "sort"),
        _text("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
        _text("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
        _region(),
        REGION[1],
        _choice("commodity", "污染物", "pollutant", "pollutant"),
        _of(Kind.DATE, "until", "有效期至", "until", sort=True, filter=True),
        _of(Kind.DECIMAL, "free", "可用 (t/a)", "free (t/a)", sort=True),
        _of(Kind.DECIMAL, "frozen", "冻结 (t/a)", "frozen (t/a)", sort=True),
        _of(Kind.DATE, "last_day", "最近交易", "newest transaction", sort=True),
        *_END,
    ),
    ("region", "enterprise"),
    "code",
    titles=both("排污权账户", "quota accounts"),
)

POSTINGS = Table(
    Posting.KIND,
    "quota-postings",
    Posting,  # type: ignore[arg-type]
    (
        _text("number", "交易编号", "transaction", "transaction__number", search=True, filter=True),
        _of(Kind.DATE, "day", "日期", "day", path="transaction__day", sort=True, filter=True),
        _choice("kind", "业务", "kind", "entry", "transaction__sort"),
        _text("account", "账户", "account", "account__code", filter=True, search=True),
        _text("enterprise", "企业编码", "enterprise", "account__enterprise__code", filter=True),
        _text("enterprise_name", "企业", "name of the enterprise", "account__enterprise__name", search=True),
        _region("account__region_id"),
        _choice("commodity", "污染物", "pollutant", "pollutant", "account__commodity"),
        _choice("part", "部分", "part", "part"),
        _of(Kind.DECIMAL, "amount", "变动 (t/a)", "change (t/a)", path="units"),
        _of(Kind.DECIMAL, "free_after", "可用余额 (t/a)", "free after (t/a)"),
        _of(Kind.DECIMAL, "frozen_after", "冻结余额 (t/a)", "frozen after (t/a)"),
        _text("reference", "办理依据", "record", "transaction__reference", filter=True),
        _text("actor", "经办", "by", "transaction__actor_name"),
        _text("reverses", "冲正", "turns back", "transaction__reverses__number"),
    ),
    ("transaction__reverses", "account__enterprise"),
    "number",
    titles=both("排污权交易流水", "postings of quotas"),
)

DEALS = Table(
    QuotaDeal.KIND,
    "quota-deals",
    QuotaDeal,
    (
        _text("number", "编号", "number", search=True, sort=True),
        _choice("kind", "业务", "kind", "sort", "sort"),
        _choice("state", "状态", "state", "state"),
        _choice("commodity", "污染物", "pollutant", "pollutant"),
        _of(Kind.DECIMAL, "amount", "数量 (t/a)", "amount (t/a)", path="units", sort=True),
        _text("price", "单价 (元/(t·a))", "price (yuan)"),
        _text("seller", "转让方编码", "seller", "seller__code", filter=True),
        _text("seller_name", "转让方", "name of the seller", "seller__name", search=True),
        _text("buyer", "受让方编码", "buyer", "buyer__code", filter=True),
        _text("buyer_name", "受让方", "name of the buyer", "buyer__name", search=True),
        _region(),
        REGION[1],
        _of(Kind.DATE, "until", "有效期至", "until", sort=True),
        _text("contract", "合同编号", "contract", search=True),
        _of(Kind.MOMENT, "made", "登记时间", "made", sort=True, filter=True),
        _of(Kind.MOMENT, "done", "办结时间", "done", sort=True),
        _text("transaction", "交易编号", "transaction", filter=True),
        *_END,
    ),
    ("region", "seller", "buyer"),
    "number",
    titles=both("排污权业务", "deals of quotas"),
)

PLEDGES = Table(
    QuotaPledge.KIND,
    "quota-pledges",
    QuotaPledge,
    (
        _text("number", "编号", "number", search=True, sort=True),
        _choice("state", "状态", "state", "pledge"),
        _text("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
        _text("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
        _region(),
        REGION[1],
        _choice("commodity", "污染物", "pollutant", "pollutant"),
        _of(Kind.DECIMAL, "amount", "数量 (t/a)", "amount (t/a)", path="units", sort=True),
        _text("bank", "质权人编码", "bank", "bank__code", filter=True),
        _text("bank_name", "质权人", "name of the bank", "bank__name", search=True),
        _text("contract", "合同编号", "contract", search=True),
        _text("loan", "贷款金额 (元)", "loan (yuan)"),
        _of(Kind.DATE, "begun", "质押日期", "begun", sort=True, filter=True),
        _of(Kind.DATE, "ends", "约定到期", "ends", sort=True),
        _of(Kind.MOMENT, "released", "解除时间", "released", sort=True),
        *_END,
    ),
    ("region", "enterprise", "bank"),
    "number",
    titles=both("排污权质押", "pledges of quotas"),
)

_UNITS = ("free", "frozen", "amount", "free_after", "frozen_after")


def row_of(table: Table) -> Any:
    """Return what makes the plain rows of a table, amounts in t/a."""

    def made(record: Any) -> Row:
        row = table.row(record)
        return row | {name: amount_of(int(row[name])) for name in _UNITS if row.get(name) is not None}

    return made

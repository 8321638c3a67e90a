"""What a case gives to its documents 套打数据: words by name; empty where nothing is known."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from huanzhi.center.enforcement import judging
from huanzhi.center.enforcement.conditions import active
from huanzhi.center.enforcement.matters import matter_of
from huanzhi.center.enforcement.models import Announcement, Case, CaseStep, Paper, Reply
from huanzhi.center.enforcement.settings import table, word
from huanzhi.center.enforcement.wording import capital, day_words
from huanzhi.errors import HuanzhiError
from huanzhi.standards.periods import CHINA


def values_of(case: Case) -> dict[str, str]:
    """Return words by name for the documents of a case, in Chinese."""
    matter = matter_of(case.matter) if case.matter else None
    names = ("party_name", "party_code", "party_person", "party_address", "party_phone", "place", "act")
    told = {name.replace("party_name", "party"): str(getattr(case, name)) for name in names}
    last = {name: _step(case, name) for name in ("file", "review", "decide", "exempt")}
    return {
        **told,
        "case": case.number,
        "origin": word("origin", case.origin),
        "source": case.issue or case.source_ref,
        "matter": matter.name if matter else "",
        "duty": matter.duty if matter else "",
        "article": matter.cited if matter else "",
        "act_days": _days(case),
        "law": word("law", case.law) if case.law else "",
        "law_why": case.law_why,
        "officers": "、".join(f"{one.person.name}（{one.certificate}）" for one in active(case)),
        "requirement": case.requirement,
        **_money(case.fine),
        "decision_words": _decision(case),
        "filed": _day(last["file"]),
        "reviewed": _day(last["review"]),
        "reviewer": (last["review"].actor_name or last["review"].actor) if last["review"] else "",
        "decided": day_words(case.decided_on),
        **_papers(case),
        "reply_words": _replies(case),
        "hearing_words": hearing_words(case),
        "exemption_words": _exemption(case),
        "published": _published(case),
    }


def hearing_words(case: Case) -> str:
    """Return the sentence on the right to a hearing, by the amount intended; empty where none is known."""
    told = case.facts.get("fine_intended")
    try:
        fine = Decimal(str(told)) if told not in (None, "") else None
        result = judging.hearing_right(case, fine)
    except (HuanzhiError, ArithmeticError):
        return ""
    if fine is None and not case.facts.get("licence"):
        return "" if case.opinion == "penalty" else "拟作处理不属于可以要求听证的情形。"
    if result.outputs["result"] == "yes":
        return "你（单位）有权自收到本告知书之日起 5 个工作日内要求举行听证，逾期视为放弃。"
    return "拟作处理未达到可以要求听证的数额。"


def _step(case: Case, name: str) -> CaseStep | None:
    return CaseStep.objects.filter(case=case, transition=name).order_by("-number").first()


def _day(step: CaseStep | None) -> str:
    return day_words(step.at.astimezone(CHINA).date()) if step else ""


def _days(case: Case) -> str:
    first, last = day_words(case.act_from), day_words(case.act_to)
    return f"{first}至{last}" if first and last and first != last else first


def _money(fine: Any) -> dict[str, str]:
    if fine is None:
        return {"fine": "", "fine_words": ""}
    amount = Decimal(str(fine))
    return {"fine": f"{amount.normalize():f}", "fine_words": capital(amount)}


def _decision(case: Case) -> str:
    if not case.decision:
        return ""
    if case.decision == "penalty" and case.fine is not None:
        told = _money(case.fine)
        ordered = f"；责令改正：{case.requirement}" if case.requirement else ""
        return f"罚款人民币{told['fine_words']}（{told['fine']} 元）{ordered}"
    title = table().choices["decision"][case.decision]["zh"]
    return f"{title}：{case.requirement}" if case.requirement else str(title)


def _papers(case: Case) -> dict[str, str]:
    found = {}
    for name, codes in {"notice": ("notice",), "decision": ("decision", "no_penalty", "order")}.items():
        rows = Paper.objects.filter(case=case, template__in=codes, state__in=("issued", "served"))
        paper = rows.order_by("-pk").first()
        found[f"{name}_number"] = paper.document if paper else ""
        found[f"{name}_served"] = day_words(paper.served) if paper else ""
    return found


def _replies(case: Case) -> str:
    told = []
    for one in Reply.objects.filter(case=case, sort__in=("statement", "hearing", "waive")).order_by("pk"):
        told.append(f"你（单位）于{_moment(one.filed)}{word('reply', one.sort)}。")
    for step in CaseStep.objects.filter(case=case, transition__in=("rehear", "hear")).order_by("number"):
        told.append(f"{table().transition(step.transition).zh}：{step.outputs.get('finding', '')}")
    return "".join(told) or "你（单位）在期限内未陈述申辩，也未要求听证。"


def _moment(moment: datetime) -> str:
    return day_words(moment.astimezone(CHINA).date())


def _exemption(case: Case) -> str:
    found = judging.last(case, ("exemption", "exemption_list"))
    if found is None:
        return ""
    told = found.answer
    hits = told.get("hits") or [{}]
    reasons = "；".join(hits[0].get("reasons", ()))
    title = told.get("title", {}).get("zh", "")
    return f"{title} 第 {told.get('version')} 版 第 {told.get('row')} 行：{reasons}"


def _published(case: Case) -> str:
    found = Announcement.objects.filter(case=case).first()
    return day_words(found.published) if found else ""

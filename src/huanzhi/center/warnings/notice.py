"""The notice 预警通知单: a warning as an official document to who is responsible."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from huanzhi.center.warnings.models import Warning
from huanzhi.center.warnings.settings import replies
from huanzhi.center.warnings.words import title, why
from huanzhi.errors import StandardError
from huanzhi.library.documents import Column, Document, Heading, Paragraph, Table
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.messages import language, text
from huanzhi.standards.model import Confidence
from huanzhi.standards.periods import CHINA


def notice(row: Warning, day: date) -> Document:
    """Return the notice: what, where, since when, by which rule, who answers and until when."""
    blocks: list[Any] = [
        Heading(1, text("warnings.notice_what")),
        _facts(row),
        Heading(1, text("warnings.notice_why")),
        Paragraph(why(row, language())),
        Heading(1, text("warnings.notice_basis")),
        Paragraph(_basis(row)),
    ]
    if row.reply_state or row.steps:
        blocks += [Heading(1, text("warnings.notice_asked")), Paragraph(_asked(row))]
    if row.steps:
        blocks += [_steps(row)]
    mark = text("issues.simulated") if row.simulated else ""
    written = text("report.date", year=day.year, month=day.month, day=day.day, month_name=f"{day:%B}")
    name = row.place_name or row.place
    return Document(
        text("warnings.notice_title", place=name, code=row.code),
        tuple(blocks),
        language(),
        mark,
        date=written,
    )


def _facts(row: Warning) -> Table:
    colour = text(f"warnings.colour_{row.colour}") if row.colour else ""
    level = f"{colour} {text(f'warnings.level_{row.level}')}".strip()
    rows = [
        ("code", row.code),
        ("rule", title(row.rule, language())),
        ("level", level),
        ("place", row.place_name or row.place),
        ("region", row.region.name if row.region else None),
        ("enterprise", row.enterprise or None),
        ("since", _moment(row.since)),
        ("last", _moment(row.last)),
        ("responsible", "、".join(_named(one) for one in row.responsible) or None),
        ("due", _due(row)),
        ("issue", row.issue or None),
    ]
    columns = (Column(text("issues.order_item")), Column(text("issues.order_content"), width=3.0))
    told = [(text(f"warnings.notice_{name}"), value) for name, value in rows]
    return Table("facts", text("warnings.notice_what"), columns, told)


def _named(one: dict[str, str]) -> str:
    part = replies()["part"].get(one["part"], {})
    return f"{one['name']}（{part.get(language(), one['part'])}）"


def _due(row: Warning) -> str | None:
    if row.reply_due is not None:
        return _moment(row.reply_due)
    return text(row.reply_clock["note"]) if row.reply_clock.get("note") else None


def _basis(row: Warning) -> str:
    judged = row.judged
    if not judged.get("rulebook"):
        return text("warnings.notice_ours", version=row.version)
    told = {name: str(judged.get(name, "")) for name in ("version", "row")}
    trust = str(judged.get("confidence", ""))
    known = Confidence(trust).text() if trust in set(Confidence) else trust
    return text("warnings.notice_rulebook", rulebook=_book(row), confidence=known, **told)


def _book(row: Warning) -> str:
    """Return the title of the rulebook that judged; its id where it holds no longer."""
    identity, place = str(row.judged["rulebook"]), row.region_id or ""
    try:
        return in_force(identity, row.since.astimezone(CHINA).date(), place).title.text()
    except StandardError:
        return identity


def _asked(row: Warning) -> str:
    if row.reply_due is None:
        return text("warnings.notice_reply_open")
    return text("warnings.notice_reply", due=_moment(row.reply_due) or "")


def _steps(row: Warning) -> Table:
    columns = (Column(text("warnings.notice_step"), width=2.0), Column(text("warnings.notice_due")))
    rows = [
        (one[language()], _moment(datetime.fromisoformat(one["due"])) if one.get("due") else None)
        for one in row.steps
    ]
    return Table("steps", text("warnings.notice_asked"), columns, rows)


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if moment else None

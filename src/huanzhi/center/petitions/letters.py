"""Letters 文书.

What is sent to the informant as an official document: 受理告知书, 不予受理告知书, 答复意见书.
"""

from __future__ import annotations

from datetime import date

from huanzhi.center.petitions.models import Petition, Step, Term
from huanzhi.center.petitions.settings import table
from huanzhi.errors import InputError
from huanzhi.library.documents import Document, Heading, Paragraph
from huanzhi.messages import language, text
from huanzhi.standards.periods import CHINA

KINDS = {"reply": "reply", "notice": "accept", "refusal": "reject"}
"""Kinds of letters and the step that each tells of."""


def letter(petition: Petition, kind: str, day: date, name: str = "") -> Document:
    """Return a letter.

    Parameters
    ----------
    kind : str
        ``reply``, ``notice`` or ``refusal``.
    name : str
        To whom; a handler who has said why may have the name put in, otherwise it is left to be written by
        hand.

    Raises
    ------
    InputError
        ``petitions.no_letter`` where the step was not taken yet.
    """
    steps = Step.objects.filter(petition=petition, transition__in=_steps(kind))
    step = steps.order_by("-number").first()
    if step is None:
        raise InputError("petitions.no_letter", value=petition.number)
    received = petition.received.astimezone(CHINA)
    blocks = [
        Paragraph(text("petitions.letter_to", name=name or text("petitions.letter_blank"))),
        Paragraph(
            text("petitions.letter_begin", year=received.year, month=received.month, day=received.day)
            + text("petitions.letter_title", title=petition.title)
        ),
        Heading(1, text(f"petitions.letter_{kind}_head")),
        *(Paragraph(line) for line in _words(petition, step, kind) if line.strip()),
        Heading(1, text("petitions.letter_rights_head")),
        *(Paragraph(line) for line in _rights(petition, kind)),
    ]
    mark = text("issues.simulated") if petition.simulated else ""
    written = text("report.date", year=day.year, month=day.month, day=day.day, month_name=f"{day:%B}")
    unit = petition.organisation.name if petition.organisation else ""
    title = text(f"petitions.letter_{kind}", number=petition.number)
    return Document(title, tuple(blocks), language(), mark, signature=unit, date=written)


def _steps(kind: str) -> tuple[str, ...]:
    if kind not in KINDS:
        raise InputError("petitions.choice", column="kind", value=kind, expected=", ".join(KINDS))
    return ("reply", "review_decide", "recheck_decide") if kind == "reply" else (KINDS[kind],)


def _words(petition: Petition, step: Step, kind: str) -> list[str]:
    if kind == "reply":
        return str(step.outputs.get("reply", petition.reply)).splitlines()
    told = str(step.outputs.get("notice", ""))
    if kind == "refusal":
        ground = table().choices["ground"].get(str(step.outputs.get("ground")), {})
        return [text("petitions.letter_ground", ground=ground.get(language(), "")), told]
    term = Term.objects.filter(petition=petition, step="handle", void=False).last()
    due = term.due.astimezone(CHINA).strftime("%Y-%m-%d") if term and term.due else "—"
    return [text("petitions.letter_accepted", due=due), told]


def _rights(petition: Petition, kind: str) -> list[str]:
    """Return what the informant may do next, with until when.

    What stands on no document is not told as law.
    """
    names = ("review_apply", "recheck_apply")
    term = Term.objects.filter(petition=petition, step__in=names, met=None, void=False).last()
    lines = [text("petitions.letter_follow", number=petition.number)]
    if kind == "reply" and term is not None and term.due is not None:
        due = term.due.astimezone(CHINA).strftime("%Y-%m-%d")
        lines.append(text(f"petitions.letter_{term.step}", due=due, days=term.days))
    return lines

"""Documents 文书: made from the facts of a case, in versions kept by digest, numbered when issued."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from huanzhi.center.enforcement.filling import values_of
from huanzhi.center.enforcement.models import Case, CaseEvidence, Paper, next_number
from huanzhi.center.enforcement.settings import raw, word
from huanzhi.center.enforcement.wording import Filling, day_words
from huanzhi.errors import InputError, StandardError
from huanzhi.library import kept
from huanzhi.library.documents import Column, Document, Heading, Paragraph, Table, write_docx
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append
from huanzhi.messages import language, using
from huanzhi.standards.periods import CHINA


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of document.

    Attributes
    ----------
    series : str
        Word of the number 文号; empty for what has none.
    served : bool
        Whether it goes to the party or another body.
    states : tuple of str
        States of a case in which it is usually made.
    inputs : tuple of str
        What may be entered for it.
    """

    code: str
    zh: str
    en: str
    series: str
    served: bool
    states: tuple[str, ...]
    inputs: tuple[str, ...]
    blocks: tuple[Mapping[str, Any], ...]

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.en if language() == "en" else self.zh


@cache
def templates() -> Mapping[str, Template]:
    """Return the templates by code.

    Raises
    ------
    StandardError
        ``issues.damaged`` if one names an input that is not declared.
    """
    told = raw("papers")
    made = {row["code"]: _template(row) for row in told["paper"]}
    for one in made.values():
        for name in one.inputs:
            if name not in told["input"]:
                raise StandardError("issues.damaged", column="input", value=name)
    return made


def inputs_of(template: Template) -> list[dict[str, Any]]:
    """Return the form of a template."""
    told = raw("papers")["input"]
    return [{"name": name, **told[name]} for name in template.inputs]


def template_of(code: str) -> Template:
    """Return a template; InputError ``cases.no_template`` where there is none."""
    if code not in templates():
        raise InputError("cases.no_template", value=code, expected=", ".join(templates()))
    return templates()[code]


def compose(
    case: Case, template: Template, values: Mapping[str, str], document: str = ""
) -> tuple[Document, list[str]]:
    """Return a document and the names of what stands blank in it."""
    fill = Filling({**values_of(case), **values})
    blocks: list[Any] = []
    for place, block in enumerate(template.blocks):
        blocks += _blocks(case, block, fill, f"t{place}")
    mark = "模拟" if case.simulated else ""
    authority = case.organisation.name if case.organisation else ""
    day = day_words(datetime.now(CHINA).date())
    return (
        Document(template.zh, tuple(blocks), "zh", mark, authority, day, number=document),
        fill.blanks,
    )


def make(
    actor: Actor,
    case: Case,
    code: str,
    values: Mapping[str, str] | None = None,
    *,
    now: datetime | None = None,
) -> Paper:
    """Make a document as a draft; a new version takes the place of a draft of the same template.

    Raises
    ------
    InputError
        If the actor may not, there is no such template, or something is entered that it has not.
    """
    now = now or datetime.now(UTC)
    require(actor, "change", thing_of(case))
    template = template_of(code)
    given = {name: str(value) for name, value in (values or {}).items() if str(value or "").strip()}
    unknown = set(given) - set(template.inputs)
    if unknown:
        raise InputError("issues.unknown_output", column=min(unknown), expected=", ".join(template.inputs))
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        drafts = Paper.objects.filter(case=case, template=code, state="draft")
        version = Paper.objects.filter(case=case, template=code).count() + 1
        drafts.update(state="replaced")
        number = Paper.objects.filter(case=case).count() + 1
        paper = Paper(
            code=f"{case.number}-W{number:02d}",
            case=case,
            template=code,
            title=template.zh,
            version=version,
            values=given,
            made=now,
            made_by=actor.code,
            simulated=case.simulated,
        )
        _written(paper, case, template)
        save(actor, paper, case.number)
    return paper


def issue(actor: Actor, paper: Paper, *, now: datetime | None = None) -> Paper:
    """Issue a document: it gets its number and is made again with it.

    Raises
    ------
    InputError
        If the actor may not, or it is no draft.
    """
    now = now or datetime.now(UTC)
    require(actor, "change", thing_of(paper.case))
    if paper.state != "draft":
        raise InputError("cases.not_draft", value=paper.code)
    template = template_of(paper.template)
    with transaction.atomic():
        if template.series:
            paper.document = _number(paper.case, template, now)
        paper.state, paper.issued, paper.issued_by = "issued", now, actor.code
        _written(paper, paper.case, template)
        save(actor, paper, paper.document)
    return paper


def read(paper: Paper, home: Path | None = None) -> bytes:
    """Return the bytes of a document; StoreError ``issues.lost_evidence`` if they are gone or changed."""
    return kept.content_of(paper.sha256, paper.title, home)


def noted_read(actor: Actor, paper: Paper) -> bytes:
    """Return the bytes of a document; reading it is kept in the trail."""
    content = read(paper)
    append(actor, "read", Paper.KIND, paper.code, after={"sm3": paper.sm3})
    return content


def _template(row: Mapping[str, Any]) -> Template:
    told = (row["code"], row["zh"], row["en"], row["series"], bool(row.get("served")))
    return Template(*told, tuple(row["states"]), tuple(row["inputs"]), tuple(row["blocks"]))


def _written(paper: Paper, case: Case, template: Template) -> None:
    with using("zh"):
        document, blanks = compose(case, template, paper.values, paper.document)
        with tempfile.TemporaryDirectory() as folder:
            content = write_docx(document, Path(folder) / "paper.docx").read_bytes()
    paper.blanks, paper.size = blanks, len(content)
    paper.sha256, paper.sm3 = hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest()
    kept.keep(content, paper.sha256)


def _number(case: Case, template: Template, now: datetime) -> str:
    """Return the next number of the series of this year; its first word is the city's."""
    told, year = raw("papers")["series"], now.astimezone(CHINA).year
    codes = reversed(case.region.path.strip("/").split("/"))
    mark = next((told["mark"][code] for code in codes if code in told["mark"]), "＿")
    number = next_number(f"{mark}{template.series}", year)
    return str(told["form"]).format(mark=mark, series=template.series, year=year, number=number)


def _blocks(case: Case, block: Mapping[str, Any], fill: Filling, key: str) -> list[Any]:
    if "heading" in block:
        return [Heading(1, fill(block["heading"]))]
    if "evidence" in block:
        return [_evidence(case, key)]
    if "table" in block:
        columns = (Column("项目"), Column("内容", width=3.0))
        rows = [(name, fill(words)) for name, words in block["table"]]
        return [Table(key, "", columns, rows, form=True)]
    lines = [fill(line) for line in block.get("text") or block["sign"]]
    return [Paragraph(part) for line in lines for part in line.split("\n") if part.strip()]


def _evidence(case: Case, key: str) -> Table:
    columns = (
        Column("序号", width=0.5),
        Column("名称", width=2.0),
        Column("种类"),
        Column("证明对象", width=2.0),
        Column("取得时间"),
    )
    rows = [
        (number, one.name, word("evidence", one.kind), one.proves or None, _taken(one))
        for number, one in enumerate(CaseEvidence.objects.filter(case=case).order_by("pk"), 1)
    ]
    return Table(key, "证据", columns, rows)


def _taken(piece: CaseEvidence) -> str:
    moment = piece.taken_at or piece.received_at
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")

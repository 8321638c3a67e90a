"""Drafting 起草: what is published beside rankings, each a document in both languages with its figures.

Nothing here is public: a draft is proposed by one person and published by another. What tells of people is
left out here already: petitions without number, place and name, their replies masked once more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.documents import Block, Document, Paragraph
from huanzhi.library.places.models import Region
from huanzhi.library.publications.content import LANGUAGES, plain
from huanzhi.library.publications.models import Publication
from huanzhi.library.publications.writing import Draft, draft, region_of
from huanzhi.library.rights import Actor
from huanzhi.library.series import Store
from huanzhi.messages import language, text, using
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.periods import CHINA


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drafted.

    Attributes
    ----------
    period : str
        Empty for what stands at a day.
    title, words : str
        Of a notice, which is written by hand.
    """

    sort: str
    period: str
    region: Region
    today: date
    issuer: str = ""
    title: str = ""
    words: str = ""

    def subject(self) -> str:
        """Return the key of what is drafted among publications; a notice is a subject of its own."""
        end = f"{self.title}@{self.today}" if self.sort == "notice" else self.period or "now"
        return f"{self.sort}/{self.region.code}/{end}"[:200]


@dataclass(frozen=True, slots=True)
class Made:
    """A draft in the reader's language: what it says, and the same for programs."""

    blocks: tuple[Block, ...]
    data: Mapping[str, Any]
    simulated: bool = False


Drafter = Callable[[Wanted, Store], Made]


def draft_publication(actor: Actor, wanted: Wanted, store: Store, reason: str, now: datetime) -> Publication:
    """Draft a publication from what the platform holds.

    Raises
    ------
    InputError
        ``publications.no_drafter``, ``publications.nothing_to_publish``, and as `draft`.
    """
    content, simulated = content_of(wanted, store)
    told = {name: getattr(wanted, name) for name in ("sort", "period", "issuer", "title", "words")}
    given = Draft(
        sort=wanted.sort,
        subject=wanted.subject(),
        content=content,
        period=wanted.period,
        region=wanted.region.code,
        asked={**told, "region": wanted.region.code},
        reason=reason,
        simulated=simulated,
    )
    return draft(actor, given, now)


def content_of(wanted: Wanted, store: Store) -> tuple[dict[str, Any], bool]:
    """Return the snapshot of what is drafted, and whether any of it is simulated."""
    content: dict[str, Any] = {}
    simulated = False
    for each in reversed(LANGUAGES):
        with using(each):
            made = drafter(wanted.sort)(wanted, store)
            content[each] = plain(_document(wanted, made))
            content["data"] = json.loads(json.dumps(made.data, ensure_ascii=False, default=str))
            simulated = simulated or made.simulated
    return content, simulated


def _document(wanted: Wanted, made: Made) -> Document:
    if not made.blocks:
        raise InputError("publications.nothing_to_publish", value=wanted.period)
    mark = text("rankings.mark_simulated") if made.simulated else ""
    return Document(_title(wanted), made.blocks, language(), mark, wanted.issuer, in_words(wanted.today))


def _title(wanted: Wanted) -> str:
    if wanted.sort == "notice":
        return wanted.title.strip()
    return text(f"publications.title_{wanted.sort}", region=wanted.region.name, span=span_words(wanted))


def in_words(day: date) -> str:
    """Return a day as documents write it."""
    return text("report.date", year=day.year, month=day.month, day=day.day, month_name=f"{day:%B}")


def span_words(wanted: Wanted) -> str:
    """Return the period in words; the day where there is none."""
    return parse_span(wanted.period).words() if wanted.period else in_words(wanted.today)


DRAFTERS: dict[str, Drafter] = {}


def drafts(sort: str) -> Callable[[Drafter], Drafter]:
    """Say that a function drafts a kind."""

    def told(found: Drafter) -> Drafter:
        DRAFTERS[sort] = found
        return found

    return told


def drafter(sort: str) -> Drafter:
    """Return what drafts a kind; InputError ``publications.no_drafter`` where nothing does."""
    if sort not in DRAFTERS:
        raise InputError("publications.no_drafter", value=sort, expected=", ".join(DRAFTERS))
    return DRAFTERS[sort]


def wanted_of(
    sort: str, region: str, period: str, now: datetime, *, issuer: str = "", title: str = "", words: str = ""
) -> Wanted:
    """Return what is asked for, its region found; a notice needs title and words."""
    if sort == "notice" and not (title.strip() and words.strip()):
        raise InputError("publications.no_text", column="title" if not title.strip() else "words")
    day = now.astimezone(CHINA).date()
    return Wanted(sort, period, region_of(region), day, issuer.strip(), title, words)


def rows_of(names: Sequence[str], cells: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return rows by the names of their columns, for programs."""
    return [dict(zip(names, row, strict=True)) for row in cells]


def paragraph(key: str, **values: object) -> Paragraph:
    """Return a sentence of the messages as a paragraph."""
    return Paragraph(text(key, **values))

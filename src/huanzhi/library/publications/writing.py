"""Writing 起草: drafts, changes of their words, corrections as new versions, withdrawal."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.publications.content import LANGUAGES, changes, digest
from huanzhi.library.publications.models import Publication
from huanzhi.library.publications.settings import checked
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.messages import Language
from huanzhi.standards.periods import CHINA

OPEN = ("draft", "proposed")
SHOWN = ("published", "superseded", "withdrawn")
"""States of what was public at some time."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be drafted.

    Attributes
    ----------
    subject : str
        What it is about: a further draft of the same subject is a correction of what was published.
    asked : mapping
        What it was made from, so that it can be made again.
    """

    sort: str
    subject: str
    content: Mapping[str, Any]
    period: str = ""
    region: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    simulated: bool = False


def draft(actor: Actor, given: Draft, now: datetime) -> Publication:
    """Keep a draft: the first version of its subject, or the one that corrects what was published.

    Raises
    ------
    InputError
        ``publications.draft_open``, ``publications.no_reason`` for a correction without one, or
        ``publications.same`` where nothing is different.
    """
    checked("sort", given.sort, "sort")
    region = region_of(given.region) if given.region else None
    with transaction.atomic():
        versions = Publication.objects.select_for_update(of=("self",)).filter(subject=given.subject)
        last = versions.order_by("-version").first()
        if last is not None and last.state in OPEN:
            raise InputError("publications.draft_open", value=last.number)
        public = last if last is not None and last.state == "published" else None
        if public is not None:
            _must_differ(public, given)
        made = Publication(
            number=next_number(now),
            sort=given.sort,
            subject=given.subject,
            version=last.version + 1 if last else 1,
            title=_title(given.content, "zh"),
            title_en=_title(given.content, "en"),
            period=given.period,
            region=region,
            content=dict(given.content),
            digest=digest(given.content),
            asked=dict(given.asked),
            corrects=public,
            reason=given.reason.strip(),
            drafted=now,
            drafted_by=actor.code or "system",
            simulated=given.simulated,
        )
        save(actor, made, given.reason)
    return made


def correct(actor: Actor, public: Publication, reason: str, now: datetime) -> Publication:
    """Begin a correction of what is public: a draft of the next version with the same content, to be changed.

    Raises
    ------
    InputError
        ``publications.not_now``, ``publications.no_reason``, ``publications.draft_open``.
    """
    in_state(public, ("published",))
    if not reason.strip():
        raise InputError("publications.no_reason", column="reason")
    with transaction.atomic():
        versions = Publication.objects.select_for_update(of=("self",)).filter(subject=public.subject)
        last = versions.order_by("-version").first() or public
        if last.state in OPEN:
            raise InputError("publications.draft_open", value=last.number)
        same = ("sort", "subject", "title", "title_en", "period", "region", "content", "digest", "asked")
        made = Publication(
            number=next_number(now),
            version=last.version + 1,
            corrects=public,
            reason=reason.strip(),
            drafted=now,
            drafted_by=actor.code,
            simulated=public.simulated,
            **{name: getattr(public, name) for name in same},
        )
        save(actor, made, reason)
    return made


def renew(actor: Actor, held: Publication, content: Mapping[str, Any], now: datetime) -> Publication:
    """Make a draft anew from the figures of today; what was written by hand is in the trail."""
    in_state(held, ("draft",))
    held.content, held.digest, held.drafted = dict(content), digest(content), now
    held.title, held.title_en = _title(content, "zh"), _title(content, "en")
    save(actor, held, "renew")
    return held


def _must_differ(public: Publication, given: Draft) -> None:
    if not given.reason.strip():
        raise InputError("publications.no_reason", column="reason")
    if not any(changes(public.content.get(each, {}), given.content.get(each, {})) for each in LANGUAGES):
        raise InputError("publications.same", value=public.number)


def next_number(now: datetime) -> str:
    """Return the next number of a day: ``GK-20261122-001``."""
    begin = f"GK-{now.astimezone(CHINA):%Y%m%d}-"
    last = Publication.objects.filter(number__startswith=begin).order_by("-number").first()
    return f"{begin}{int(last.number.rpartition('-')[2]) + 1 if last else 1:03d}"


def region_of(code: str) -> Region:
    """Return a region; InputError ``publications.no_region`` if there is none of that code."""
    found: Region | None = Region.objects.filter(pk=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("publications.no_region", column="region", value=code.replace("\x00", ""))
    return found


def _title(content: Mapping[str, Any], language: Language) -> str:
    return str((content.get(language) or {}).get("title", ""))[:300]


def write_words(
    actor: Actor, held: Publication, language: Language, block: int, words: str, reason: str
) -> Publication:
    """Write one paragraph or heading of a draft anew; figures of tables and charts stay as they are.

    Raises
    ------
    InputError
        ``publications.not_now``, ``publications.no_block``, ``publications.no_text``.
    """
    in_state(held, ("draft",))
    content = rewritten(held.content, language, block, words)[0]
    held.content, held.digest = content, digest(content)
    held.title, held.title_en = _title(content, "zh"), _title(content, "en")
    save(actor, held, reason)
    return held


def rewritten(
    content: Mapping[str, Any], language: Language, block: int, words: str
) -> tuple[dict[str, Any], str]:
    """Return a snapshot with one text written anew, and what it was; block -1 is the title."""
    fresh, told = copy.deepcopy(dict(content)), words.strip()
    if not told:
        raise InputError("publications.no_text", column="words")
    document = fresh.get(language) or {}
    blocks = document.get("blocks", [])
    if block == -1 and document:
        was, document["title"] = document["title"], told
        return fresh, str(was)
    if not 0 <= block < len(blocks) or blocks[block]["kind"] not in ("paragraph", "heading"):
        raise InputError("publications.no_block", column="block", value=block)
    was, blocks[block]["text"] = blocks[block]["text"], told
    return fresh, str(was)


def withdraw(actor: Actor, held: Publication, reason: str, now: datetime) -> Publication:
    """Take back what is public, at once; the reason stands in the open log.

    One person does it: what should not be public must not wait for a second one. DEFAULT, NOT FROM THE
    DOCUMENTS.
    """
    require(actor, "command", thing_of(held))
    in_state(held, ("published", "superseded"))
    if not reason.strip():
        raise InputError("publications.no_reason", column="reason")
    held.state, held.withdrawn, held.withdrawal = "withdrawn", now, reason.strip()
    save(actor, held, reason)
    return held


def drop(actor: Actor, held: Publication, reason: str) -> None:
    """Give up a draft: it is kept as withdrawn, and was never public."""
    in_state(held, ("draft",))
    held.state, held.withdrawal = "withdrawn", reason.strip()
    save(actor, held, reason)


def in_state(held: Publication, states: tuple[str, ...]) -> None:
    """Refuse a publication in another state."""
    if held.state not in states:
        raise InputError("publications.not_now", value=held.state, expected=", ".join(states))

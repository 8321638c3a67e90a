"""Search 搜索: everything that has a name, and the card of one such thing, as far as the reader may see."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, Thing, may
from huanzhi.library.search import Entry
from huanzhi.library.search.catalogue import catalogue
from huanzhi.messages import catalogue as messages
from huanzhi.web.api.actors import actor

router = Router(tags=["search"])

MOST = 50


class Texts(Schema):
    """A text in both languages."""

    zh: str
    en: str


class Hit(Schema):
    """Something that has a name; `score` is larger the better it fits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "region",
                    "code": "331002",
                    "name": "椒江区",
                    "name_en": "Jiaojiang",
                    "note": "浙江省台州市",
                    "simulated": False,
                    "score": 100,
                }
            ]
        }
    )

    kind: str
    code: str
    name: str
    name_en: str
    note: str
    simulated: bool
    score: int


class HitsOut(Schema):
    """What was found, the best first."""

    items: list[Hit]


class Asked(Schema):
    """What is looked for."""

    q: str = Field("", max_length=100, description="name, code, pinyin, initials, alias, clause")
    kinds: str = Field("", max_length=200, description="only these kinds, between commas")
    limit: int = Field(20, ge=1, le=MOST)


class FactOut(Schema):
    """One fact."""

    term: Texts
    value: str
    unit: str = ""


class CardOut(Schema):
    """What a card says of a thing."""

    kind: str
    code: str
    name: Texts
    note: str
    simulated: bool
    facts: list[FactOut]


@router.get("search", response=HitsOut, summary="Search everything that has a name")
def search(request: HttpRequest, asked: Query[Asked]) -> HitsOut:
    """Return what fits, by name, code, pinyin, initials or alias; only what the reader may see."""
    kinds = frozenset(filter(None, asked.kinds.split(",")))
    sees = _Eyes(actor(request))
    items: list[Hit] = []
    for found in catalogue.names().find(asked.q):
        entry = found.entry
        if (not kinds or entry.kind in kinds) and sees(entry):
            items.append(_hit(entry, found.score))
            if len(items) == asked.limit:
                break
    return HitsOut(items=items)


@router.get("cards/{kind}/{path:code}", response=CardOut, summary="Read the card of a thing")
def card(request: HttpRequest, kind: str, code: str) -> CardOut:
    """Return the few facts that a card shows of a thing."""
    entry = catalogue.entry(kind, code)
    if entry is None or not _Eyes(actor(request))(entry):
        raise InputError("search.no_card", value=code)
    facts = [FactOut(term=Texts(**messages()["search.region"]), value=entry.note)] if entry.note else []
    return CardOut(
        kind=entry.kind,
        code=entry.code,
        name=Texts(zh=entry.name, en=entry.name_en or entry.name),
        note=entry.note,
        simulated=entry.simulated,
        facts=facts,
    )


class _Eyes:
    """Whether a reader may see an entry, decided once for all that are alike."""

    def __init__(self, reader: Actor) -> None:
        self.reader = reader
        self.decided: dict[Thing, bool] = {}

    def __call__(self, entry: Entry) -> bool:
        thing = entry.thing
        if thing is None:
            return True
        if thing not in self.decided:
            self.decided[thing] = may(self.reader, "read", thing).allowed
        return self.decided[thing]


def _hit(entry: Entry, score: int) -> Hit:
    return Hit(
        kind=entry.kind,
        code=entry.code,
        name=entry.name,
        name_en=entry.name_en,
        note=entry.note,
        simulated=entry.simulated,
        score=score,
    )

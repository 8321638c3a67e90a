"""Rulebooks 规则簿: what is in force, drafts, worked examples, publication by two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi import rules
from huanzhi.errors import InputError, StandardError
from huanzhi.library.people.managing import region_of
from huanzhi.library.rights import Actor, Thing, may, require, visible
from huanzhi.library.rulebooks import drafting, publishing
from huanzhi.library.rulebooks.holding import identities, in_force
from huanzhi.library.rulebooks.models import RulebookVersion, State
from huanzhi.messages import using
from huanzhi.rules.checks import unanswered, unreachable
from huanzhi.rules.showing import answer, line, shown
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import begun_from, document

router = Router(tags=["rulebooks"])

_RUN = {"inputs": {"month_ratio": "1.05", "months_over": 0}, "place": "331002"}
_PROPOSAL = {"effective": "2027-01-01", "reason": "三色预警按台州口径"}


View = Callable[..., HttpResponse]


def _spoken(view: View) -> View:
    """Let a view speak the reader's language."""

    @wraps(view)
    def spoken(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        with using(language_of(request)):
            return view(request, *given, **more)

    return spoken


class When(Schema):
    """A day and a place; today and everywhere by default."""

    day: date | None = None
    place: str = Field("", max_length=12)


class RunIn(When):
    """Values to try a rulebook with; what is not given is missing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_RUN]})

    inputs: dict[str, Any] = Field(default_factory=dict)


class DraftIn(Schema):
    """Where a draft shall hold; without a document it begins from what is in force there."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"place": "331000"}]})

    place: str = Field("", max_length=12)
    document: dict[str, Any] | None = None
    reason: str = Field("", max_length=2000)


class DraftChange(Schema):
    """A draft as it shall be."""

    model_config = ConfigDict(extra="forbid")

    document: dict[str, Any]
    reason: str = Field("", max_length=2000)


class ProposeIn(Schema):
    """From when a draft shall hold, and why; `correction` lets it begin on a day that is over."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_PROPOSAL]})

    effective: date
    reason: str = Field(min_length=1, max_length=2000)
    correction: bool = False


class RulebookLine(Schema):
    """A rulebook in a list."""

    id: str
    title: str
    kind: str
    version: str
    place: str
    start: str
    end: str | None
    basis: str
    confidence: str
    confidence_words: str
    law: bool
    rows: int
    examples: int
    source: str


class Listed(Schema):
    """Rulebooks in force."""

    items: list[RulebookLine]
    total: int
    day: str
    may_draft: bool


class RulebookOut(RulebookLine):
    """A rulebook in words, and the document that it was read from."""

    digest: str
    note: str
    sources: list[str]
    policy: str
    inputs: list[dict[str, Any]]
    outputs: list[dict[str, Any]]
    table: list[dict[str, Any]]
    bands: list[dict[str, Any]]
    base: str
    document: dict[str, Any]


class VersionLine(Schema):
    """A version of a rulebook, shipped or written here."""

    code: str
    version: str
    place: str
    state: str
    start: str | None
    end: str | None
    author: str
    publisher: str
    published: str | None
    corrects: bool
    digest: str


class Versions(Schema):
    """The versions of a rulebook, the newest first."""

    items: list[VersionLine]


class VersionOut(VersionLine):
    """A version written here: its document, and in words where it can be read."""

    document: dict[str, Any]
    rulebook: RulebookOut
    revision: int
    may_change: bool
    unreachable: list[list[int]]
    unanswered: int | None


class ResultOut(Schema):
    """What a rulebook answered: the row, its clause, the reasons; `digest` names the exact rulebook."""

    rulebook: str
    version: str
    digest: str
    place: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    words: list[dict[str, str]]
    row: int | None
    hits: list[dict[str, Any]]
    unknown: list[str]
    unknown_words: list[str]


class ExamplesOut(Schema):
    """Worked examples with what they gave."""

    passed: int
    failed: int
    items: list[dict[str, Any]]


class Proposed(Schema):
    """The proposal that a second person has to decide."""

    proposal: int
    state: str


@router.get("rulebooks", response=Listed, operation_id="list_rulebooks")
@_spoken
def list_rulebooks(request: HttpRequest, wanted: Query[When]) -> HttpResponse:
    """List the rulebooks in force on a day at a place."""
    who = _reader(request)
    day = _day(wanted)
    held = [found for each in identities() if (found := _held(each, day, wanted.place)) is not None]
    items = [line(each) | {"source": _source(each)} for each in held]
    drafting_ = may(who, "create", Thing(RulebookVersion.KIND)).allowed or _may_somewhere(who)
    told = {"items": items, "total": len(items), "day": day.isoformat(), "may_draft": drafting_}
    return document(request, told)


@router.get("rulebooks/{identity}", response=RulebookOut, operation_id="get_rulebook")
@_spoken
def get_rulebook(request: HttpRequest, identity: str, wanted: Query[When]) -> HttpResponse:
    """Return the rulebook in force on a day at a place."""
    _reader(request)
    return document(request, _told(_in_force(identity, wanted)))


@router.get("rulebooks/{identity}/versions", response=Versions, operation_id="list_rulebook_versions")
@_spoken
def list_versions(request: HttpRequest, identity: str) -> HttpResponse:
    """List the versions of a rulebook: published, drafts, shipped."""
    who = _reader(request)
    written = visible(who, RulebookVersion.KIND, RulebookVersion.objects.filter(rulebook=identity))
    items = [_version(each) for each in written.order_by("-number")]
    items += [_shipped(each) for each in reversed(rules.versions(identity))]
    if not items:
        raise StandardError("rules.none", value=identity)
    return document(request, {"items": items})


@router.post("rulebooks/{identity}/run", response=ResultOut, operation_id="run_rulebook")
@_spoken
def run_rulebook(request: HttpRequest, identity: str, given: RunIn) -> HttpResponse:
    """Ask a rulebook with values: the row that hit, its clause and the reasons."""
    _reader(request)
    book = _in_force(identity, given)
    return document(request, answer(book, rules.evaluate(book, given.inputs)))


@router.get("rulebooks/{identity}/examples", response=ExamplesOut, operation_id="run_rulebook_examples")
@_spoken
def run_examples(request: HttpRequest, identity: str, wanted: Query[When]) -> HttpResponse:
    """Run the worked examples of the rulebook in force."""
    _reader(request)
    return document(request, _examples(_in_force(identity, wanted)))


@router.post("rulebooks/{identity}/drafts", response={201: VersionOut}, operation_id="begin_rulebook_draft")
@_spoken
def begin_draft(request: HttpRequest, identity: str, given: DraftIn) -> HttpResponse:
    """Begin a draft for a place."""
    who = _reader(request)
    region = region_of(given.place) if given.place else None
    today = datetime.now(CHINA).date()
    if given.document is None:
        draft = drafting.begin(who, identity, today, region=region, reason=given.reason)
    else:
        draft = drafting.write(who, identity, given.document, today, region=region, reason=given.reason)
    return document(request, _whole(who, draft), 201)


@router.get("rulebook-versions/{code}", response=VersionOut, operation_id="get_rulebook_version")
@_spoken
def get_version(request: HttpRequest, code: str) -> HttpResponse:
    """Return a version that was written here."""
    who = actor(request)
    return document(request, _whole(who, _found(who, code)))


@router.put("rulebook-versions/{code}", response=VersionOut, operation_id="change_rulebook_draft")
@_spoken
def change_draft(request: HttpRequest, code: str, given: DraftChange) -> HttpResponse:
    """Change a draft; ``If-Match`` names the revision that it began from."""
    who = actor(request)
    draft = _found(who, code)
    begun_from(request, draft)
    return document(request, _whole(who, drafting.change(who, draft, given.document, given.reason)))


@router.delete("rulebook-versions/{code}", response=VersionOut, operation_id="drop_rulebook_draft")
@_spoken
def drop_draft(request: HttpRequest, code: str, reason: str = "") -> HttpResponse:
    """Drop a draft."""
    who = actor(request)
    draft = _found(who, code)
    begun_from(request, draft)
    return document(request, _whole(who, drafting.drop(who, draft, reason)))


@router.post("rulebook-versions/{code}/run", response=ResultOut, operation_id="run_rulebook_version")
@_spoken
def run_version(request: HttpRequest, code: str, given: RunIn) -> HttpResponse:
    """Ask a version with values."""
    book = _found(actor(request), code).book()
    return document(request, answer(book, rules.evaluate(book, given.inputs)))


@router.get(
    "rulebook-versions/{code}/examples", response=ExamplesOut, operation_id="run_rulebook_version_examples"
)
@_spoken
def run_version_examples(request: HttpRequest, code: str) -> HttpResponse:
    """Run the worked examples of a version."""
    return document(request, _examples(_found(actor(request), code).book()))


@router.post(
    "rulebook-versions/{code}/propose", response={201: Proposed}, operation_id="propose_rulebook_version"
)
@_spoken
def propose_version(request: HttpRequest, code: str, given: ProposeIn) -> HttpResponse:
    """Propose that a draft is published; a second person decides under proposals."""
    who = actor(request)
    draft = _found(who, code)
    begun_from(request, draft)
    made = publishing.propose(who, draft, given.effective, reason=given.reason, correction=given.correction)
    return document(request, {"proposal": made.pk, "state": made.state}, 201)


def _reader(request: HttpRequest) -> Actor:
    """Return who reads; what is in force may be read by whoever may read rulebooks anywhere."""
    who = actor(request)
    require(who, "read", Thing(RulebookVersion.KIND))
    return who


def _may_somewhere(who: Actor) -> bool:
    thing = RulebookVersion.KIND
    return any(may(who, "create", Thing(thing, held.path)).allowed for held in who.held if held.path)


def _day(wanted: When) -> date:
    return wanted.day or datetime.now(CHINA).date()


def _in_force(identity: str, wanted: When) -> rules.Rulebook:
    return in_force(identity, _day(wanted), wanted.place)


def _held(identity: str, day: date, place: str) -> rules.Rulebook | None:
    try:
        return in_force(identity, day, place)
    except StandardError:
        return None


def _source(book: rules.Rulebook) -> str:
    return "shipped" if book in rules.versions(book.id) else "published"


def _told(book: rules.Rulebook) -> dict[str, Any]:
    return shown(book) | {"source": _source(book), "document": rules.as_document(book)}


def _examples(book: rules.Rulebook) -> dict[str, Any]:
    items = [each.as_dict() for each in rules.run_examples(book)]
    failed = sum(not each["passed"] for each in items)
    return {"passed": len(items) - failed, "failed": failed, "items": items}


def _found(who: Actor, code: str) -> RulebookVersion:
    held = visible(who, RulebookVersion.KIND, RulebookVersion.objects.select_related("region"))
    found = held.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("rulebooks.none", value=code)
    return found


def _version(version: RulebookVersion) -> dict[str, Any]:
    return {
        "code": version.code,
        "version": str(version.number),
        "place": version.place,
        "state": version.state,
        "start": version.valid_from.isoformat() if version.valid_from else None,
        "end": version.valid_to.isoformat() if version.valid_to else None,
        "author": version.author,
        "publisher": version.publisher,
        "published": version.published.astimezone(CHINA).isoformat() if version.published else None,
        "corrects": version.corrects,
        "digest": version.digest,
    }


def _shipped(book: rules.Rulebook) -> dict[str, Any]:
    end = book.interval.end
    return {
        "code": "",
        "version": book.version,
        "place": book.place,
        "state": "shipped",
        "start": book.interval.start.isoformat(),
        "end": end.isoformat() if end else None,
        "author": "",
        "publisher": "",
        "published": None,
        "corrects": False,
        "digest": rules.digest(book),
    }


def _whole(who: Actor, version: RulebookVersion) -> dict[str, Any]:
    book = version.book()
    path = version.region.path if version.region else ""
    changing = version.state == State.DRAFT and may(who, "change", Thing(version.KIND, path)).allowed
    return {
        **_version(version),
        "document": version.document,
        "rulebook": _told(book) | {"source": version.state},
        "revision": version.revision,
        "may_change": changing,
        "unreachable": [list(each) for each in unreachable(book)],
        "unanswered": unanswered(book),
    }

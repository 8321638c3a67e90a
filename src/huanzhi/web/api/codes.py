"""Code 环保码 and credit 环境信用: where enterprises stand and why, figures, schemes, changes by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi import rules
from huanzhi.ecocode.grades import by_hand, tokens
from huanzhi.ecocode.grades.listing import CODES, SORTS, levels
from huanzhi.ecocode.grades.models import Appeal, Code, Event, EventState, Repair
from huanzhi.ecocode.grades.schemes import Shelf, level_row, scheme_for, scheme_of, schemes
from huanzhi.ecocode.grades.settings import settings
from huanzhi.ecocode.grades.showing import history_rows, scheme_row, standing_row
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor, Thing, may, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.library.rulebooks import holding
from huanzhi.library.rulebooks.models import RulebookVersion
from huanzhi.messages import using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.code_shapes import (
    CodeByHandIn,
    CodeFiguresOut,
    CodeHistoryOut,
    CodeOut,
    CodeSchemesOut,
    CodeTokenOut,
    CodeWordsOut,
    Which,
)
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, document, filters

router = Router(tags=["codes"])
CodeFilters = filters("EnterpriseCodeFilters", CODES.columns)


def today() -> date:
    """Return the day in China."""
    return datetime.now(CHINA).date()


@router.get("code-words", response=CodeWordsOut, operation_id="code_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of lists and forms."""
    who = actor(request)
    held = {
        name: [{"value": code, **row} for code, row in settings()[name].items()]
        for name in ("state", "decision", "grade")
    }
    rights = {"enter": "create", "release": "change"}
    return document(
        request,
        {
            "kinds": [{"value": code, **row} for code, row in settings()["kind"].items()],
            "levels": [{"value": code, **row} for code, row in levels().items()],
            "which": [{"value": code, **row} for code, row in SORTS.items()],
            "terms": settings()["terms"],
            **held,
            "may": {
                **{name: any(rules_held(who, action, Event.KIND)) for name, action in rights.items()},
                "decide": any(rules_held(who, "approve", Appeal.KIND)),
                "by_hand": any(rules_held(who, "propose", f"proposal:{by_hand.KIND}")),
            },
        },
    )


@router.get("codes", response=Page[dict[str, Any]], operation_id="list_codes")
def list_codes(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[CodeFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List codes and credit levels; also as CSV, XLSX or GeoJSON."""
    paging.sort = paging.sort or "enterprise"
    return answer(request, CODES, _readable(actor(request)), paging, wanted)


@router.get("code-figures", response=CodeFiguresOut, operation_id="code_figures")
def get_figures(request: HttpRequest, which: Which = "code", region: str = "") -> HttpResponse:
    """Return how many enterprises stand at each level, in all and by region."""
    rows = _readable(actor(request)).filter(sort=which).order_by()
    if region:
        rows = rows.filter(region__path__contains=f"{region[:12]}/")
    counted = rows.values("scheme", "level", "region_id", "region__name").annotate(n=Count("pk"))
    found = [(level_row(scheme_of(one["scheme"]), one["level"]), one) for one in counted]
    sums: dict[str, dict[str, Any]] = {}
    regions: dict[str, dict[str, Any]] = {}
    for level, one in sorted(found, key=lambda pair: (pair[1]["region_id"], _rank(pair[1]))):
        total = sums.setdefault(level["code"], {**level, "rank": _rank(one), "count": 0})
        total["count"] += one["n"]
        area = regions.setdefault(
            one["region_id"],
            {"region": one["region_id"], "name": one["region__name"], "total": 0, "levels": {}},
        )
        area["total"] += one["n"]
        area["levels"][level["code"]] = area["levels"].get(level["code"], 0) + one["n"]
    ordered = sorted(sums.values(), key=lambda one: one["rank"])
    return document(
        request,
        {
            "which": which,
            "total": sum(one["count"] for one in ordered),
            "levels": ordered,
            "regions": list(regions.values()),
        },
    )


def _rank(row: dict[str, Any]) -> int:
    return scheme_of(row["scheme"]).rank(row["level"])


@router.get("code-schemes", response=CodeSchemesOut, operation_id="code_schemes")
def get_schemes(request: HttpRequest, region: str = "") -> HttpResponse:
    """Return every scheme with what is known of it, which place uses which, and which ones hold here."""
    day, shelf = today(), Shelf()
    with using(language_of(request)):
        here = {sort: shelf.scheme(sort, region[:12], day).id for sort in SORTS}
        return document(
            request,
            {
                "schemes": [
                    {**scheme_row(one), "rows": _rows(shelf, one, region[:12], day)}
                    for one in schemes().values()
                ],
                "chosen": [row for sort in SORTS for row in _chosen(sort)],
                "here": here,
            },
        )


def _rows(shelf: Shelf, scheme: Any, place: str, day: date) -> dict[str, Any] | None:
    """Return the rulebook of a scheme as a table, None where none is known."""
    book = shelf.book(str(scheme_row(scheme)["book"]), place, day)
    if book is None:
        return None
    told = rules.as_document(book)
    names = ("id", "version", "from", "to", "place", "title", "basis", "confidence", "note", "row", "input")
    return {name: told[name] for name in names}


def _chosen(sort: str) -> list[dict[str, Any]]:
    """Return by place which scheme its rulebook names, published ones before shipped ones."""
    name, day = f"{sort}_scheme", today()
    places = {one.place for one in rules.versions(name)}
    published = RulebookVersion.objects.filter(rulebook=name, state="published")
    places |= {place or "" for place in published.order_by().values_list("region_id", flat=True)}
    names = dict(Region.objects.filter(pk__in=places).values_list("pk", "name"))
    found = []
    for place in sorted(places):
        book = holding.in_force(name, day, place)
        found.append(
            {
                "sort": sort,
                "place": place,
                "place_name": names.get(place, ""),
                "scheme": str(rules.evaluate(book, {}).outputs["scheme"]),
                "basis": {"zh": book.basis.zh, "en": book.basis.en},
                "confidence": book.provenance.confidence.value,
            }
        )
    return found


@router.get("codes/{enterprise}", response=CodeOut, operation_id="get_code")
def get_code(
    request: HttpRequest, enterprise: str, day: date | None = None, known: date | None = None
) -> HttpResponse:
    """Return where an enterprise stood on a day, as it is known now or was known on another day, and why."""
    who, firm = actor(request), found(request, enterprise)
    at = day or today()
    if at > today() or (known is not None and known > today()):
        raise InputError("grades.ahead", value=max(at, known or at).isoformat())
    with using(language_of(request)):
        shelf = Shelf()
        rows = [standing_row(firm, sort, at, known, shelf) for sort in SORTS]
    own = sees_reasons(who, firm)
    codes = {one.sort: one for one in Code.objects.filter(enterprise=firm)}
    for row in rows:
        held = codes.get(row["which"])
        row["since"] = held.since.isoformat() if held and day is None and known is None else None
        row["revision"] = held.revision if held else 0
        if not own:
            row |= {"reasons": None, "score": None, "changes": None, "next": None}
    return document(request, {**_head(firm), "standings": rows, "may": _may(who, firm), "sees": own})


def _head(firm: Enterprise) -> dict[str, Any]:
    body = firm.organisation
    return {
        "code": firm.code,
        "name": firm.name,
        "region": firm.region_id,
        "region_name": firm.region.name,
        "organisation": body.code if body else "",
        "key_unit": firm.key_unit,
        "simulated": firm.simulated,
    }


def _may(who: Actor, firm: Enterprise) -> dict[str, bool]:
    def can(action: str, kind: str) -> bool:
        return may(who, action, _thing(kind, firm)).allowed

    return {
        "appeal": can("create", Appeal.KIND),
        "repair": can("create", Repair.KIND),
        "decide": can("approve", Appeal.KIND),
        "enter": can("create", Event.KIND),
        "release": can("change", Event.KIND),
        "by_hand": may(who, "propose", _thing(f"proposal:{by_hand.KIND}", firm, "internal")).allowed,
    }


def _thing(kind: str, firm: Enterprise, sensitivity: str = "own") -> Thing:
    body = firm.organisation
    return Thing(kind, firm.region.path, body.code if body else "", sensitivity)


def sees_reasons(who: Actor, firm: Enterprise) -> bool:
    """Return whether somebody may see what weighs on an enterprise."""
    return may(who, "read", _thing(Event.KIND, firm)).allowed


@router.get("codes/{enterprise}/history", response=CodeHistoryOut, operation_id="code_history")
def get_history(request: HttpRequest, enterprise: str, which: Which = "code") -> HttpResponse:
    """Return the history of a code, and the days on which something new was known of it."""
    firm = found(request, enterprise)
    rows = history_rows(firm, which, today())
    own = sees_reasons(actor(request), firm)
    known = (
        EventState.objects.filter(event__enterprise=firm).order_by("known").values_list("known", flat=True)
    )
    for row in rows if not own else ():
        row |= {"reasons": [], "score": None}
    days = sorted({day.isoformat() for day in known}) if own else []
    return document(request, {"items": rows, "known": days})


@router.get("codes/{enterprise}/token", response=CodeTokenOut, operation_id="code_token")
def get_token(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Return a signed code for a QR picture; whoever reads it can check it offline."""
    firm, day = found(request, enterprise), today()
    told = {
        one.sort: {"level": one.level, "colour": level_row(scheme_of(one.scheme), one.level)["colour"]}
        for one in Code.objects.filter(enterprise=firm)
    }
    token = tokens.issue({"code": firm.code, "name": firm.name, "levels": told}, day)
    content = tokens.read(token, tokens.private_key().public_key())
    return document(
        request,
        {"token": token, "address": f"/open/code/{token}", "day": content["day"], "last": content["last"]},
    )


@router.post("codes/{enterprise}/by-hand", response={201: dict[str, Any]}, operation_id="code_by_hand")
def change_by_hand(request: HttpRequest, enterprise: str, given: CodeByHandIn) -> HttpResponse:
    """Propose a level by hand; another person decides."""
    firm = found(request, enterprise)
    made = by_hand.ask(
        actor(request), firm, given.which, given.level, given.until, given.reason, datetime.now(UTC)
    )
    scheme = scheme_for(given.which, today(), firm.region_id)
    return document(
        request, {"proposal": made.pk, "level": level_row(scheme, given.level), "expires": made.expires}, 201
    )


def _readable(who: Actor) -> Any:
    return visible(who, Code.KIND, Code.objects.all())


def found(request: HttpRequest, enterprise: str) -> Enterprise:
    """Return an enterprise whose code the reader may see.

    Raises
    ------
    InputError
        ``grades.no_enterprise`` where there is none, or nothing of it may be seen.
    """
    rows = Enterprise.objects.select_related("region", "organisation")
    firm: Enterprise | None = rows.filter(code=enterprise).first() if "\x00" not in enterprise else None
    if firm is None or not may(actor(request), "read", _thing(Code.KIND, firm, "internal")).allowed:
        raise InputError("grades.no_enterprise", value=enterprise.replace("\x00", "")[:40])
    return firm

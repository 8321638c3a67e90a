"""Draws 随机抽取: commitment, reveal, the public paper, and its verification."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.center.inspections import drawing
from huanzhi.center.inspections.listing import DRAWS
from huanzhi.center.inspections.models import Draw
from huanzhi.errors import InputError
from huanzhi.messages import text, using
from huanzhi.rules import draws
from huanzhi.web.api.actors import actor, anybody
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.inspection_shapes import CommitIn, DrawOut, DrawVerdictOut, RevealIn, WhyIn, draw_shown
from huanzhi.web.api.inspections import plan_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import fingerprinted

router = Router(tags=["inspections"])
DrawFilters = filters("InspectionDrawFilters", DRAWS.columns)


@router.get(
    "inspection-draws", response=Page[dict[str, Any]], auth=anybody, operation_id="list_inspection_draws"
)
def list_draws(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[DrawFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List draws, for anybody, those that were given up among them."""
    paging.sort = paging.sort or "-made"
    return answer(request, DRAWS, Draw.objects.defer("paper"), paging, wanted)


@router.post("inspection-draws", response={201: DrawOut}, operation_id="commit_inspection_draw")
def commit(request: HttpRequest, given: CommitIn) -> HttpResponse:
    """Commit to a draw: pools, rules, counts, the hash of a secret seed, and the public value to come."""
    plan = plan_of(request, given.plan)
    now = datetime.now(UTC)
    made = drawing.commit(actor(request), plan, given.quarter, given.source, given.due, now)
    return document(request, draw_shown(actor(request), made), 201)


@router.get("inspection-draws/{number}", response=DrawOut, auth=anybody, operation_id="get_inspection_draw")
def get_draw(request: HttpRequest, number: str) -> HttpResponse:
    """Return a draw with its public paper, the exact chance of every object, and the tasks that I may see."""
    return document(request, draw_shown(actor(request), _found(number)))


@router.get("inspection-draws/{number}/paper", auth=anybody, operation_id="inspection_draw_paper")
def get_paper(request: HttpRequest, number: str) -> HttpResponse:
    """Return the file that ``huanzhi draw verify`` verifies with no database."""
    draw = _found(number)
    words = json.dumps(drawing.public_paper(draw), ensure_ascii=False, indent=1, sort_keys=True)
    return fingerprinted(words.encode(), "json", f"{draw.number}.json", draw.commitment)


@router.get(
    "inspection-draws/{number}/verification",
    response=DrawVerdictOut,
    auth=anybody,
    operation_id="verify_inspection_draw",
)
def get_verification(request: HttpRequest, number: str, beacon: str = "") -> HttpResponse:
    """Run the draw again and say whether its result follows, and from the public value that is given."""
    draw = _found(number)
    found = draws.verify(drawing.public_paper(draw), commitment=draw.commitment, beacon=beacon[:200])
    names = ("state", "number", "commitment", "objects", "inspectors", "drawn", "names")
    told = {name: getattr(found, name) for name in (*names, "fault", "where", "expected", "found")}
    with using(language_of(request)):
        reason = text(found.fault) if found.fault else ""
        words = reason or text(f"draws.is_{found.state}", **{name: getattr(found, name) for name in names})
    return document(request, {"whole": found.whole, "message": words, **told})


@router.post("inspection-draws/{number}/reveal", response=DrawOut, operation_id="reveal_inspection_draw")
def reveal(request: HttpRequest, number: str, given: RevealIn) -> HttpResponse:
    """Reveal a draw with the public value, and make a task for every object drawn."""
    draw = _found(number)
    begun_from(request, draw)
    drawing.reveal(actor(request), draw, given.beacon, datetime.now(UTC))
    return document(request, draw_shown(actor(request), _found(number)))


@router.post("inspection-draws/{number}/abandon", response=DrawOut, operation_id="abandon_inspection_draw")
def abandon(request: HttpRequest, number: str, given: WhyIn) -> HttpResponse:
    """Give a draw up, with a reason that everybody sees."""
    draw = _found(number)
    begun_from(request, draw)
    drawing.abandon(actor(request), draw, given.reason, datetime.now(UTC))
    return document(request, draw_shown(actor(request), _found(number)))


def _found(number: str) -> Draw:
    rows = Draw.objects.select_related("region", "plan__region", "plan__organisation")
    found: Draw | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("inspections.none", value=number.replace("\x00", ""))
    return found

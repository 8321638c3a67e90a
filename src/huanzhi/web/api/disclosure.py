"""Disclosure 信息披露: items, drafts and reports, the findings of the patrol.

A change names the revision that it began from in ``If-Match``; if somebody else was quicker it is refused
with 412 and nothing is lost.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from huanzhi.ecocode.disclosure import bulletin, findings, items, patrolling, reports
from huanzhi.ecocode.disclosure.listing import FINDINGS, ITEMS
from huanzhi.ecocode.disclosure.models import Draft, DutyList, Finding, Item, Report
from huanzhi.ecocode.disclosure.portal import shown, version_row
from huanzhi.ecocode.disclosure.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.kept import read
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Thing, mask, may, require, thing_of, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import catalogue, using
from huanzhi.programmes.disclosure.known import known
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.days import Day
from huanzhi.web.api.disclosure_shapes import (
    DisclosureDraftIn,
    DisclosureMoveIn,
    DisclosureOut,
    DisclosurePatrolOut,
    DisclosureReportIn,
    DisclosureTemporaryIn,
    DisclosureVoidIn,
)
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.own import own_choices
from huanzhi.web.api.papers import download, written

router = Router(tags=["disclosure"])
MOST_SPAN = 400
"""Most days of a bulletin. Ours."""

FindingFilters = filters(
    "DisclosureFindingFilters",
    FINDINGS.columns,
    open=(bool | None, Field(None, description="not ended")),
)
ItemFilters = filters(
    "DisclosureItemFilters",
    ITEMS.columns,
    overdue=(bool | None, Field(None, description="not disclosed, and its clock is over")),
)
Rows = Page[dict[str, Any]]


@router.get("disclosure/words", response=DisclosureOut, operation_id="disclosure_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of the forms, the clocks with their confidence, and what I may do."""
    who = actor(request)
    tables = (
        "reason",
        "sort",
        "item",
        "list",
        "entry",
        "objection",
        "event",
        "finding",
        "finding_state",
        "move",
    )
    found: dict[str, Any] = {
        name: [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in settings()[name].items()]
        for name in tables
    }
    found |= {name: dict(settings()[name]) for name in ("law", "format", "clock", "commitment", "limits")}
    found["own"] = own_choices(who)
    paths = [held.path for held in who.held if held.path]
    found["region"] = paths[0].rstrip("/").rpartition("/")[2] if paths else ""
    found["may_draw_up"] = any(rules_held(who, "create", DutyList.KIND)) and not found["own"]
    found["may_patrol"] = any(rules_held(who, "command", Finding.KIND))
    return document(request, found)


@router.get("disclosure/items", response=Rows, operation_id="list_disclosure_items")
def get_items(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ItemFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List what is owed and what was disclosed; an enterprise sees its own."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows, now = _items(request), datetime.now(UTC)
    if (overdue := asked.pop("overdue", None)) is not None:
        late = {"state": "due", "due__lt": now}
        rows = rows.filter(**late) if overdue else rows.exclude(**late)
    paging.sort = paging.sort or "-due"
    return answer(request, ITEMS, rows, paging, asked)


@router.post("disclosure/items", response={201: DisclosureOut}, operation_id="open_temporary_disclosure")
def open_temporary(request: HttpRequest, given: DisclosureTemporaryIn) -> HttpResponse:
    """Lay down a temporary report about a document that was received; an enterprise does it for itself."""
    one = enterprise_seen(request, given.enterprise)
    told = (given.event, given.received, given.title)
    made = items.open_temporary(actor(request), one, *told, document=given.document)
    return document(request, _item_out(request, _item(request, made.code)), 201)


@router.get("disclosure/items/{code}", response=DisclosureOut, operation_id="get_disclosure_item")
def get_item(request: HttpRequest, code: str) -> HttpResponse:
    """Return an item with its form, versions, findings, and the draft of its own people."""
    return document(request, _item_out(request, _item(request, code)))


@router.post("disclosure/items/{code}/void", response=DisclosureOut, operation_id="void_disclosure_item")
def void(request: HttpRequest, code: str, given: DisclosureVoidIn) -> HttpResponse:
    """Say that an item is not owed."""
    held = _item(request, code)
    begun_from(request, held)
    items.void(actor(request), held, given.reason)
    return document(request, _item_out(request, _item(request, code)))


@router.put("disclosure/items/{code}/draft", response=DisclosureOut, operation_id="keep_disclosure_draft")
def keep_draft(request: HttpRequest, code: str, given: DisclosureDraftIn) -> HttpResponse:
    """Keep a draft, complete or not; nobody but the enterprise sees it."""
    held = _item(request, code)
    draft = Draft.objects.filter(item=held).first()
    if draft is not None:
        begun_from(request, draft)
    made = reports.keep_draft(actor(request), held, given.content, datetime.now(UTC))
    return document(request, _draft_row(made))


@router.post(
    "disclosure/items/{code}/attachments",
    response={201: DisclosureOut},
    operation_id="attach_to_disclosure",
)
def attach(request: HttpRequest, code: str, file: File[UploadedFile]) -> HttpResponse:
    """Attach a file to the draft; it is hashed on arrival by SM3 and SHA-256."""
    held = _item(request, code)
    made = reports.attach(actor(request), held, file.name or "", file.read(), datetime.now(UTC))
    return document(request, _draft_row(made), 201)


@router.post("disclosure/items/{code}/reports", response={201: DisclosureOut}, operation_id="disclose")
def disclose(request: HttpRequest, code: str, given: DisclosureReportIn) -> HttpResponse:
    """Disclose a version with its truth commitment; it is public at once. A correction gives its reason."""
    held = _item(request, code)
    begun_from(request, held)
    with using(language_of(request)):
        made = reports.disclose(actor(request), held, given.model_dump(), datetime.now(UTC))
    return document(request, shown(made), 201)


@router.get(
    "disclosure/items/{code}/reports/{number}", response=DisclosureOut, operation_id="get_disclosure_report"
)
def get_report(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Return a version with its content, attachments and commitment."""
    return document(request, shown(_report(request, code, number)))


@router.get(
    "disclosure/items/{code}/reports/{number}/attachments/{digest}",
    operation_id="get_disclosure_attachment",
)
def get_attachment(request: HttpRequest, code: str, number: int, digest: str) -> HttpResponse:
    """Return the bytes of an attachment, by its SM3 digest."""
    return attachment_of(_report(request, code, number), digest)


@router.get("disclosure/findings", response=Rows, operation_id="list_disclosure_findings")
def get_findings(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[FindingFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List what the patrol found, the newest first."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _findings(request)
    if (is_open := asked.pop("open", None)) is not None:
        states = [name for name, row in settings()["finding_state"].items() if row["open"]]
        rows = rows.filter(state__in=states) if is_open else rows.exclude(state__in=states)
    paging.sort = paging.sort or "-found"
    return answer(request, FINDINGS, rows, paging, asked)


@router.get("disclosure/findings/{number}", response=DisclosureOut, operation_id="get_disclosure_finding")
def get_finding(request: HttpRequest, number: str) -> HttpResponse:
    """Return a finding with what was compared, its course, and the steps that I may take."""
    return document(request, _finding_out(request, _finding(request, number)))


@router.post(
    "disclosure/findings/{number}/moves", response=DisclosureOut, operation_id="move_disclosure_finding"
)
def move(request: HttpRequest, number: str, given: DisclosureMoveIn) -> HttpResponse:
    """Take a step: notice, reply, confirm, dismiss."""
    held = _finding(request, number)
    begun_from(request, held)
    findings.move(actor(request), held, given.move, given.model_dump(), datetime.now(UTC))
    return document(request, _finding_out(request, _finding(request, number)))


@router.post("disclosure/patrol", response=DisclosurePatrolOut, operation_id="patrol_disclosures")
def patrol(request: HttpRequest) -> HttpResponse:
    """Let the patrol of the platform look through everything now; it does so by itself each day."""
    who = actor(request)
    if not any(rules_held(who, "command", Finding.KIND)):
        raise InputError("rights.refused", value="command", expected=Finding.KIND)
    return document(request, patrolling.patrol(known(today()), datetime.now(UTC)))


@router.get("disclosure/bulletin", operation_id="disclosure_bulletin")
def get_bulletin(request: HttpRequest, region: str, first: Day, last: Day) -> HttpResponse:
    """Return the bulletin of the patrol for a region and days, as an official document."""
    area = Region.objects.filter(pk=region[:12]).first()
    if area is None:
        raise InputError("disclosure.no_region", column="region", value=region[:12])
    if not first <= last <= first + timedelta(days=MOST_SPAN):
        raise InputError("disclosure.choice", column="last", value=last.isoformat())
    who = actor(request)
    require(who, "export", Thing(Finding.KIND, area.path, "", "own"))
    begun = datetime(first.year, first.month, first.day, tzinfo=CHINA)
    ended = datetime(last.year, last.month, last.day, tzinfo=CHINA) + timedelta(days=1)
    rows = _findings(request).filter(region__path__startswith=area.path, found__gte=begun, found__lt=ended)
    found = list(rows.select_related("enterprise", "item").order_by("sort", "pk"))
    with using(language_of(request)):
        made = bulletin.document(area, first, last, found, datetime.now(UTC))
        return download(written(made, write_docx, "docx"), "docx", f"{made.title}.docx")


def attachment_of(report: Report, digest: str) -> HttpResponse:
    """Return the bytes of an attachment of a version; InputError where there is none."""
    told = next((one for one in report.attachments if one["sm3"] == digest), None)
    if told is None:
        raise InputError("disclosure.none", value=digest[:64])
    return download(read(SimpleNamespace(**told)), "", told["name"])


def _item_out(request: HttpRequest, item: Item) -> dict[str, Any]:
    who, now = actor(request), datetime.now(UTC)
    own = is_own(who, item.enterprise)
    draft = Draft.objects.filter(item=item).first() if own else None
    year_runs = item.sort == "annual" and now.astimezone(CHINA).year <= item.year
    latest = item.reports.order_by("-number").first()
    return {
        **mask(who, item, ITEMS.row(item)),
        "due_note": note_of(item.due_note),
        "overdue": item.state == "due" and now > item.due,
        "reasons": item.reasons,
        "schema": reports.schema(item.sort, tuple(item.reasons)),
        "reports": [version_row(one) for one in item.reports.order_by("-number")],
        "latest": dict(latest.content) if latest else {},
        "draft": _draft_row(draft) if draft else None,
        "findings": [FINDINGS.row(one) for one in item.findings.order_by("-pk")],
        "commitment": dict(settings()["commitment"]),
        "may_disclose": own and item.state != "void" and not year_runs,
        "may_void": item.state == "due" and may(who, "command", thing_of(item)).allowed,
    }


def _finding_out(request: HttpRequest, finding: Finding) -> dict[str, Any]:
    who = actor(request)
    return {
        **mask(who, finding, FINDINGS.row(finding)),
        "told": finding.told,
        "reply": finding.reply,
        "reply_note": note_of(finding.reply_note),
        "conclusion": finding.conclusion,
        "steps": finding.steps,
        "moves": [
            {"name": name, **{word: settings()["move"][name][word] for word in ("zh", "en", "needs")}}
            for name in findings.allowed(who, finding)
        ],
    }


def _draft_row(draft: Draft) -> dict[str, Any]:
    names = ("code", "content", "attachments", "saved_by", "revision")
    return {**{name: getattr(draft, name) for name in names}, "saved": draft.saved}


def note_of(key: str) -> dict[str, str] | None:
    """Return a message in both languages; None where there is none."""
    return dict(catalogue()[key]) if key else None


def is_own(who: Any, enterprise: Enterprise) -> bool:
    """Return whether an enterprise is that of the reader."""
    body = enterprise.organisation
    return body is not None and body.code == who.organisation


def today() -> date:
    """Return the day in China."""
    return datetime.now(CHINA).date()


def enterprise_seen(request: HttpRequest, code: str) -> Enterprise:
    """Return an enterprise that the reader may see; one's own where no code is given."""
    who = actor(request)
    rows = visible(who, Enterprise.KIND, Enterprise.objects.select_related("region", "organisation"))
    found = rows.filter(code=code) if code else rows.filter(organisation__code=who.organisation or "-")
    return only(found.order_by("code"), "", code)  # type: ignore[no-any-return]


def _items(request: HttpRequest) -> Any:
    return visible(actor(request), Item.KIND, Item.objects.all())


def _item(request: HttpRequest, code: str) -> Item:
    rows = _items(request).select_related("enterprise__organisation", "region")
    return only(rows, "code", code)  # type: ignore[no-any-return]


def _report(request: HttpRequest, code: str, number: int) -> Report:
    rows = Report.objects.select_related("item__enterprise").filter(item=_item(request, code))
    return only(rows.filter(number=number if 0 < number < 30000 else 0), "", code)  # type: ignore[no-any-return]


def _findings(request: HttpRequest) -> Any:
    return visible(actor(request), Finding.KIND, Finding.objects.all())


def _finding(request: HttpRequest, number: str) -> Finding:
    rows = _findings(request).select_related("enterprise__organisation", "region", "item")
    return only(rows, "number", number)  # type: ignore[no-any-return]


def only(rows: Any, field: str, value: str) -> Any:
    """Return the only row; InputError ``disclosure.none`` where there is none."""
    clean = value.replace("\x00", "")
    found = rows.filter(**{field: clean}).first() if field else rows.first()
    if found is None:
        raise InputError("disclosure.none", value=clean[:64])
    return found

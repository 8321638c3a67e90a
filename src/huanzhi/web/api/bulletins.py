"""Bulletins 周报、月报: made from live rows, listed, and downloaded as they were kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.bulletin.making import file_of, make
from huanzhi.center.bulletin.models import KINDS, Bulletin
from huanzhi.errors import InputError
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import Table
from huanzhi.library.rights import visible
from huanzhi.messages import using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, document, filters
from huanzhi.web.api.papers import fingerprinted

router = Router(tags=["bulletins"])

_PERIODS = {"week": {"zh": "周报", "en": "weekly"}, "month": {"zh": "月报", "en": "monthly"}}


def _column(name: str, kind: Kind, zh: str, en: str, **more: Any) -> Column:
    return Column(name, kind, titles={"zh": zh, "en": en}, editable=False, **more)


COLUMNS = (
    _column("code", Kind.TEXT, "编号", "code", sort=True, search=True),
    _column("title", Kind.TEXT, "标题", "title", search=True),
    _column(
        "period", Kind.CHOICE, "种类", "kind", choices=KINDS, choice_titles=_PERIODS, filter=True, sort=True
    ),
    Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
    REGION[1],
    _column("first", Kind.DATE, "起", "first day", filter=True, sort=True),
    _column("last", Kind.DATE, "止", "last day", sort=True),
    _column("edition", Kind.INTEGER, "版次", "edition"),
    _column("language", Kind.TEXT, "语言", "language"),
    _column("found", Kind.INTEGER, "发现", "found", path="figures__found"),
    _column("cured", Kind.INTEGER, "销号", "written off", path="figures__cured"),
    _column("late", Kind.INTEGER, "超期", "overdue", path="figures__late"),
    _column("made", Kind.MOMENT, "编制时间", "made", sort=True),
    _column("made_by", Kind.TEXT, "编制人", "made by"),
    _column("made_by_name", Kind.TEXT, "编制人姓名", "made by, name"),
    _column("size", Kind.INTEGER, "字节", "bytes"),
    _column("sm3", Kind.TEXT, "SM3", "SM3"),
    _column("sha256", Kind.TEXT, "SHA-256", "SHA-256"),
    Column("simulated", Kind.TRUTH, filter=True, editable=False),
    Column("revision", Kind.INTEGER, editable=False),
)
TABLE = Table(
    Bulletin.KIND, "bulletins", Bulletin, COLUMNS, ("region",), titles={"zh": "通报", "en": "bulletin"}
)
BulletinFilters = filters("BulletinFilters", COLUMNS)


class BulletinIn(Schema):
    """Which bulletin to make: of the week or month in which a day lies; the one that is over by default."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"period": "week", "region": "990001"}]})
    period: Literal["week", "month"] = "week"
    region: str = Field(max_length=12)
    day: date | None = None
    reason: str = Field("", max_length=500)


class BulletinOut(Schema):
    """A bulletin that is kept, with what stands in it as numbers."""

    model_config = ConfigDict(extra="allow")

    code: str
    title: str
    period: str
    first: str
    last: str
    sm3: str
    sha256: str
    revision: int


@router.get("bulletins", response=Page[dict[str, Any]], operation_id="list_bulletins")
def list_bulletins(
    request: HttpRequest, paging: Query[Paging], wanted: Query[BulletinFilters]
) -> HttpResponse:  # type: ignore[valid-type]
    """List bulletins, the newest first; also as CSV or XLSX."""
    paging.sort = paging.sort or "-first,-made"
    return answer(request, TABLE, _readable(request), paging, wanted)


@router.post("bulletins", response={201: BulletinOut}, operation_id="make_bulletin")
def make_bulletin(request: HttpRequest, given: BulletinIn) -> HttpResponse:
    """Make a bulletin from the rows as they stand now; one that was made before stays."""
    day = given.day or _over(given.period)
    with using(language_of(request)):
        row = make(actor(request), given.period, day, given.region, given.reason)
    return document(request, _shown(row), 201)


@router.get("bulletins/{code}", response=BulletinOut, operation_id="get_bulletin")
def get_bulletin(request: HttpRequest, code: str) -> HttpResponse:
    """Return what is kept of a bulletin, with its figures."""
    return document(request, _shown(_found(request, code)))


@router.get("bulletins/{code}/file", operation_id="bulletin_file")
def get_file(request: HttpRequest, code: str) -> HttpResponse:
    """Return the Word document, checked against its digest."""
    row = _found(request, code)
    return fingerprinted(file_of(row), "docx", f"{row.title}-{row.first:%Y%m%d}.docx", row.sm3)


def _over(period: str) -> date:
    """Return a day of the week or month that is over."""
    today = datetime.now(UTC).astimezone(CHINA).date()
    return today - timedelta(days=7) if period == "week" else today.replace(day=1) - timedelta(days=1)


def _readable(request: HttpRequest) -> Any:
    return visible(actor(request), Bulletin.KIND, Bulletin.objects.all())


def _found(request: HttpRequest, code: str) -> Bulletin:
    rows = _readable(request).select_related("region")
    found: Bulletin | None = rows.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("bulletin.missing", value=code.replace("\x00", ""))
    return found


def _shown(row: Bulletin) -> dict[str, Any]:
    return {**TABLE.row(row), "figures": row.figures, "last_step": row.last_step}

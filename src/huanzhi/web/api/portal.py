"""The public portal 信息公开: publications, corrections, open data, feeds, charts, search; for everybody.

Nothing here asks who is asking: all of it is read as somebody who is nobody. Answers may be kept
by anybody between who asks again by their ETag, and an address may ask so often a minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from html import escape
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.documents import Chart, Heading, Paragraph, Table, numbering
from huanzhi.library.documents.blocks import cell_text
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.publications.content import document_of
from huanzhi.library.publications.drawing import drawn
from huanzhi.library.publications.feed import MEDIA as FEED_MEDIA
from huanzhi.library.publications.feed import Entry, Feed, atom, rss
from huanzhi.library.publications.models import Publication
from huanzhi.library.publications.settings import settings
from huanzhi.library.rights import ANYONE, visible
from huanzhi.messages import text, using
from huanzhi.programmes.portal import catalogue
from huanzhi.standards.model import Confidence
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import address_of
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, json_of
from huanzhi.web.api.papers import download
from huanzhi.web.api.publication_shapes import publication_words, readable
from huanzhi.web.api.publications import paper_of
from huanzhi.web.throttling import Throttle

router = Router(tags=["open"], auth=None)
calls = Throttle()
View = Callable[..., HttpResponse]
FOUND = 30
"""Places that a search tells. Ours."""
EMBED_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; frame-ancestors *; base-uri 'none'"
)
"""What the page of one chart may do: show it, anywhere."""


class OpenList(Schema):
    """Which publications."""

    sort: str = Field("", max_length=24)
    period: str = Field("", max_length=30)
    region: str = Field("", max_length=12, description="code of a region; its whole subtree")
    q: str = Field("", max_length=100)
    limit: int = Field(50, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


class OpenPublicationOut(Schema):
    """A publication as everybody reads it."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"number": "GK-20261122-001", "version": 1}]}
    )

    number: str
    version: int


class CatalogueOut(Schema):
    """Data sets with their dictionary, licence and addresses."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"items": [], "licence": "…"}]})

    items: list[dict[str, Any]]
    licence: str


def everybody(view: View) -> View:
    """Count the calls of an address, speak its language, and let the answer be kept by its ETag."""

    @wraps(view)
    def opened(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        calls.count(address_of(request), settings()["open"]["calls_a_minute"], 60)
        with using(language_of(request)):
            response = view(request, *given, **named)
        return _kept(request, response)

    return opened


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    tag = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    known = [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
    if response.status_code == 200 and tag in known:
        response = HttpResponse(status=304)
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={settings()['open']['keep']}"
    response["Vary"] = "Accept-Language"
    return response


def _told(content: Any) -> HttpResponse:
    return HttpResponse(json_of(content), content_type="application/json; charset=utf-8")


@router.get("open/home", response=dict[str, Any], operation_id="open_home")
@everybody
def get_home(request: HttpRequest) -> HttpResponse:
    """Return what is new: the newest publication of every kind, corrections, data sets, licence."""
    rows = list(catalogue.public_rows())
    newest = {one.sort: one for one in reversed(rows)}
    spoken = language_of(request)
    kinds = [
        {
            "sort": sort,
            "title": publication_words("sort", sort, spoken),
            "newest": _row(newest[sort], spoken) if sort in newest else None,
            "number": sum(one.sort == sort for one in rows),
        }
        for sort in settings()["sort"]
    ]
    recent = [
        {name: value for name, value in row.items() if name != "changes"} for row in catalogue.log()[:5]
    ]
    told = {"kinds": kinds, "recent": [_row(one, spoken) for one in rows[:8]], "corrections": recent}
    licence = settings()["licence"][spoken]
    return _told({**told, "datasets": len(catalogue.datasets()), "licence": licence})


@router.get("open/publications", response=Page[dict[str, Any]], operation_id="open_publications")
@everybody
def list_open(request: HttpRequest, asked: Query[OpenList]) -> HttpResponse:
    """List what is public now, the newest first."""
    rows = catalogue.public_rows()
    for name in ("sort", "period"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted.replace("\x00", "")})
    if asked.region:
        rows = rows.filter(region__path__contains=f"{asked.region}/".replace("\x00", ""))
    if asked.q:
        rows = rows.filter(title__icontains=asked.q.replace("\x00", ""))
    total, spoken = rows.count(), language_of(request)
    items = [_row(one, spoken) for one in rows[asked.offset : asked.offset + asked.limit]]
    return _told({"items": items, "total": total, "next": None})


def _row(one: Publication, spoken: Any) -> dict[str, Any]:
    return {
        "number": one.number,
        "sort": one.sort,
        "sort_title": publication_words("sort", one.sort, spoken),
        "title": one.title if spoken == "zh" else one.title_en or one.title,
        "period": one.period,
        "region": one.region_id,
        "region_name": one.region.name if one.region else None,
        "version": one.version,
        "corrected": one.corrects_id is not None,
        "published": catalogue.stamp(one.published),
        "simulated": one.simulated,
    }


@router.get("open/publications/{number}", response=OpenPublicationOut, operation_id="open_publication")
@everybody
def get_open(request: HttpRequest, number: str) -> HttpResponse:
    """Return a publication with its versions and corrections; one that was taken back says only why."""
    held, spoken = _shown(number), language_of(request)
    versions = _versions(held)
    told: dict[str, Any] = {
        **_row(held, spoken),
        "state": held.state,
        "digest": held.digest,
        "reason": held.reason,
        "withdrawn": catalogue.stamp(held.withdrawn),
        "withdrawal": held.withdrawal,
        "licence": settings()["licence"][spoken],
        "versions": [_version(one) for one in versions],
    }
    if held.state != "withdrawn":
        told |= {"content": readable(held.content, spoken), "changes": held.changes}
    return _told(told)


def _version(one: Publication) -> dict[str, Any]:
    changes = [] if one.state == "withdrawn" else one.changes
    told = {name: getattr(one, name) for name in ("number", "version", "state", "reason", "withdrawal")}
    return {**told, "published": catalogue.stamp(one.published), "changes": changes}


def _versions(held: Publication) -> list[Publication]:
    rows = Publication.objects.filter(subject=held.subject, published__isnull=False)
    return list(visible(ANYONE, Publication.KIND, rows).order_by("-version"))


def _shown(number: str) -> Publication:
    """Return what is or was public of a number."""
    rows = Publication.objects.filter(number=number.replace("\x00", ""), published__isnull=False)
    found: Publication | None = visible(ANYONE, Publication.KIND, rows.select_related("region")).first()
    if found is None:
        raise InputError("publications.none", value=number.replace("\x00", ""))
    return found


def _readable(number: str) -> Publication:
    held = _shown(number)
    if held.state == "withdrawn":
        raise InputError("publications.none", value=held.number)
    return held


@router.get("open/publications/{number}/paper", operation_id="open_publication_paper")
@everybody
def get_paper(request: HttpRequest, number: str, format: Literal["docx", "xlsx"] = "docx") -> HttpResponse:
    """Return a publication as Word file or workbook."""
    return paper_of(_readable(number), format, request)


@router.get("open/corrections", response=dict[str, Any], operation_id="open_corrections")
@everybody
def get_corrections(request: HttpRequest) -> HttpResponse:
    """List every correction and withdrawal: what was, what is, why, when."""
    spoken = language_of(request)
    items = [
        {**row, "title": row["title"] if spoken == "zh" else row["title_en"] or row["title"]}
        for row in catalogue.log()
    ]
    return _told({"items": items, "total": len(items)})


@router.get("open/data", response=CatalogueOut, operation_id="open_data")
@everybody
def get_catalogue(request: HttpRequest) -> HttpResponse:
    """Return the catalogue of open data: data sets with dictionary, licence, versions and addresses."""
    today = _today()
    items = [catalogue.entry(one, today) for one in catalogue.datasets().values()]
    licence = settings()["licence"]
    confidence = Confidence(licence["confidence"]).text()
    told = {"licence": licence[language_of(request)], "licence_confidence": confidence}
    return _told({"items": items, "total": len(items), "archive": "/api/v1/open/archive", **told})


@router.get("open/data/{code}", operation_id="open_dataset")
@everybody
def get_dataset(
    request: HttpRequest, code: str, format: Literal["json", "csv", "geojson"] = "json", bom: bool = False
) -> HttpResponse:
    """Return a data set as JSON with its dictionary, as CSV, or as GeoJSON where it has places."""
    held = catalogue.dataset(code)
    rows = held.rows(_today())
    if format == "geojson" and not held.placed:
        raise InputError("publications.choice", column="format", value=format, expected="json, csv")
    if format == "json":
        return HttpResponse(
            catalogue.as_json(held, rows, _today()), content_type="application/json; charset=utf-8"
        )
    if format == "geojson":
        return HttpResponse(catalogue.as_geojson(rows), content_type="application/geo+json; charset=utf-8")
    return download(catalogue.as_csv(held, rows, bom=bom), "csv", f"{held.code}.csv")


@router.get("open/archive", operation_id="open_archive")
@everybody
def get_archive(request: HttpRequest) -> HttpResponse:
    """Return all data sets in one archive with manifest, dictionary, licence and SHA-256 sums."""
    return download(catalogue.archive(datetime.now(UTC)), "zip", "open-data.zip")


@router.get("open/feed/{form}", operation_id="open_feed")
@everybody
def get_feed(request: HttpRequest, form: Literal["atom", "rss"]) -> HttpResponse:
    """Return publications, corrections and withdrawals as a feed, the newest first."""
    made = _feed(request, form)
    return HttpResponse(atom(made) if form == "atom" else rss(made), content_type=FEED_MEDIA[form])


def _feed(request: HttpRequest, form: str) -> Feed:
    host, spoken = f"{request.scheme}://{request.get_host()}", language_of(request)
    every = Publication.objects.filter(published__isnull=False).select_related("region", "corrects")
    rows = visible(ANYONE, Publication.KIND, every).order_by("-published", "-pk")
    entries = [_entry(one, host, spoken) for one in rows[: settings()["open"]["feed_items"]]]
    entries += [_taken_back(one, host, spoken) for one in rows if one.withdrawn]
    newest = sorted(entries, key=lambda one: one.at, reverse=True)[: settings()["open"]["feed_items"]]
    updated = newest[0].at if newest else datetime(2020, 1, 1, tzinfo=UTC)
    title = text("publications.feed_title", name=_name())
    own = f"{host}/api/v1/open/feed/{form}"
    return Feed(title, f"{host}/open", own, "zh-CN" if spoken == "zh" else "en", updated, newest)


def _name() -> str:
    bureau = Organisation.objects.filter(kind="bureau").order_by("pk").first()
    return bureau.name if bureau else ""


def _entry(one: Publication, host: str, spoken: Any) -> Entry:
    corrected = one.version > 1 and bool(one.corrects_id)
    words = text("publications.feed_correction", reason=one.reason) if corrected else one.title
    title = one.title if spoken == "zh" else one.title_en or one.title
    at = one.published or one.drafted
    told = text("publications.feed_corrected", title=title) if corrected else title
    address = f"{host}/open/publications/{one.number}"
    return Entry(f"{address}#{one.version}", told, address, at.astimezone(CHINA), words, one.sort)


def _taken_back(one: Publication, host: str, spoken: Any) -> Entry:
    title = one.title if spoken == "zh" else one.title_en or one.title
    address = f"{host}/open/publications/{one.number}"
    at = (one.withdrawn or one.drafted).astimezone(CHINA)
    told = text("publications.feed_withdrawn", title=title)
    return Entry(f"{address}#withdrawn", told, address, at, one.withdrawal, one.sort)


@router.get("open/charts/{number}/{key}.svg", operation_id="open_chart")
@everybody
def get_chart(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Return a chart of a publication as SVG, for any page."""
    held, chart = _chart(request, number, key)
    response = HttpResponse(drawn(chart, _source(held)), content_type="image/svg+xml; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@router.get("open/embed/{number}/{key}", operation_id="open_embed")
@everybody
def get_embed(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Return a page without script that holds one chart, to be framed by any other page."""
    held, chart = _chart(request, number, key)
    address = escape(f"/open/publications/{held.number}")
    link = f'<a href="{address}" target="_blank" rel="noopener">{escape(held.title)}</a>'
    body = (
        f'<!doctype html><html lang="{language_of(request)}"><head><meta charset="utf-8">'
        f"<title>{escape(chart.caption)}</title></head><body>{drawn(chart, _source(held))}"
        f"<p>{link}</p></body></html>"
    )
    response = HttpResponse(body, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = EMBED_POLICY
    return response


def _chart(request: HttpRequest, number: str, key: str) -> tuple[Publication, Chart]:
    held, spoken = _readable(number), language_of(request)
    made = document_of(held.content, spoken if held.content.get(spoken) else "zh")
    for block in made.blocks:
        if isinstance(block, Chart) and block.key == key:
            return held, block
    raise InputError("publications.no_chart", value=key.replace("\x00", ""))


def _source(held: Publication) -> str:
    day = held.published.astimezone(CHINA).date().isoformat() if held.published else ""
    mark = text("rankings.mark_simulated") if held.simulated else ""
    return " · ".join(filter(None, (_name(), held.number, f"v{held.version}", day, mark)))


@router.get("open/places", response=dict[str, Any], operation_id="open_places")
@everybody
def find_places(request: HttpRequest, q: str = Query("", max_length=60)) -> HttpResponse:
    """Find regions and public places by name or code; which is nearest, the browser finds for itself."""
    words, today = q.replace("\x00", "").strip(), _today()
    places = [row for row in catalogue.dataset("places").rows(today) if _fits(words, row)]
    regions: list[dict[str, Any]] = []
    if words:
        rows = Region.objects.filter(name__icontains=words, path__startswith=_top()).order_by("path")[:FOUND]
        regions = [{"code": one.code, "name": one.name, "level": one.level} for one in rows]
        places = places[:FOUND]
    return _told({"regions": regions, "places": places, "total": len(regions) + len(places)})


def _fits(words: str, row: dict[str, Any]) -> bool:
    return not words or any(words in str(row[name]) for name in ("code", "name", "region_name", "region"))


def _top() -> str:
    bureau = Organisation.objects.filter(kind="bureau").select_related("region").order_by("pk").first()
    return bureau.region.path if bureau and bureau.region else ""


@router.get("open/text", operation_id="open_text")
@everybody
def get_text(request: HttpRequest) -> HttpResponse:
    """Return what is public as one plain page, for readers without script."""
    rows, spoken = catalogue.public_rows()[:30], language_of(request)
    listed = "".join(
        f'<li><a href="/api/v1/open/text/{escape(one.number)}">{escape(_row(one, spoken)["title"])}</a> '
        f"{escape(str(catalogue.stamp(one.published))[:10])}</li>"
        for one in rows
    )
    body = f"<h1>{escape(text('publications.feed_title', name=_name()))}</h1><ul>{listed}</ul>"
    return _page(text("publications.feed_title", name=_name()), body, spoken)


@router.get("open/text/{number}", operation_id="open_text_publication")
@everybody
def get_text_of(request: HttpRequest, number: str) -> HttpResponse:
    """Return a publication as a plain page."""
    held, spoken = _readable(number), language_of(request)
    made = document_of(held.content, spoken if held.content.get(spoken) else "zh")
    known = numbering.labels(made.blocks, made.language)
    body = "".join(_html(block, known) for block in made.blocks)
    mark = f"<p>{escape(made.mark)}</p>" if made.mark else ""
    return _page(made.title, f"<h1>{escape(made.title)}</h1>{mark}{body}", spoken)


def _html(block: Any, known: dict[str, str]) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level + 1}>{escape(block.text)}</h{block.level + 1}>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(numbering.refer(block.text, known))}</p>"
    if not isinstance(block, Table):
        return ""
    heads = "".join(f'<th scope="col">{escape(one.heading)} {escape(one.unit)}</th>' for one in block.columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell_text(cell))}</td>' for cell in row)}</tr>" for row in block.rows
    )
    note = f"<p>{escape(block.note)}</p>" if block.note else ""
    caption = escape(f"{known[block.key]} {block.caption}")
    inner = f"<caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    return f"<table>{inner}</table>{note}"


def _page(title: str, body: str, spoken: str) -> HttpResponse:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{_titled(title)}'
    page = f'<!doctype html><html lang="{spoken}"><head>{head}</head><body>{body}</body></html>'
    return HttpResponse(page, content_type="text/html; charset=utf-8")


def _titled(title: str) -> str:
    return f"<title>{escape(title)}</title>"


def _today() -> date:
    return datetime.now(CHINA).date()

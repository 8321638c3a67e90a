"""Imports 导入: hand a file in, see what it would bring, accept or drop it; history back to the bytes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError, StoreError
from huanzhi.library.rights import Thing, require
from huanzhi.library.series import Batch, Store
from huanzhi.library.trail.chain import append
from huanzhi.library.work.jobs import ask_for
from huanzhi.messages import using
from huanzhi.network.feeds.registry import IMPORTERS
from huanzhi.network.feeds.template_book import write_template
from huanzhi.programmes.imports import State, Upload, Uploads, accepting, preview, rejects_file
from huanzhi.programmes.imports.previews import line_of, reading_of
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Paging, document
from huanzhi.web.api.papers import download
from huanzhi.web.api.reading import read
from huanzhi.web.application import parts_of

router = Router(tags=["imports"])
LONGEST = 600.0
"""Seconds that the writing of one file may take. DEFAULT, NOT FROM THE DOCUMENTS."""


class HowToRead(Schema):
    """How a file is read."""

    format: str = Field("", max_length=40, description="an importer of /imports/formats; recognised if empty")
    year: int | None = Field(None, ge=1970, le=2200, description="year of labels without one")
    simulated: bool = Field(False, description="all values are simulated, whatever the file says")


class UploadOut(Schema):
    """A file that was handed in, and what became of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "20260301-080000-0a1b2c3d", "name": "hours.csv", "rows": 240}]}
    )
    id: str
    name: str
    size: int
    sha256: str
    at: str
    by: str
    format: str
    year: int | None
    simulated: bool
    state: str
    decided_at: str
    decided_by: str
    receipt: dict[str, Any]
    preview: dict[str, Any] | None = None


class JobStarted(Schema):
    """Work that was begun in the background."""

    job: int


class UploadsOut(Schema):
    """Files that wait for a decision."""

    items: list[UploadOut]
    total: int


class BatchOut(Schema):
    """A write into the store: where it came from, and what became of its rows."""

    batch: str
    revision: int
    at: str
    file: str
    format: str
    format_title: str
    sha256: str
    simulated: bool
    received: int
    new: int
    revised: int
    unchanged: int
    withdrawn: int
    repeated: int


class BatchesOut(Schema):
    """The history, newest first."""

    items: list[BatchOut]
    total: int
    next: str | None = None


class LineOut(Schema):
    """One line of a kept file."""

    row: int
    columns: list[str]
    cells: list[str]


class FormatsOut(Schema):
    """The layouts that are read."""

    items: list[dict[str, str]]


@router.get("imports/formats", response=FormatsOut)
def list_formats(request: HttpRequest) -> HttpResponse:
    """List the layouts that are read, with their conventions of time and unit."""
    _right(request, "read")
    with using(language_of(request)):
        items = [
            {"name": one.name, "title": one.title(), "convention": one.convention()}
            for one in IMPORTERS.values()
        ]
    return document(request, {"items": items})


@router.get("imports/template")
def get_template(request: HttpRequest) -> HttpResponse:
    """Return the workbook that can be filled in and handed in."""
    _right(request, "read")
    with using(language_of(request)), TemporaryDirectory() as folder:
        target = Path(folder) / "template.xlsx"
        write_template(target)
        return download(target.read_bytes(), "xlsx", "huanzhi-template.xlsx")


@router.post("imports", response={201: UploadOut})
def hand_in(request: HttpRequest, how: Form[HowToRead], file: File[UploadedFile]) -> HttpResponse:
    """Hand a file in and see what it would bring; nothing is written into the store yet."""
    who = _right(request, "import")
    uploads = Uploads()
    upload = uploads.keep(
        file.read(),
        file.name or "",
        by=who.code,
        now=datetime.now(CHINA),
        format_name=how.format,
        year=how.year,
        simulated=how.simulated,
    )
    try:
        return document(request, _seen(request, upload), 201)
    except InputError:
        uploads.forget(upload)
        raise


@router.get("imports", response=UploadsOut)
def list_uploads(request: HttpRequest, state: str = "waiting") -> HttpResponse:
    """List the files that wait, or those that were accepted or dropped."""
    _right(request, "read")
    items = [asdict(one) for one in Uploads().all() if one.state == state]
    return document(request, {"items": items, "total": len(items)})


@router.get("imports/batches", response=BatchesOut)
def list_batches(request: HttpRequest, paging: Query[Paging], every: bool = False) -> HttpResponse:
    """List what was written into the store, newest first: files, or with `every` all that came."""

    def work(store: Store) -> dict[str, Any]:
        found = [one for one in reversed(store.batches()) if every or one.source.format in IMPORTERS]
        if paging.q:
            found = [one for one in found if paging.q.lower() in one.source.name.lower()]
        limit = paging.limit or 50
        page = found[paging.offset : paging.offset + limit]
        return {"items": [_batch(one) for one in page], "total": len(found), "next": None}

    return document(request, read(request, "import", work))


@router.get("imports/batches/{batch}", response=BatchOut)
def get_batch(request: HttpRequest, batch: str) -> HttpResponse:
    """Return one write into the store."""
    return document(request, read(request, "import", lambda store: _batch(store.batch(batch))))


@router.get("imports/batches/{batch}/raw")
def get_raw(request: HttpRequest, batch: str) -> HttpResponse:
    """Return the bytes of a batch as they came."""

    def work(store: Store) -> tuple[str, bytes]:
        source = store.batch(batch).source
        return source.name, store.raw(source.sha256)

    name, raw = read(request, "import", work)
    return download(raw, "", name)


@router.get("imports/batches/{batch}/line", response=LineOut)
def get_line(request: HttpRequest, batch: str, row: int) -> HttpResponse:
    """Return one line of the file of a batch as it came."""

    def work(store: Store) -> dict[str, Any]:
        source = store.batch(batch).source
        return line_of(store.raw(source.sha256), source.name, row)

    return document(request, read(request, "import", work))


@router.get("imports/{upload}", response=UploadOut)
def get_upload(request: HttpRequest, upload: str) -> HttpResponse:
    """Return a file that was handed in; while it waits, with what it would bring."""
    _right(request, "read")
    found = Uploads().find(upload)
    waits = found.state is State.WAITING
    return document(request, _seen(request, found) if waits else asdict(found))


@router.get("imports/{upload}/rejects")
def get_rejects(request: HttpRequest, upload: str) -> HttpResponse:
    """Return all refused rows of a file as CSV, to be mended and handed in again."""
    _right(request, "read")
    uploads = Uploads()
    found = uploads.find(upload)
    if found.state is State.WAITING:
        with using(language_of(request)):
            content = rejects_file(reading_of(found, uploads.bytes_of(found)))
    else:
        content = uploads.rejects_of(found)
    return download(content, "csv", f"{found.name}.refused.csv")


@router.post("imports/{upload}/accept", response={200: UploadOut, 202: JobStarted})
def accept_upload(request: HttpRequest, upload: str, background: bool = False) -> HttpResponse:
    """Take a waiting file into the store: all rows that were not refused, in one batch, or none.

    With `background` the answer is 202 and the number of a job, see /jobs.
    """
    who = _right(request, "import")
    uploads = Uploads()
    found = uploads.waiting(upload)
    if background:
        job = ask_for(accepting.KIND, {"upload": found.id, "by": who.code}, who=who.code)
        return document(request, {"job": job.pk}, 202)
    return document(request, asdict(accepting.accept(uploads, found, who, _writing(request))))


@router.delete("imports/{upload}", response=UploadOut)
def drop(request: HttpRequest, upload: str) -> HttpResponse:
    """Drop a waiting file; nothing of it is kept but its name and digest."""
    who = _right(request, "import")
    uploads = Uploads()
    found = uploads.waiting(upload)
    decided = uploads.decide(found, State.DROPPED, by=who.code, now=datetime.now(CHINA))
    append(who, "drop", "upload", found.id, after={"file": found.name, "sha256": found.sha256})
    return document(request, asdict(decided))


def _right(request: HttpRequest, action: str) -> Any:
    who = actor(request)
    require(who, action, Thing("import"))
    return who


def _writing(request: HttpRequest) -> accepting.Write:
    """Return what writes: the desk of this process, or a store of its own where there is no desk."""
    receiver = parts_of(request).receiver
    if receiver is None:
        return accepting.at_own_store
    return lambda work: receiver.desk.call(work).result(LONGEST)


def _seen(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    """Return an upload with its preview."""
    data = Uploads().bytes_of(upload)
    with using(language_of(request)):
        try:
            seen = read(request, "import", lambda store: preview(upload, data, store))
        except StoreError as error:
            if error.key != "series.none_here":
                raise
            seen = preview(upload, data, None)
    return {**asdict(upload), "preview": seen}


def _batch(batch: Batch) -> dict[str, Any]:
    importer = IMPORTERS.get(batch.source.format)
    return {
        **asdict(batch.receipt),
        "at": batch.at.astimezone(CHINA).isoformat(timespec="seconds"),
        "file": batch.source.name,
        "format": batch.source.format,
        "format_title": importer.title() if importer else batch.source.format,
        "sha256": batch.source.sha256,
        "simulated": batch.source.simulated,
    }

"""Batches of feedback and the lines of their ledgers: read from a file, confirmed one by one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile

from huanzhi.center.rectification import intake
from huanzhi.center.rectification.listing import batch_table, item_table
from huanzhi.center.rectification.models import Batch, Item
from huanzhi.center.rectification.opening import organisation_of
from huanzhi.errors import InputError
from huanzhi.library.people.managing import region_of
from huanzhi.library.records.changing import save
from huanzhi.library.rights import may, thing_of, visible
from huanzhi.web.api.actors import actor
from huanzhi.web.api.issue_shapes import Why
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.rectification_given import (
    RectificationBatchIn,
    RectificationItemIn,
    RectificationWordsIn,
)
from huanzhi.web.api.rectification_shapes import batch_row

router = Router(tags=["rectification"])
BATCHES, ITEMS = batch_table(), item_table()
BatchFilters = filters("RectificationBatchFilters", BATCHES.columns)
ItemFilters = filters("RectificationItemFilters", ITEMS.columns)


@router.get("rectification-batches", response=Page[dict[str, Any]], operation_id="list_rectification_batches")
def list_batches(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[BatchFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the batches of feedback."""
    return answer(request, BATCHES, _batches(request), paging, wanted)


@router.post(
    "rectification-batches", response={201: dict[str, Any]}, operation_id="create_rectification_batch"
)
def create_batch(request: HttpRequest, given: RectificationBatchIn) -> HttpResponse:
    """Make a batch of feedback; what its source does not say stays empty."""
    told = given.model_dump(exclude={"region"})
    if Batch.objects.filter(code=given.code).exists():
        raise InputError("tables.exists", value=given.code)
    region = region_of(given.region)
    made = Batch(**told, region=region, simulated=region.simulated)
    save(actor(request), made)
    return document(request, batch_row(made), 201)


@router.get("rectification-batches/{code}", response=dict[str, Any], operation_id="get_rectification_batch")
def get_batch(request: HttpRequest, code: str) -> HttpResponse:
    """Return a batch with what was read in its document, and what the text has lost."""
    batch = _batch(request, code)
    allowed = may(actor(request), "change", thing_of(batch)).allowed
    return document(request, {**batch_row(batch), "may_work": allowed})


@router.post(
    "rectification-batches/{code}/read", response=dict[str, Any], operation_id="read_rectification_document"
)
def read_document(request: HttpRequest, code: str, file: File[UploadedFile]) -> HttpResponse:
    """Read a plan: its tasks become lines to confirm, with the words, their place and what is missing."""
    batch = _batch(request, code)
    begun_from(request, batch)
    intake.read_document(actor(request), batch, file.read(), file.name or "")
    return document(request, batch_row(batch))


@router.get("rectification-items", response=Page[dict[str, Any]], operation_id="list_rectification_items")
def list_items(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ItemFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the lines of ledgers; sheets are given in under ``/tables/rectification_item``."""
    paging.sort = paging.sort or "code"
    return answer(request, ITEMS, _items(request), paging, wanted)


@router.patch(
    "rectification-items/{code}", response=dict[str, Any], operation_id="correct_rectification_item"
)
def correct(request: HttpRequest, code: str, given: RectificationItemIn) -> HttpResponse:
    """Fill in what a person knows of a line; a term that the source does not name needs its basis."""
    item = _item(request, code)
    told = given.model_dump(exclude_none=True, exclude={"reason", "organisation", "supervisor"})
    for name in ("organisation", "supervisor"):
        if getattr(given, name) is not None:
            told[name] = organisation_of(getattr(given, name))
    return _document(request, intake.correct(actor(request), item, told, given.reason))


@router.post(
    "rectification-items/{code}/confirm", response=dict[str, Any], operation_id="confirm_rectification_item"
)
def confirm(request: HttpRequest, code: str, given: Why) -> HttpResponse:
    """Make a task of a line, and its issue with it."""
    item = _item(request, code)
    intake.confirm(actor(request), item, given.reason)
    return _document(request, item)


@router.post(
    "rectification-items/{code}/drop", response=dict[str, Any], operation_id="drop_rectification_item"
)
def drop(request: HttpRequest, code: str, given: RectificationWordsIn) -> HttpResponse:
    """Say that a line is not to become a task."""
    return _document(request, intake.drop(actor(request), _item(request, code), given.words))


def _batches(request: HttpRequest) -> Any:
    return visible(actor(request), Batch.KIND, Batch.objects.select_related("region"))


def _items(request: HttpRequest) -> Any:
    rows = Item.objects.select_related("batch", "batch__region", "region", "organisation", "supervisor")
    return visible(actor(request), Item.KIND, rows)


def _batch(request: HttpRequest, code: str) -> Batch:
    found: Batch | None = _batches(request).filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("rectification.no_batch", value=code.replace("\x00", ""))
    return found


def _item(request: HttpRequest, code: str) -> Item:
    found: Item | None = _items(request).filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("rectification.no_item", value=code.replace("\x00", ""))
    begun_from(request, found)
    return found


def _document(request: HttpRequest, item: Item) -> HttpResponse:
    return document(request, ITEMS.row(item))

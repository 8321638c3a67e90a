"""Keys of programs 接口密钥: made, listed, ended; shown once."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.people import keys
from huanzhi.library.people.managing import organisation_of, region_of
from huanzhi.library.people.models import ApiKey
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import Table
from huanzhi.library.rights import Actor, visible
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, document

router = Router(tags=["keys"])

COLUMNS = (
    Column("code", sort=True, search=True),
    Column("name", sort=True, search=True),
    Column("scopes"),
    Column("places"),
    Column("region", path="region__code"),
    Column("organisation", path="organisation__code"),
    Column("made", Kind.MOMENT, sort=True),
    Column("expires", Kind.MOMENT, sort=True),
    Column("ended", Kind.MOMENT, sort=True),
    Column("last_used", Kind.MOMENT, sort=True),
    Column("simulated", Kind.TRUTH),
    Column("revision", Kind.INTEGER),
)
TABLE = Table("key", "keys", ApiKey, COLUMNS, ("region", "organisation"))


class KeyOut(Schema):
    """A key without its secret."""

    code: str
    name: str
    scopes: str
    places: str
    region: str | None
    organisation: str | None
    made: str
    expires: str | None
    ended: str | None
    last_used: str | None
    simulated: bool
    revision: int


class KeyIn(Schema):
    """A new key; `scopes` are those of ``GET /roles``, `places` begins the codes of what it may write."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "air platform", "scopes": ["observations:write"]}]},
    )

    name: str = Field(min_length=1, max_length=100)
    scopes: list[str] = Field(min_length=1, max_length=40)
    places: str = Field("", max_length=100)
    region: str = Field("", max_length=12)
    organisation: str = Field("", max_length=40)
    expires: AwareDatetime | None = None
    simulated: bool = False


class KeyMade(Schema):
    """The key, and the words to present with each request, told this once."""

    key: KeyOut
    presented: str = Field(examples=["hz_0123456789ab_…"])


@router.get("keys", response=Page[KeyOut], operation_id="list_keys")
def list_keys(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the keys."""
    rows = visible(actor(request), "key", ApiKey.objects.select_related("region", "organisation"))
    return answer(request, TABLE, rows, paging)


@router.post("keys", response={201: KeyMade}, operation_id="make_key")
def make_key(request: HttpRequest, given: KeyIn) -> HttpResponse:
    """Make a key."""
    key, presented = keys.make_key(
        actor(request),
        given.name,
        given.scopes,
        now=datetime.now(UTC),
        places=given.places,
        region=region_of(given.region) if given.region else None,
        organisation=organisation_of(given.organisation) if given.organisation else None,
        expires=given.expires,
        simulated=given.simulated,
    )
    return document(request, {"key": TABLE.row(key), "presented": presented}, 201)


@router.delete("keys/{code}", response=KeyOut, operation_id="end_key")
def end_key(request: HttpRequest, code: str) -> HttpResponse:
    """End a key; it stays in the list."""
    who = actor(request)
    return document(request, TABLE.row(keys.end_key(who, _found(who, code), datetime.now(UTC))))


def _found(who: Actor, code: str) -> ApiKey:
    clean = code.replace("\x00", "")
    found = visible(who, "key", ApiKey.objects.filter(code=clean)).first()
    if found is None:
        raise InputError("keys.none", value=code)
    return found

"""People 用户 and grants 授权: who may sign in, and which roles they hold where and for how long."""

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.people import managing, passwords
from huanzhi.library.people.effects import propose_admin
from huanzhi.library.people.models import Grant, Person
from huanzhi.library.records.changing import save
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import Row, Table
from huanzhi.library.rights import Actor, mask, visible
from huanzhi.library.rights.matrix import roles
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters

router = Router(tags=["people"])

COLUMNS = (
    Column("code", sort=True, search=True, filter=True),
    Column("name", sort=True, search=True),
    Column("organisation", path="organisation__code", filter=True),
    Column("organisation_name", path="organisation__name", search=True),
    Column("phone"),
    Column("active", Kind.TRUTH, path="is_active", filter=True, sort=True),
    Column("must_change", Kind.TRUTH),
    Column("last_login", Kind.MOMENT, sort=True),
    Column("roles"),
    Column("grants", Kind.JSON),
    Column("simulated", Kind.TRUTH, filter=True),
    Column("revision", Kind.INTEGER),
)
TABLE = Table("person", "people", Person, COLUMNS, ("organisation__region",))
Filters = filters("PersonFilters", COLUMNS, role=(str | None, None))


class GrantOut(Schema):
    """A role that a person holds in a region, from `valid_from` to before `valid_to`."""

    id: int
    person: str
    role: str
    zh: str
    en: str
    region: str
    region_name: str
    organisation: str
    valid_from: date | None
    valid_to: date | None
    holds: bool
    simulated: bool
    revision: int


class PersonOut(Schema):
    """A person who may sign in."""

    code: str
    name: str | None
    organisation: str | None
    organisation_name: str | None
    phone: str | None
    active: bool | None
    must_change: bool | None
    last_login: str | None
    roles: str
    grants: list[GrantOut]
    simulated: bool
    revision: int


class PersonIn(Schema):
    """A new person; without a password one is made up and told once."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"code": "zhangsan", "name": "张三"}]}
    )

    code: str = Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9._@-]+$")
    name: str = Field(min_length=1, max_length=100)
    organisation: str = Field("", max_length=40)
    phone: str = Field("", max_length=40)
    password: str = Field("", max_length=1000)


class PersonChange(Schema):
    """What changes of a person."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, min_length=1, max_length=100)
    organisation: str | None = Field(None, max_length=40)
    phone: str | None = Field(None, max_length=40)
    active: bool | None = None
    reason: str = Field("", max_length=2000)


class Made(Schema):
    """A person and the password, told this once."""

    person: PersonOut
    password: str


class GrantIn(Schema):
    """A role to be granted; that of system administrator becomes a proposal for a second person."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "duty", "region": "330200"}]}
    )

    role: str = Field(max_length=40)
    region: str = Field(max_length=12)
    organisation: str = Field("", max_length=40)
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str = Field("", max_length=2000)


class GrantMade(Schema):
    """What became of it: the grant, or the proposal that waits for a second person."""

    grant: GrantOut | None = None
    proposal: int | None = None


class Ending(Schema):
    """From which day a grant holds no more, today by default, and why."""

    model_config = ConfigDict(extra="forbid")

    day: date | None = None
    reason: str = Field("", max_length=2000)


@router.get("people", response=Page[PersonOut], operation_id="list_people")
def list_people(request: HttpRequest, paging: Query[Paging], wanted: Query[Filters]) -> HttpResponse:  # type: ignore[valid-type]
    """List the people."""
    rows = _people(actor(request))
    given = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    if role := given.pop("role", None):
        rows = rows.filter(grants__role=role).distinct()
    return answer(request, TABLE, rows, paging, given, _row_for(actor(request)))


@router.post("people", response={201: Made}, operation_id="add_person")
def add_person(request: HttpRequest, given: PersonIn) -> HttpResponse:
    """Add a person; the password has to be changed at the first sign-in."""
    who = actor(request)
    person, password = managing.add_person(who, **given.model_dump())
    return document(request, {"person": _shown(who, person), "password": password}, 201)


@router.get("people/{code}", response=PersonOut, operation_id="get_person")
def get_person(request: HttpRequest, code: str) -> HttpResponse:
    """Return a person."""
    return document(request, _shown(actor(request), _found(actor(request), code)))


@router.patch("people/{code}", response=PersonOut, operation_id="change_person")
def change_person(request: HttpRequest, code: str, given: PersonChange) -> HttpResponse:
    """Change a person; ``active: false`` disables and ends every session."""
    who = actor(request)
    person = _found(who, code)
    begun_from(request, person)
    told = given.model_dump(exclude_none=True, exclude={"active", "reason"})
    if "organisation" in told:
        code = told.pop("organisation")
        person.organisation = managing.organisation_of(code) if code else None
    for name, value in told.items():
        setattr(person, name, value)
    if told or given.organisation is not None:
        passwords.require_over(who, person)
        save(who, person, given.reason)
    if given.active is not None and given.active != person.is_active:
        managing.set_active(who, person, given.active, given.reason)
    return document(request, _shown(who, person))


@router.post("people/{code}/password", response=Made, operation_id="reset_password")
def reset_password(request: HttpRequest, code: str) -> HttpResponse:
    """Give a person a new password, told this once; every session of the person ends."""
    who = actor(request)
    person = _found(who, code)
    password = passwords.reset(who, person)
    return document(request, {"person": _shown(who, person), "password": password})


@router.delete("people/{code}/sessions", response=PersonOut, operation_id="end_sessions")
def end_sessions(request: HttpRequest, code: str) -> HttpResponse:
    """Sign a person out everywhere."""
    who = actor(request)
    person = _found(who, code)
    passwords.sign_out_everywhere(who, person)
    return document(request, _shown(who, person))


@router.post("people/{code}/grants", response={201: GrantMade, 202: GrantMade}, operation_id="grant_role")
def grant_role(request: HttpRequest, code: str, given: GrantIn) -> HttpResponse:
    """Grant a role; 202 where a second person has to agree."""
    who = actor(request)
    person = _found(who, code)
    told = given.model_dump()
    if given.role == managing.ADMIN:
        del told["role"]
        proposal = propose_admin(who, person, told.pop("region"), now=datetime.now(UTC), **told)
        return document(request, {"grant": None, "proposal": proposal.pk}, 202)
    made = managing.grant(who, person, told.pop("role"), told.pop("region"), **told)
    return document(request, {"grant": _grant(made), "proposal": None}, 201)


@router.post("grants/{number}/end", response=GrantOut, operation_id="end_grant")
def end_grant(request: HttpRequest, number: int, given: Ending) -> HttpResponse:
    """End a grant; it stays in the history of the person."""
    made = managing.end_grant(actor(request), number, given.day or _today(), given.reason)
    return document(request, _grant(made))


def _people(who: Actor) -> Any:
    rows = visible(who, "person", Person.objects.all())
    return rows.select_related("organisation__region").prefetch_related(
        "grants__region", "grants__organisation"
    )


def _found(who: Actor, code: str) -> Person:
    person: Person | None = _people(who).filter(code=code).first() if "\x00" not in code else None
    if person is None:
        raise InputError("people.no_person", value=code)
    return person


def _shown(who: Actor, person: Person) -> Row:
    fresh = Person.objects.select_related("organisation__region").get(pk=person.pk)
    return mask(who, fresh, _row_for(who)(fresh))


def _row_for(who: Actor) -> Any:
    seen = set(visible(who, "grant", Grant.objects.all()).values_list("pk", flat=True))

    def row(record: Any) -> Row:
        grants = sorted(record.grants.all(), key=lambda one: one.pk)
        held = [_grant(one) for one in grants if one.pk in seen]
        told = {"roles": " ".join(one["role"] for one in held if one["holds"]), "grants": held}
        plain = Table("person", "people", Person, tuple(c for c in COLUMNS if c.name not in told)).row(record)
        return {**plain, **told}

    return row


def _grant(grant: Grant) -> Row:
    known = roles().get(grant.role)
    return {
        "id": grant.pk,
        "person": grant.person.code,
        "role": grant.role,
        "zh": known.zh if known else grant.role,
        "en": known.en if known else grant.role,
        "region": grant.region_id,
        "region_name": grant.region.name,
        "organisation": grant.organisation.code if grant.organisation else "",
        "valid_from": grant.valid_from.isoformat() if grant.valid_from else None,
        "valid_to": grant.valid_to.isoformat() if grant.valid_to else None,
        "holds": grant.holds(_today()),
        "simulated": grant.simulated,
        "revision": grant.revision,
    }


def _today() -> date:
    return datetime.now(UTC).astimezone(CHINA).date()

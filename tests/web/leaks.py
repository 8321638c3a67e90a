"""Leaks: markers planted in every table of placed records, and every GET of the API walked as every role.

A marker is a word that stands nowhere else. Every record gets one in its code and one in its name, every
sensitive field one more. Whoever may not read the record or the field must meet the marker in no answer, in
no form: not as JSON, CSV, GeoJSON or XLSX, not in errors, histories, searches or counts. Operations are found
in the OpenAPI document, so that a new one is covered without being named here.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.apps import apps
from django.test import AsyncClient
from tests.web import leaks_centre, leaks_ecocode

from huanzhi.center.enforcement.models import Case, Paper, Referral
from huanzhi.ecocode.files.models import QuarterVerdict
from huanzhi.ecocode.permits.models import (
    Duty,
    KeyEntry,
    KeyList,
    KeyObjection,
    Report,
    Requirement,
    Sample,
)
from huanzhi.ecocode.quotas.models import QuotaDeal, QuotaPledge
from huanzhi.ecocode.statements.models import Statement
from huanzhi.ecocode.tax.models import TaxDeclaration
from huanzhi.library.accounts.models import Account, Posting, Transaction
from huanzhi.library.enterprises.models import Permit
from huanzhi.library.people.models import Grant, Organisation, Person
from huanzhi.library.places.models import Located, Region
from huanzhi.library.records.changing import save
from huanzhi.library.registers.shipped import load_registers
from huanzhi.library.rights import SYSTEM, Actor, Thing, may, thing_of
from huanzhi.web import application

CITY, A, B = "990001", "990011", "990012"
OWN, OTHER = "ORG-ONE", "ORG-TWO"
LEVELS = ("public", "internal", "restricted", "own")
STREAMS = ("/api/v1/events",)
"""Operations whose answer has no end; who hears what of them is tested with the events."""
TRAIL = "/api/v1/audit/"
"""The trail names the code of every record that something was done to, to those few who read it at all."""
FORMS = ("csv", "geojson", "xlsx")


@dataclass(frozen=True)
class Mark:
    """A marker; `key` is the code by which its record is asked for, `field` empty for the record itself."""

    word: str
    thing: Thing
    key: str
    field: str = ""


class Asker(AsyncClient):
    """Asks the service as it runs, with its parts in the scope of the request."""

    parts: Any = None

    def _base_scope(self, **request: Any) -> Any:
        return super()._base_scope(**request) | {"state": {application.STATE: self.parts}}


def regions() -> dict[str, Region]:
    """Make a city of two districts."""
    made = {}
    for code, parent in ((CITY, None), (A, CITY), (B, CITY)):
        region = Region.objects.filter(pk=code).first()
        if region is None:
            region = Region(code=code, name=code, level="county", simulated=True)
            region.parent = made.get(parent)
            save(SYSTEM, region)
        made[code] = region
    return made


def organisations(places: dict[str, Region]) -> dict[str, Organisation]:
    """Make two enterprises in the first district."""
    for code in (OWN, OTHER):
        if not Organisation.objects.filter(code=code).exists():
            save(SYSTEM, Organisation(code=code, name=code, kind="enterprise", region=places[A]))
    return {one.code: one for one in Organisation.objects.filter(code__in=(OWN, OTHER))}


def placed_models() -> list[Any]:
    """Return every model of placed records."""
    return [model for model in apps.get_models() if issubclass(model, Located)]


class Planting:
    """Plants a record of every region, owner and sensitivity into every table."""

    def __init__(self, first: int = 1) -> None:
        self.places = regions()
        self.bodies: dict[str, Any] = {**organisations(self.places), "": None}
        self.marks: list[Mark] = []
        self._numbers = itertools.count(first)
        self._enterprises: dict[tuple[str, str], Any] = {}

    def word(self) -> str:
        """Return a new marker."""
        return f"zq{next(self._numbers):05d}x"

    def plant(self) -> list[Mark]:
        """Plant everything; return the markers."""
        load_registers()
        for model in sorted(placed_models(), key=self._order):
            for region, owner, level in itertools.product((A, B), (OWN, OTHER, ""), LEVELS):
                self._record(model, region, owner, level)
        for region, owner in itertools.product((A, B), (OWN, "")):
            self._case(region, owner)
        for region, owner in itertools.product((A, B), (OWN, OTHER, "")):
            self._issue(region, owner)
            self._plan(region, owner)
        for region, owner in itertools.product((A, B), (OWN, OTHER)):
            self._statement(region, owner)
            self._permit_work(region, owner)
            self._of_firm(region, owner)
            self._accounts(region, owner)
        return self.marks

    def plant_more(self, owner: str) -> None:
        """Plant once more what is of one owner and not public."""
        for model in sorted(placed_models(), key=self._order):
            for region, level in itertools.product((A, B), LEVELS[1:]):
                self._record(model, region, owner, level)
        for region in (A, B):
            for plant in (self._issue, self._statement, self._permit_work, self._of_firm, self._accounts):
                plant(region, owner)

    def _case(self, region: str, owner: str) -> None:
        """Plant a case of enforcement with a document, served where there is an owner, and a referral."""
        at, place = datetime(2026, 9, 1, tzinfo=UTC), self.places[region]
        number, title, secret = (self.word() for _ in range(3))
        told = {"opened_by": "zq", "opened": at, "entered": at, "region": place, "party_code": secret}
        case = Case.objects.create(number=number, title="case" if owner else title, simulated=True, **told)
        code, name = self.word(), self.word()
        made = {"made": at, "made_by": "zq", "size": 1, "sha256": "0" * 64, "sm3": "0" * 64, "title": name}
        state = {
            "owner": owner,
            "state": "served" if owner else "draft",
            "served": at.date() if owner else None,
        }
        paper = Paper.objects.create(code=code, case=case, template="notice", **made, **state)
        marks = [(code, paper), (name, paper), *([] if owner else [(number, case), (title, case)])]
        self.marks += [Mark(word, thing_of(one), one.key) for word, one in marks]
        own = replace(thing_of(case), sensitivity="own")
        self.marks.append(Mark(secret, own, number, "party_code"))
        grounds = self.word()
        kept = {"sort": "criminal", "target": "police", "grounds": grounds, "made": at, "made_by": "zq"}
        referral = Referral.objects.create(code=self.word(), case=case, region=place, **kept)
        self.marks += [Mark(word, thing_of(referral), referral.code) for word in (referral.code, grounds)]

    def _issue(self, region: str, owner: str) -> None:
        words = self._words(6)
        self.marks += [Mark(*told) for told in leaks_centre.issue(self.places[region], owner, words)]

    def _plan(self, region: str, owner: str) -> None:
        place, words = self.places[region], self._words(9)
        told = leaks_centre.plan(place, self.bodies[owner], next(self._numbers), words)
        self.marks += [Mark(*one) for one in told]

    def _words(self, number: int) -> list[str]:
        return [self.word() for _ in range(number)]

    def _statement(self, region: str, owner: str) -> None:
        """Plant what an enterprise said of a day beyond its limit, the verdict of that quarter with it."""
        outlet = self._enterprises["Outlet", region, owner]
        at, number, words, answer = datetime(2026, 9, 1, tzinfo=UTC), *(self.word() for _ in range(3))
        place = {"region": self.places[region], "organisation": self.bodies[owner]}
        told = {"enterprise": outlet.enterprise, "outlet": outlet, "parameter": "w01018", **place}
        made = Statement.objects.create(
            number=number, sort="exceedance", words=words, answer=answer, filed=at, day=at.date(), **told
        )
        value = self.word()
        day = {"day": "2026-09-01", "period": "day", "value": value, "limit": "1", "unit": "", "times": "9"}
        verdict = QuarterVerdict.objects.create(
            year=2026, quarter=3, state="exceeding", over=1, days=[day], digest="x", reckoned=at, **told
        )
        self.marks += [Mark(word, thing_of(made), number) for word in (number, words, answer)]
        self.marks.append(Mark(value, thing_of(verdict), outlet.code))

    def _permit_work(self, region: str, owner: str) -> None:
        """Plant a duty, a report, a line of monitoring with a result, an entry of a list, an objection."""
        outlet = self._enterprises["Outlet", region, owner]
        enterprise, at = outlet.enterprise, datetime(2026, 9, 1, tzinfo=UTC)
        permit = Permit.objects.create(
            code=self.word(), enterprise=enterprise, region=enterprise.region, sensitivity="restricted"
        )
        told = {"enterprise": enterprise, "due": at.date(), "period": "2026Q2"}
        line = Requirement.objects.create(
            code=self.word(), enterprise=enterprise, outlet=outlet, parameter="w01018", frequency="year"
        )
        made = [
            line,
            Duty.objects.create(code=self.word(), kind="ledger", words=self.word(), **told),
            Report.objects.create(
                code=self.word(), permit=permit, sort="report_quarter", review=self.word(), **told
            ),
            Sample.objects.create(
                code=self.word(), enterprise=enterprise, requirement=line, day=at.date(), words=self.word()
            ),
        ]
        year = 2030 + len(self.marks)
        held = KeyList.objects.create(code=self.word(), region=self.places[region], year=year)
        entry = KeyEntry.objects.create(
            code=self.word(), key_list=held, enterprise=enterprise, category="soil", words=self.word()
        )
        objection = KeyObjection.objects.create(
            code=self.word(),
            key_list=held,
            entry=entry,
            organisation=owner,
            name="zq",
            words=self.word(),
            made=at,
        )
        for one in (*made, held, entry, objection):
            words = [one.code, *(getattr(one, name, "") for name in ("words", "review"))]
            self.marks += [Mark(word, thing_of(one), one.code) for word in words if word]

    def _of_firm(self, region: str, owner: str) -> None:
        """Plant what one enterprise has in the rooms of the code, and an outlet that it must not read."""
        firm = self._enterprises["Outlet", region, owner].enterprise
        told = leaks_ecocode.waste_of(firm, next(self._numbers), self.word)
        told += leaks_ecocode.audits_of(firm, self.word)
        told += leaks_ecocode.kept_of(firm, next(self._numbers), self.word)
        told += leaks_ecocode.named_of(firm, next(self._numbers), self.word)
        self.marks += [Mark(*one) for one in told]

    def _accounts(self, region: str, owner: str) -> None:
        """Plant accounts of quotas with postings, a deal, a pledge, and a declaration of tax."""
        firm, at = self._enterprises["Outlet", region, owner].enterprise, datetime(2026, 9, 1, tzinfo=UTC)
        place, made = firm.region, {"made": at, "made_by": "zq"}
        goods = {"commodity": "w01018", "units": 10}
        account = Account.objects.create(
            code=self.word(), scheme="quota", sort="holding", enterprise=firm, region=place,
            commodity="w01018", unit="t/a", decimals=4, free=10,
        )  # fmt: skip
        moved = Transaction.objects.create(
            number=self.word(), scheme="quota", sort="grant", day=at.date(), at=at, actor="zq",
            reference=self.word(), receipt=self.word(), digest="0",
        )  # fmt: skip
        posting = Posting.objects.create(
            transaction=moved, account=account, part="free", units=10, free_after=10, frozen_after=0
        )
        deal = QuotaDeal.objects.create(
            number=self.word(), sort="transfer", region=place, seller=firm, words=self.word(), **goods, **made
        )
        pledge = QuotaPledge.objects.create(
            number=self.word(), enterprise=firm, region=place, bank=self.bodies[owner],
            contract=self.word(), begun=at.date(), **goods, **made,
        )  # fmt: skip
        tax = TaxDeclaration.objects.create(
            number=self.word(), enterprise=firm, region=place, quarter="2026Q2", province="浙江",
            due=at.date(), sent_digest=self.word(), **made,
        )  # fmt: skip
        told = [(account.code, account), (moved.number, posting), (moved.reference, posting)]
        told += [(deal.number, deal), (deal.words, deal), (pledge.number, pledge), (pledge.contract, pledge)]
        told += [(tax.number, tax), (tax.sent_digest, tax)]
        self.marks += [Mark(word, thing_of(one), word) for word, one in told]

    def _order(self, model: Any) -> int:
        order = ("Enterprise", "Outlet", "Permit", "PermitLimit")
        return order.index(model.__name__) if model.__name__ in order else 9

    def _record(self, model: Any, region: str, owner: str, level: str) -> None:
        code, name = self.word(), self.word()
        values: dict[str, Any] = {
            "code": code,
            "region": self.places[region],
            "organisation": self.bodies[owner],
            "sensitivity": level,
            "lon": 121.5,
            "lat": 29.9,
            "simulated": True,
        }
        fields = {field.name: field for field in model._meta.fields}
        values |= {"name": name} if "name" in fields else {}
        values |= {field: name for field in ("authority", "words") if field in fields}
        if "level" in fields and "enterprise" in fields:  # one row an enterprise and level
            values["level"] = GRADES[LEVELS.index(level)]
        values |= self._relations(fields, region, owner)
        values |= {field: word for field, word in FILLED.items() if field in fields}
        if "parameter" in fields:
            values["parameter"] = PARAMETERS[LEVELS.index(level)]
        sensitive = getattr(model, "SENSITIVE", {})
        if "register" in fields:
            sensitive = {"stream": "own"}
        secrets = {field: self.word() for field in sensitive}
        if "register" in fields:
            values["values"] = {"scene": "river", "owner": name, **secrets}
            record = save(SYSTEM, model(**values))
        else:
            record = save(SYSTEM, model(**values, **secrets))
        thing = thing_of(record)
        self._enterprises.setdefault((model.__name__, region, owner), record)  # type: ignore[arg-type]
        self.marks += [Mark(code, thing, code), Mark(name, thing, code)]
        for field, word in secrets.items():
            self.marks.append(Mark(word, replace(thing, sensitivity=sensitive[field]), code, field))

    def _relations(self, fields: dict[str, Any], region: str, owner: str) -> dict[str, Any]:
        wanted = {"enterprise": "Enterprise", "outlet": "Outlet", "permit": "Permit"}
        found = {}
        if "register" in fields:
            found["register"] = fields["register"].related_model.objects.get(code="camera")
        for name, model in wanted.items():
            if name in fields:
                found[name] = self._enterprises[model, region, owner]  # type: ignore[index]
        return found


GRADES = ("blue", "yellow", "orange", "red")
PARAMETERS = ("w01018", "w21003", "w21011", "w21001")
FILLED = {
    "medium": "water",
    "value": "50",
    "kind": "air_station",
    "status": "ended",
}


def person(code: str, role: str, region: str, organisation: str = "") -> Person:
    """Make a person with one role."""
    body = Organisation.objects.filter(code=organisation).first()
    made = Person(code=code, name=code, organisation=body)
    made.set_unusable_password()
    made.save()
    Grant.objects.create(person=made, role=role, region_id=region)
    return made


def operations(api: Any) -> dict[str, dict[str, str]]:
    """Return path → parameters of its query with a value for each that is needed, of every GET there is."""
    found = {}
    for path, item in api.get_openapi_schema()["paths"].items():
        if "get" in item and path not in STREAMS:
            told = [one for one in item["get"].get("parameters", []) if one["in"] == "query"]
            found[path] = {one["name"]: _value(one) if one.get("required") else "" for one in told}
    return found


def _value(parameter: dict[str, Any]) -> str:
    schema = parameter.get("schema", {})
    choices = schema.get("enum") or schema.get("examples") or [schema.get("example")]
    known = choices[0] if choices[0] is not None else WORDS.get(parameter["name"])
    return str(known) if known is not None else {"integer": "1", "number": "1"}.get(schema.get("type"), "1")


WORDS = {
    "parameter": "w01018",
    "number": "1",
    "family": "air",
    "standard": "gb3095",
    "seq": "1",
    "pk": "1",
    "lon": "121.5",
    "lat": "29.9",
    "distance": "5000",
    "box": "121,29,122,30",
    "action": "read",
    "kind": "station",
    "period": "hour",
    "q": "a",
}


def address(path: str, key: str) -> str:
    """Return a path with its parameters filled in; what is not known by name gets `key`."""
    known = {name: word for name, word in WORDS.items() if name != "number"}
    return re.sub(r"{(\w+)}", lambda found: known.get(found[1], key), path)


def asking(path: str, query: dict[str, str], key: str) -> str:
    """Return the address at which one record is asked for, its key in the path or in ``code``."""
    given = query | ({"code": key} if path.endswith("/one") else {})
    return f"{address(path, key)}?" + "&".join(f"{name}={value}" for name, value in given.items() if value)


def words_of(answer: Any) -> str:
    """Return an answer as text, XLSX unpacked."""
    body = b"".join(async_to_sync(_pieces)(answer)) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return headers + body.decode("utf-8", "replace")


async def _pieces(answer: Any) -> list[bytes]:
    pieces = []
    if answer.is_async:
        async for piece in answer:
            pieces.append(piece)
    else:
        pieces = list(answer)
    return pieces


class Walk:
    """Walks the API as somebody and gathers what leaks."""

    def __init__(self, client: Asker, actor: Actor, marks: list[Mark], headers: dict[str, str]) -> None:
        self.client, self.actor, self.headers = client, actor, headers
        self.hidden = [mark for mark in marks if not may(actor, "read", mark.thing).allowed]
        self._words = {mark.word for mark in self.hidden}
        self._named = frozenset(mark.key for mark in marks)
        self.leaks: list[str] = []
        self.asked = 0
        self.met: set[str] = set()

    def ask(self, path: str, spared: frozenset[str] = frozenset()) -> Any:
        """Ask for an address and look for hidden markers, but for those that the question itself has."""
        answer = async_to_sync(self.client.get)(path, headers=self.headers)
        if path.startswith(TRAIL):
            spared |= self._named
        words = set(re.findall(r"zq\d{5}x", words_of(answer)))
        self.asked += 1
        if words - self._words:
            self.met.add(path.partition("?")[0])
        for word in sorted((words & self._words) - spared)[:3]:
            self.leaks.append(f"{self.actor.code or 'anyone'}: {word} in {path}")
        if answer.status_code >= 500 and answer.status_code != 503:
            self.leaks.append(f"{self.actor.code or 'anyone'}: {answer.status_code} for {path}")
        return answer

    def lists(self, found: dict[str, dict[str, str]], forms: tuple[str, ...] = FORMS) -> None:
        """Ask for every operation without a key, in every form, and search it for what is hidden."""
        for path, query in found.items():
            if "{" in path:
                continue
            needed = "".join(f"&{name}={value}" for name, value in query.items() if value)
            self.ask(f"{path}?{'limit=1000' if 'limit' in query else ''}{needed}")
            for form in forms if "format" in query else ():
                self.ask(f"{path}?format={form}{needed}")
            if "q" in query and forms:
                self._search(path)

    def _search(self, path: str) -> None:
        """Search for hidden markers: neither rows nor counts may tell of them."""
        for mark in self.hidden[:: max(1, len(self.hidden) // 2)]:
            answer = self.ask(f"{path}?q={mark.word}", frozenset({mark.word}))
            told = answer.json() if answer.headers["Content-Type"].startswith("application/json") else {}
            if isinstance(told, dict) and told.get("total"):
                self.leaks.append(
                    f"{self.actor.code or 'anyone'}: {mark.field or mark.thing.kind} found by {path}?q="
                )

    def keys(self, found: dict[str, dict[str, str]]) -> None:
        """Ask by key for what is hidden: records of the kind that the path names, and one of another."""
        chosen: dict[str, Mark] = {}
        for mark in self.hidden:
            chosen.setdefault(mark.thing.kind, mark)
        for path, query in found.items():
            keyed = "{" in path or path.endswith("/one")
            for mark in _fitting(path, chosen) if keyed else ():
                self.ask(asking(path, query, mark.key), frozenset({mark.key}))


def _fitting(path: str, chosen: dict[str, Mark]) -> list[Mark]:
    plain = path.replace("-", "_")
    named = [mark for kind, mark in chosen.items() if any(word in plain for word in _words_of(kind))]
    return named or [chosen[kind] for kind in ("station", "outlet") if kind in chosen]


def _words_of(kind: str) -> tuple[str, ...]:
    """Return how a path may name a kind: ``waste_approval`` as /waste_approvals or /waste/approvals."""
    plain = kind.partition(":")[0]
    return (f"/{plain}", f"/{plain.replace('_', '/')}", *OTHERWISE.get(plain, ()))


OTHERWISE = {"responsibility_audit": ("/audits/",)}

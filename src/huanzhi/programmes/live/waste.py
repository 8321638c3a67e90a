"""Waste of the test city 模拟固废: ledgers, plans, a collector, a disposal centre, pick-ups.

Everything is made by the steps that people take, in the name of made-up people of firms, and is simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from huanzhi.ecocode.waste import approvals, booking, checks, ledgers, manifests, moving, plans, routes
from huanzhi.ecocode.waste.codes import TONNE
from huanzhi.ecocode.waste.models import Booking, Check, Entry, Licence, Manifest, Vehicle
from huanzhi.ecocode.waste.refreshing import refresh
from huanzhi.ecocode.waste.settings import settings
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.managing import give
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.programmes.live.waste_ledgers import CODES, coefficients, keep_up, living
from huanzhi.standards.periods import CHINA

CITY = "990001"
REASON = "demo"
LISTED = ["HW06", "HW08", "HW09", "HW12", "HW17", "HW34", "HW49"]
FIRMS = {
    "workshop": ("99990001WASTEWORK", "模拟小微机修厂", (0.03, -0.02), ""),
    "collector": ("99990001WASTECOLL", "模拟小微危废收运有限公司", (0.02, 0.01), "small"),
    "disposal": ("99990001WASTEDISP", "模拟固废处置中心", (-0.05, 0.06), "integrated"),
}
ABROAD = ("99980000WASTEDISP", "模拟邻省固废处置有限公司", "980000")
STALE = {-1: 400, -2: 345}
"""Days that the opening stock of the last firms has been in store. Ours."""

SMALL = 6
"""Small firms that hand over to the collector. Ours."""


Registered = Mapping[str, tuple[str, float]]


def furnish(now: datetime, password: str = "") -> None:
    """Make what the screens of waste show, once; nothing where no enterprise is there."""
    city = Region.objects.filter(pk=CITY).first()
    owners = list(
        Enterprise.objects.filter(simulated=True).select_related("region", "organisation").order_by("code")
    )
    owners = [one for one in owners if one.organisation is not None and one.lon is not None]
    if city is None or not owners or Entry.objects.exists():
        return
    workshop, collector, disposal = (_firm(name, city, owners[0], password) for name in FIRMS)
    simulation = living()
    registered = coefficients(simulation)
    _ledgers(owners, registered, now)
    today = now.astimezone(CHINA).date()
    save(SYSTEM, _row(workshop, CODES[0], today - timedelta(days=20), "opening", 900, now), REASON)
    keep_up(now, simulation)
    _plans(owners, disposal, registered, now)
    _moved(owners[0], collector, disposal, now)
    across(_account(owners[0]), now)
    _pick_ups(owners, collector, disposal, now)
    _assessed(owners[0], now)
    refresh(now)


def acting(owner: Enterprise) -> Actor:
    """Return somebody made up who acts for a firm."""
    body = owner.organisation
    assert body is not None
    held = Held("enterprise", owner.region.path, body.code)
    return Actor(f"demo-{owner.code}", f"{owner.name}（模拟）", (held,), body.code)


def _firm(name: str, city: Region, near: Enterprise, password: str) -> Enterprise:
    """Return a firm, with its licence and vehicles if it takes waste, and its account."""
    code, title, (east, north), sort = FIRMS[name]
    body = save(
        SYSTEM, Organisation(code=code, name=title, kind="enterprise", region=city, simulated=True), REASON
    )
    told = {"region": city, "organisation": body, "industry": "危险废物治理", "simulated": True}
    assert near.lon is not None and near.lat is not None
    place = {"lon": round(near.lon + east, 6), "lat": round(near.lat + north, 6)}
    firm = Enterprise(code=code, name=title, **told, **place)
    save(SYSTEM, firm, REASON)
    if sort:
        _licensed(firm, name, sort)
    if password and not Person.objects.filter(code=name).exists():
        person = Person(code=name, name=f"{title}环保员（模拟）", organisation=body, simulated=True)
        person.set_password(password)
        save(SYSTEM, person, REASON)
        give(SYSTEM, person, "enterprise", city.pk, reason=REASON)
    return firm


def _licensed(firm: Enterprise, name: str, sort: str) -> None:
    """Give a firm its licences and two vehicles; the permit of the small one ends soon."""
    year = date.today().year
    held = {"valid_from": date(year - 1, 1, 1), "valid_to": date(year + 3, 1, 1), "simulated": True}
    amount = 5_000_000_000 if sort == "small" else 60_000_000_000
    licence = Licence(
        code=f"模拟危证-{sort}", enterprise=firm, sort=sort, classes=LISTED, grams_a_year=amount, **held
    )
    save(SYSTEM, licence, REASON)
    save(SYSTEM, Licence(code=f"模拟运证-{name}", enterprise=firm, sort="transport", **held), REASON)
    soon = held | {"valid_to": date.today() + timedelta(days=40)}
    for number, (load, term) in enumerate(((1_800_000, soon), (4_500_000, held)), 1):
        plate = f"模{name[0].upper()}{number:04d}"
        permit = f"模拟运输证{number:04d}"
        save(SYSTEM, Vehicle(code=plate, enterprise=firm, grams=load, permit=permit, **term), REASON)


def _ledgers(owners: list[Enterprise], registered: Registered, now: datetime) -> None:
    """Enter the opening stock, and what each firm generated in the last weeks; one store is too old."""
    today, rows = now.astimezone(CHINA).date(), []
    for place, owner in enumerate(owners):
        waste = registered[owner.code][0] if owner.code in registered else CODES[place % len(CODES)]
        old = today - timedelta(days=STALE.get(place - len(owners), 40 + place % 30))
        rows.append(_row(owner, waste, old, "opening", 60 + 15 * (place % 7), now))
        if owner.code in registered:
            continue
        amount = (900 if place % 3 == 0 else 40) * (1 + place % 4)
        for week in range(1, 9):
            rows.append(
                _row(owner, waste, today - timedelta(days=7 * week - 3), "generated", amount + week, now)
            )
    save_all(SYSTEM, rows, REASON)


def _row(owner: Enterprise, waste: str, day: date, kind: str, kg: float, now: datetime) -> Entry:
    told = {"source": "api", "made_by": "demo", "made": now, "simulated": True}
    return Entry(enterprise=owner, waste=waste, day=day, kind=kind, grams=round(kg * 1000), **told)


def _plans(owners: list[Enterprise], disposal: Enterprise, registered: Registered, now: datetime) -> None:
    """File the plans of the year, those of all but two."""
    for place, owner in enumerate(owners[:-2][:20]):
        waste, factor = registered.get(owner.code, (CODES[place % len(CODES)], None))
        made = 60_000.0 if factor or place % 3 == 0 else 4_000.0
        item: dict[str, Any] = {
            "waste": waste,
            "made_kg": made,
            "way": "transfer",
            "kg": made,
            "receiver": disposal.name,
        }
        item["per_kwh"] = factor
        who, begun = acting(owner), datetime(now.year, 3, 10, 9, tzinfo=CHINA)
        plan = plans.write(who, {"year": now.year, "items": [item]}, begun)
        plans.file(who, plan, begun + timedelta(days=3))


def _line(waste: str, kg: float) -> dict[str, Any]:
    return {"waste": waste, "kg": kg, "packaging": "drum", "pieces": 4}


def _account(owner: Enterprise) -> Enterprise:
    """Return the firm that has an account; the one given where none has."""
    person = Person.objects.filter(code="enterprise").select_related("organisation").first()
    rows = Enterprise.objects.select_related("region", "organisation")
    return (rows.filter(organisation=person.organisation).first() if person else None) or owner


def across(owner: Enterprise, now: datetime) -> None:
    """Apply for two transfers to a firm of another province: one is granted, one waits for the reply."""
    code, name, place = ABROAD
    province = Region(
        code=place, path=f"{place}/", name="模拟邻省", name_en="Simulated province", level="province"
    )
    province.simulated = True
    told = {"name": name, "simulated": True}
    body = Organisation(code=code, kind="enterprise", region=save(SYSTEM, province, REASON), **told)
    firm = Enterprise(code=code, organisation=save(SYSTEM, body, REASON), region=province, **told)
    save(SYSTEM, firm, REASON)
    today = now.astimezone(CHINA).date()
    held = {"valid_from": today.replace(month=1, day=1), "simulated": True}
    save(
        SYSTEM,
        Licence(code="模拟危证-邻省", enterprise=firm, sort="integrated", classes=LISTED, **held),
        REASON,
    )
    for waste, back, steps in (
        (CODES[0], 60, ("accept", "ask", "reply", "grant")),
        (CODES[1], 8, ("accept", "ask")),
    ):
        asked = {"receiver": code, "waste": waste, "kg": 30_000.0, "wanted_to": today + timedelta(days=200)}
        at = now - timedelta(days=back)
        row = approvals.apply(acting(owner), asked, at)
        for number, move in enumerate(steps, 1):
            at += timedelta(days=2)
            row = approvals.decide(SYSTEM, row, move, {"document": f"模拟函〔{at.year}〕{number}号"}, at)


def _moved(owner: Enterprise, collector: Enterprise, disposal: Enterprise, now: datetime) -> None:
    """Move waste of the firm that has an account: one manifest agrees, one does not, one is under way."""
    owner = _account(owner)
    held = Entry.objects.filter(enterprise=owner).order_by("pk").first()
    waste = held.waste if held else CODES[0]
    for days, came in ((20, 1.0), (9, 0.82), (1, None)):
        at = now - timedelta(days=days)
        told = {
            "carrier": collector.code,
            "receiver": disposal.code,
            "lines": [_line(waste, 400.0)],
            "vehicle": "模C0002",
        }
        row = manifests.make(acting(owner), told, at)
        row = moving.move(acting(owner), row, "dispatch", {}, at)
        row = moving.move(acting(collector), row, "take", {"amounts": {"1": 398.0}}, at + timedelta(hours=1))
        row = moving.move(acting(collector), row, "deliver", {}, at + timedelta(hours=4))
        if came is not None:
            _accepted(row, disposal, 398.0 * came, at + timedelta(days=1))


def _accepted(row: Manifest, disposal: Enterprise, kg: float, at: datetime) -> None:
    moving.move(acting(disposal), row, "accept", {"amounts": {"1": round(kg, 1)}}, at)
    line = row.lines[0]["waste"]
    used = {"waste": line, "day": at.astimezone(CHINA).date(), "kind": "disposed", "kg": round(kg / 2, 1)}
    ledgers.enter(acting(disposal), {**used, "reference": row.number}, at, "api")


def _pick_ups(owners: list[Enterprise], collector: Enterprise, disposal: Enterprise, now: datetime) -> None:
    """Book pick-ups of small firms: those of last week are collected, those of the coming days wait."""
    most = settings()["small"]["limit_t"] * TONNE
    small = [one for one in owners if booking.made_in_year(one, now.astimezone(CHINA).year) <= most][:SMALL]
    begun = now - timedelta(days=8)
    past = (begun + timedelta(days=1)).astimezone(CHINA).date()
    for owner in small[: SMALL // 2]:
        _booked(owner, collector, past, begun)
    if small:
        _collected(collector, disposal, past, begun)
    coming = (now + timedelta(days=1)).astimezone(CHINA).date()
    for owner in small[SMALL // 2 :]:
        _booked(owner, collector, coming, now - timedelta(hours=3))


def _booked(owner: Enterprise, collector: Enterprise, day: date, at: datetime) -> Booking:
    held = Entry.objects.filter(enterprise=owner).order_by("pk").first()
    hour = 8 + owner.pk % 5
    told = {
        "collector": collector.code,
        "waste": held.waste if held else CODES[0],
        "kg": 80.0 + 10 * (owner.pk % 9),
        "begins": datetime.combine(day, time(hour), CHINA),
        "ends": datetime.combine(day, time(hour + 4), CHINA),
        "pieces": 2,
    }
    return booking.book(acting(owner), told, at)


def _collected(collector: Enterprise, disposal: Enterprise, day: date, at: datetime) -> None:
    who = acting(collector)
    route = routes.plan_day(who, {"day": day}, at + timedelta(hours=4))
    for row in Booking.objects.filter(route=route.number, state="planned").order_by("pk"):
        row = routes.weigh(who, row, row.grams / 1000 - 3, at + timedelta(days=1))
        routes.issue_manifest(who, row, {"receiver": disposal.code}, at + timedelta(days=1, hours=1))


def _assessed(owner: Enterprise, now: datetime) -> None:
    """Assess one firm; something is to be rectified."""
    person = Person.objects.filter(code="inspector").first()
    if person is None or Check.objects.exists():
        return
    officer, at = actor_of(person), now - timedelta(days=5)
    given = {"enterprise": owner.code, "object": "producer", "day": at.astimezone(CHINA).date()}
    row = checks.begin(officer, given, at)
    answers: dict[str, dict[str, Any]] = {item["code"]: {"score": 2} for item in checks.items("producer")}
    answers["label"] = {"score": 1, "words": "部分包装标识褪色（模拟）"}
    answers["ledger"] = {"score": 1, "words": "台账缺少入库时间（模拟）"}
    row = checks.answer(officer, row, answers, at)
    checks.score(officer, row, at + timedelta(hours=2))

"""Catalogue 名录: the index of everything that has a name here, made anew when something has changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Max

from huanzhi.errors import StoreError
from huanzhi.library.devices import open_register
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.places.models import Point, Region, Section, Station, Well, Zone
from huanzhi.library.rights import Thing
from huanzhi.library.search.names import Entry, Names
from huanzhi.library.trail.models import Entry as Change
from huanzhi.messages import catalogue as all_messages
from huanzhi.standards import all_standards
from huanzhi.standards.parameters import all_parameters

FRESH = 2.0
"""Seconds for which nobody asks again whether something has changed. DEFAULT, NOT FROM THE DOCUMENTS."""

SCREENS = {
    "desk": "/",
    "map": "/map",
    "network": "/network",
    "assess": "/assess",
    "rankings": "/rankings",
    "enterprises": "/enterprises",
    "imports": "/imports",
    "registers": "/registers",
    "reports": "/reports",
    "standards": "/standards",
    "people": "/people",
    "audit": "/audit",
    "screen": "/screen",
}
"""Addresses of the screens by the name of their words."""

_PLACES = (Station, Section, Well, Zone, Point, Outlet, Enterprise)
_WEIGHTS = {"region": 6, "station": 5, "section": 5, "enterprise": 5, "parameter": 4, "screen": 7}
"""What comes first of equal fits. DEFAULT, NOT FROM THE DOCUMENTS."""


class Catalogue:
    """Gives the index that is true now; safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = 0.0
        self._state: object = None
        self._names = Names(())
        self._by_code: dict[tuple[str, str], Entry] = {}

    def names(self) -> Names:
        """Return the index, made anew if a record or a device has changed."""
        now = time.monotonic()
        if self._state is None or now - self._asked > FRESH:
            with self._lock:
                state = _state()
                if state != self._state:
                    self._names = Names(everything())
                    self._by_code = {(one.kind, one.code): one for one in self._names.entries}
                    self._state = state
                self._asked = time.monotonic()
        return self._names

    def entry(self, kind: str, code: str) -> Entry | None:
        """Return one entry; the kind ``place`` stands for every kind of place."""
        self.names()
        kinds = [model.KIND for model in _PLACES] if kind == "place" else [kind]
        return next((found for one in kinds if (found := self._by_code.get((one, code)))), None)


catalogue = Catalogue()


def _state() -> object:
    """Return what differs whenever the index must be made anew."""
    trail = Change.objects.aggregate(last=Max("seq"))["last"]
    counts = tuple(model._default_manager.count() for model in (Region, *_PLACES, Organisation, Person))
    return trail, counts, _devices_revision()


def _devices_revision() -> int:
    try:
        with open_register() as register:
            return register.revision()
    except StoreError:
        return -1


def everything() -> Iterator[Entry]:
    """Go through everything that has a name."""
    yield from _regions()
    places = list(_places())
    yield from places
    yield from _devices(places)
    yield from _organisations()
    yield from _people()
    yield from _standards()
    yield from _parameters()
    yield from _screens()


def _regions() -> Iterator[Entry]:
    names = dict(Region.objects.values_list("code", "name"))
    for code, name, english, path, simulated in Region.objects.values_list(
        "code", "name", "name_en", "path", "simulated"
    ):
        above = "".join(names.get(one, "") for one in path.split("/")[:-2])
        yield Entry("region", code, name, english, above, (), None, simulated, _WEIGHTS["region"])


def _places() -> Iterator[Entry]:
    for model in _PLACES:
        fields = ["code", "name", "simulated", "sensitivity", "region__path", "organisation__code"]
        extra = "short_name" if model is Enterprise else "enterprise__name" if model is Outlet else "code"
        weight = _WEIGHTS.get(model.KIND, 3)
        rows = model._default_manager.values_list(*fields, "region__name", extra)
        for code, name, simulated, sensitivity, path, owner, region, more in rows:
            thing = Thing(model.KIND, path, owner or "", sensitivity)
            aliases = (more,) if model is Enterprise and more else ()
            note = f"{region} {more}" if model is Outlet else region
            yield Entry(model.KIND, code, name, "", note, aliases, thing, simulated, weight)


def _devices(places: Iterable[Entry]) -> Iterator[Entry]:
    known = {one.code: one for one in places}
    try:
        with open_register() as register:
            devices = register.devices()
    except StoreError:
        return
    for device in devices:
        place = known.get(device.outlet)
        thing = place.thing if place else None
        seen = Thing("device", thing.path if thing else "", thing.owner if thing else "")
        name = device.name or (place.name if place else device.mn)
        note = place.name if place else device.enterprise
        yield Entry("device", device.mn, name, "", note, (), seen, device.simulated, 2)


def _organisations() -> Iterator[Entry]:
    rows = Organisation.objects.values_list("code", "name", "region__path", "region__name", "simulated")
    for code, name, path, region, simulated in rows:
        yield Entry(
            "organisation", code, name, "", region, (), Thing("organisation", path, code), simulated, 3
        )


def _people() -> Iterator[Entry]:
    rows = Person.objects.filter(is_active=True).values_list(
        "code", "name", "organisation__code", "organisation__name", "organisation__region__path", "simulated"
    )
    for code, name, body, body_name, path, simulated in rows:
        thing = Thing("person", path or "", body or "")
        yield Entry("person", code, name, "", body_name or "", (), thing, simulated, 3)


def _standards() -> Iterator[Entry]:
    for standard in all_standards().values():
        for edition in standard.editions:
            title = edition.title
            begun = str(edition.interval.start)
            yield Entry(
                "standard",
                edition.number,
                title.zh or standard.title,
                title.en,
                begun,
                (edition.number,),
                weight=4,
            )
            for tables in edition.tables.values():
                for table in tables[:1]:
                    yield from _clause(edition.number, table)


def _clause(number: str, table: Any) -> Iterator[Entry]:
    if table.clause and table.title:
        code = f"{number}#{table.id}"
        yield Entry(
            "clause", code, table.title.zh, table.title.en, f"{number} {table.clause}", (table.clause,)
        )


def _parameters() -> Iterator[Entry]:
    for one in all_parameters().values():
        aliases = tuple(dict.fromkeys(filter(None, (one.symbol, one.cas, one.old_code, *one.aliases))))
        note = " ".join(filter(None, (one.symbol, one.unit)))
        yield Entry("parameter", one.code, one.name, one.name_en, note, aliases, weight=_WEIGHTS["parameter"])


def _screens() -> Iterator[Entry]:
    words = all_messages()
    for name, address in SCREENS.items():
        texts = words[f"search.screen_{name}"]
        yield Entry("screen", address, texts["zh"], texts["en"], weight=_WEIGHTS["screen"])

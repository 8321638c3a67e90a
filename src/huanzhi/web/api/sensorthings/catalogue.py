"""The catalogue 目录: every entity but the Observations, as the store was at one revision."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from huanzhi.library.series import Feature, Store
from huanzhi.messages import Language, language, text
from huanzhi.standards.parameters import all_parameters
from huanzhi.web.api.sensorthings.model import Entity, Series
from huanzhi.web.api.sensorthings.times import iso, period_of_row

MOST_PARTS = 32
"""Catalogues of readers with different rights that are kept. DEFAULT, NOT FROM THE DOCUMENTS."""
NOT_STATED = "not-stated"
GEOJSON = "application/geo+json"
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


class Catalogue:
    """Entities by set and identity; immutable once made.

    Parameters
    ----------
    features : list of Feature
    series : list of Series
    partial : bool
        Whether the store holds more than this reader may see.
    """

    def __init__(
        self, revision: int, features: list[Feature], series: list[Series], *, partial: bool = False
    ) -> None:
        self.revision, self.partial = revision, partial
        self.features = {feature.code: feature for feature in features}
        self.series = {one.key: one for one in series}

    def part(self, places: frozenset[str]) -> Catalogue:
        """Return what of it belongs to some places."""
        features = [one for code, one in self.features.items() if code in places]
        series = [one for one in self.series.values() if one.feature in places]
        return Catalogue(self.revision, features, series, partial=True)

    @cached_property
    def sets(self) -> Mapping[str, dict[str, Entity]]:
        """Return set → identity → entity."""
        codes = dict.fromkeys(one.parameter for one in self.series.values())
        made = {
            "Things": map(thing, self.features.values()),
            "Locations": (location(one) for one in self.features.values() if _placed(one)),
            "HistoricalLocations": (),
            "Datastreams": (datastream(one, self.features[one.feature]) for one in self.series.values()),
            "Sensors": (sensor(),),
            "ObservedProperties": map(observed_property, codes),
            "FeaturesOfInterest": map(feature_of_interest, self.features.values()),
        }
        return {name: {entity.id: entity for entity in entities} for name, entities in made.items()}

    @cached_property
    def _streams_of(self) -> dict[tuple[str, str], list[Entity]]:
        found: dict[tuple[str, str], list[Entity]] = {}
        for stream in self.sets["Datastreams"].values():
            feature, parameter, _ = stream.series
            for name, identity in (("Things", feature), ("ObservedProperties", parameter)):
                found.setdefault((name, identity), []).append(stream)
        return found

    def all(self, name: str) -> list[Entity]:
        """Return the entities of a set."""
        return list(self.sets[name].values())

    def get(self, name: str, identity: str) -> Entity | None:
        """Return one entity; None if there is none."""
        return self.sets[name].get(identity)

    def related(self, entity: Entity, relation: str) -> list[Entity]:
        """Return the entities that a relation leads to; Observations stand elsewhere."""
        return _RELATED[entity.set, relation](self, entity)

    def streams_of(self, entity: Entity) -> list[Entity]:
        """Return the Datastreams of a Thing, Sensor or ObservedProperty."""
        if entity.set == "Sensors":
            return self.all("Datastreams")
        return self._streams_of.get((entity.set, entity.id), [])

    def only(self, name: str, identity: str) -> list[Entity]:
        """Return one entity as a list, empty if there is none."""
        found = self.get(name, identity)
        return [found] if found else []


_RELATED: Mapping[tuple[str, str], Callable[[Catalogue, Entity], list[Entity]]] = {
    ("Things", "Datastreams"): Catalogue.streams_of,
    ("Things", "Locations"): lambda c, e: c.only("Locations", e.id),
    ("Things", "HistoricalLocations"): lambda c, e: [],
    ("Locations", "Things"): lambda c, e: c.only("Things", e.id),
    ("Locations", "HistoricalLocations"): lambda c, e: [],
    ("HistoricalLocations", "Thing"): lambda c, e: [],
    ("HistoricalLocations", "Locations"): lambda c, e: [],
    ("Datastreams", "Thing"): lambda c, e: c.only("Things", e.series[0]),
    ("Datastreams", "Sensor"): lambda c, e: c.all("Sensors"),
    ("Datastreams", "ObservedProperty"): lambda c, e: c.only("ObservedProperties", e.series[1]),
    ("Sensors", "Datastreams"): Catalogue.streams_of,
    ("ObservedProperties", "Datastreams"): Catalogue.streams_of,
    ("Observations", "Datastream"): lambda c, e: c.only("Datastreams", ":".join(e.series)),
    ("Observations", "FeatureOfInterest"): lambda c, e: c.only("FeaturesOfInterest", e.series[0]),
}


class Catalogues:
    """The newest catalogue, made anew when the store has moved on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[tuple[Path, Language], Catalogue] = {}
        self._parts: dict[tuple[Path, Language, frozenset[str]], Catalogue] = {}

    def of(self, store: Store, places: frozenset[str] | None = None) -> Catalogue:
        """Return the catalogue of a store as it is now, in the reader's language, of `places` or of all."""
        whole = self._whole(store)
        if places is None:
            return whole
        name = (store.home, language(), places)
        with self._lock:
            found = self._parts.get(name)
            if found is None or found.revision != whole.revision:
                if len(self._parts) >= MOST_PARTS:
                    self._parts.clear()
                found = self._parts[name] = whole.part(places)
            return found

    def _whole(self, store: Store) -> Catalogue:
        revision, name = store.revision(), (store.home, language())
        with self._lock:
            found = self._newest.get(name)
            if found is None or found.revision != revision:
                found = self._newest[name] = read_catalogue(store, revision)
            return found


def read_catalogue(store: Store, revision: int) -> Catalogue:
    """Read places and series."""
    rows = store.last().to_pylist()
    series = [Series(row["feature"], row["parameter"], row["period"], row) for row in rows]
    return Catalogue(revision, store.features(), series)


def thing(feature: Feature) -> Entity:
    """Return a place as a Thing."""
    known = {
        "kind": feature.kind,
        "region": feature.region,
        "province": feature.province,
        "basin": feature.basin,
        "region_code": feature.region_code,
    }
    properties = {
        **{name: value for name, value in known.items() if value},
        "simulated": feature.simulated,
        **({"attributes": dict(feature.attributes)} if feature.attributes else {}),
    }
    return Entity("Things", feature.code, {**_named(feature), "properties": properties})


def location(feature: Feature) -> Entity:
    """Return where a place lies."""
    values = {**_named(feature), "encodingType": GEOJSON, "location": _point(feature)}
    return Entity("Locations", feature.code, {**values, "properties": _truth(feature)})


def feature_of_interest(feature: Feature) -> Entity:
    """Return a place as what is observed; its geometry is null where its coordinates are not known."""
    shape = {"type": "Feature", "geometry": _point(feature), "properties": {}}
    values = {**_named(feature), "encodingType": GEOJSON, "feature": _point(feature) or shape}
    return Entity("FeaturesOfInterest", feature.code, {**values, "properties": _truth(feature)})


def sensor() -> Entity:
    """Return the one Sensor."""
    values = {
        "name": text("sensorthings.sensor"),
        "description": text("sensorthings.sensor_description"),
        "encodingType": "text/plain",
        "metadata": "",
        "properties": {},
    }
    return Entity("Sensors", NOT_STATED, values)


def observed_property(code: str) -> Entity:
    """Return a parameter."""
    known = all_parameters().get(code)
    properties = (
        {"symbol": known.symbol, "unit": known.unit, "medium": known.medium, "national": known.national}
        if known
        else {}
    )
    values = {
        "name": known.name if known else code,
        "definition": f"urn:huanzhi:parameter:{code}",
        "description": known.name_en if known else "",
        "properties": properties,
    }
    return Entity("ObservedProperties", code, values)


def datastream(series: Series, feature: Feature) -> Entity:
    """Return one parameter of one place over one period."""
    known = all_parameters().get(series.parameter)
    unit = known.unit if known else ""
    symbol = known.symbol if known else series.parameter
    period = text(f"sensorthings.period_{series.period}")
    start, end = period_of_row(series.period, series.newest["time"])
    values: dict[str, Any] = {
        "name": f"{feature.name} {symbol} {period}",
        "description": text("sensorthings.stream", place=feature.name, parameter=symbol, period=period),
        "observationType": MEASUREMENT,
        "unitOfMeasurement": {
            "name": unit or None,
            "symbol": unit or None,
            "definition": f"urn:huanzhi:unit:{unit}" if unit else None,
        },
        "observedArea": _point(feature),
        "properties": {
            "period": series.period,
            "newest": iso(start) if start == end else f"{iso(start)}/{iso(end)}",
            **_truth(feature),
        },
    }
    if values["observedArea"] is None:
        del values["observedArea"]
    return Entity("Datastreams", series.id, values, series.key)


def _named(feature: Feature) -> dict[str, Any]:
    where = " ".join(filter(None, (feature.province, feature.region)))
    note = text("sensorthings.simulated") if feature.simulated else ""
    return {"name": feature.name, "description": " ".join(filter(None, (where, feature.name, note)))}


def _truth(feature: Feature) -> dict[str, Any]:
    return {"simulated": feature.simulated}


def _placed(feature: Feature) -> bool:
    return feature.lon is not None and feature.lat is not None


def _point(feature: Feature) -> dict[str, Any] | None:
    if not _placed(feature):
        return None
    return {"type": "Point", "coordinates": [feature.lon, feature.lat]}

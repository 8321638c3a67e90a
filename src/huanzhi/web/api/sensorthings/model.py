"""The entities of SensorThings and their relations, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RELATIONS: Mapping[str, Mapping[str, tuple[str, bool]]] = {
    "Things": {
        "Datastreams": ("Datastreams", True),
        "Locations": ("Locations", True),
        "HistoricalLocations": ("HistoricalLocations", True),
    },
    "Locations": {"Things": ("Things", True), "HistoricalLocations": ("HistoricalLocations", True)},
    "HistoricalLocations": {"Thing": ("Things", False), "Locations": ("Locations", True)},
    "Datastreams": {
        "Thing": ("Things", False),
        "Sensor": ("Sensors", False),
        "ObservedProperty": ("ObservedProperties", False),
        "Observations": ("Observations", True),
    },
    "Sensors": {"Datastreams": ("Datastreams", True)},
    "ObservedProperties": {"Datastreams": ("Datastreams", True)},
    "Observations": {
        "Datastream": ("Datastreams", False),
        "FeatureOfInterest": ("FeaturesOfInterest", False),
    },
    "FeaturesOfInterest": {"Observations": ("Observations", True)},
}
"""Set → relation → set it leads to, and whether to many."""

PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "Things": ("name", "description", "properties"),
    "Locations": ("name", "description", "encodingType", "location", "properties"),
    "HistoricalLocations": ("time",),
    "Datastreams": (
        "name",
        "description",
        "observationType",
        "unitOfMeasurement",
        "observedArea",
        "phenomenonTime",
        "resultTime",
        "properties",
    ),
    "Sensors": ("name", "description", "encodingType", "metadata", "properties"),
    "ObservedProperties": ("name", "definition", "description", "properties"),
    "Observations": (
        "phenomenonTime",
        "result",
        "resultTime",
        "resultQuality",
        "validTime",
        "parameters",
    ),
    "FeaturesOfInterest": ("name", "description", "encodingType", "feature", "properties"),
}
"""Set → properties of its entities, beside the control information."""

IDENTITY = ("id", "@iot.id")


@dataclass(frozen=True, slots=True)
class Series:
    """One parameter of one place over one period, with its newest row."""

    feature: str
    parameter: str
    period: str
    newest: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str, str]:
        """Return its three codes."""
        return self.feature, self.parameter, self.period

    @property
    def id(self) -> str:
        """Return its identity as a Datastream."""
        return ":".join(self.key)


NO_SERIES = ("", "", "")


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity.

    Attributes
    ----------
    set : str
        A key of :data:`RELATIONS`.
    values : mapping
        Its properties.
    series : tuple of str
        For a Datastream or an Observation, the codes of place, parameter and period; else :data:`NO_SERIES`.
    """

    set: str
    id: str
    values: Mapping[str, Any]
    series: tuple[str, str, str] = NO_SERIES

"""OGC SensorThings API v1.1 传感物联接口, its read side (OGC 18-088), over the observation store.

Conformance classes: the requirements that are met stand in :data:`CONFORMANCE` and on the landing page. Not
met, and so not listed: creating, updating and deleting over HTTP, batch requests, data arrays,
MultiDatastream, MQTT updates, and the geospatial functions of ``$filter``.

How the store appears: a place (feature) is a Thing, with its Location where its coordinates are known and as
its own FeatureOfInterest; a parameter is an ObservedProperty; one parameter of one place averaged over one
period is a Datastream. The store does not know instruments, so there is one Sensor, "not stated". Places have
no history, so HistoricalLocations is empty.
"""

_ROOT = "http://www.opengis.net/spec/iot_sensing/1.1/req"

CONFORMANCE = tuple(
    f"{_ROOT}/{requirement}"
    for requirement in (
        "datamodel/thing",
        "datamodel/location",
        "datamodel/historical-location",
        "datamodel/datastream",
        "datamodel/sensor",
        "datamodel/observed-property",
        "datamodel/observation",
        "datamodel/feature-of-interest",
        "datamodel/entity-control-information",
        "resource-path/resource-path-to-entities",
        "request-data/status-code",
        "request-data/query-status-code",
        "request-data/order",
        "request-data/expand",
        "request-data/select",
        "request-data/orderby",
        "request-data/top",
        "request-data/skip",
        "request-data/count",
        "request-data/filter",
        "request-data/built-in-filter-operations",
        "request-data/pagination",
    )
)
"""Requirements that this service meets."""

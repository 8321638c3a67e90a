"""The observation store: inbox, hot table, immutable parts with a manifest, readers in any process."""

from huanzhi.library.series.aggregate import AGGREGATE_SCHEMA
from huanzhi.library.series.model import KINDS, Batch, Feature, Receipt, Source, Window
from huanzhi.library.series.schema import KEY_SCHEMA, PERIOD_IDS, READ_SCHEMA, SCHEMA
from huanzhi.library.series.store import Store, open_store
from huanzhi.library.series.upkeep import VERSION_SCHEMA

__all__ = [
    "AGGREGATE_SCHEMA",
    "KEY_SCHEMA",
    "KINDS",
    "PERIOD_IDS",
    "READ_SCHEMA",
    "SCHEMA",
    "VERSION_SCHEMA",
    "Batch",
    "Feature",
    "Receipt",
    "Source",
    "Store",
    "Window",
    "open_store",
]

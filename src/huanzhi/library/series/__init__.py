"""The observation store: inbox, hot table, immutable parts with a manifest, readers in any process.

What it promises, and the test that shows it:

* What a write has returned for is on disk (file, folder and manifest fsynced, in this order) and is not lost
  when the process is killed, at whatever step: ``tests/library/test_series_kill.py``. Loss of power has not
  been tried; it rests on the disk honouring fsync.
* A batch is there whole or not at all, for readers in other processes too: the same file.
* The same batch again, or the same values from elsewhere, change nothing; a changed or withdrawn value is a
  new revision, every revision stays, and the store of any revision can be read, after compaction as before:
  ``tests/library/test_series_model.py``.
* A full disk refuses the batch and harms nothing; a damaged or missing file is named:
  ``tests/library/test_series_faults.py``.

It does not promise the history of features (what is known of a place is brought up to date in place), nor
more than one writing process.
"""

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

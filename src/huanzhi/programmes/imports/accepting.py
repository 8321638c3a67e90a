"""Accepting 确认导入: a waiting upload into the store in one batch, at once or as background work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.rights import Actor
from huanzhi.library.series import Store, open_store
from huanzhi.library.trail.chain import append
from huanzhi.library.work.worker import Run, Work
from huanzhi.network.feeds.importing import Imported, write_reading
from huanzhi.programmes.imports.previews import reading_of
from huanzhi.programmes.imports.uploads import State, Upload, Uploads
from huanzhi.standards.periods import CHINA

PATIENCE = 60.0
"""Seconds to wait for another writer of the store to let go. Ours."""

Write = Callable[[Callable[[Store], Imported]], Imported]
"""Runs a piece of work with a store that may be written."""


def at_own_store(work: Callable[[Store], Imported]) -> Imported:
    """Write with a store opened for this one piece of work."""
    with open_store("write", wait=PATIENCE) as store:
        return work(store)


def accept(uploads: Uploads, upload: Upload, who: Actor, write: Write) -> Upload:
    """Take an upload into the store: all rows that were not refused, in one batch, or none.

    The same bytes again are the same batch to the store, so that nothing is taken twice.

    Raises
    ------
    InputError
        If the file cannot be read, or simulated and real values would mix.
    """
    data = uploads.bytes_of(upload)
    reading = reading_of(upload, data)
    plan = replace(upload.plan, rejects=uploads.folder / upload.id)
    imported = write(lambda store: write_reading(reading, data, plan, store))
    assert imported.receipt is not None
    receipt = {**asdict(imported.receipt), "refused": len(imported.reading.rejects)}
    now = datetime.now(CHINA)
    decided = uploads.decide(upload, State.ACCEPTED, by=who.code, now=now, receipt=receipt)
    append(who, "import", "import", receipt["batch"], after={"file": upload.name, **receipt})
    return decided


def accept_in_background(run: Run) -> dict[str, Any]:
    """Take an upload into the store as background work; one that was taken already gives its receipt."""
    uploads = Uploads()
    upload = uploads.find(str(run.arguments["upload"]))
    if upload.state is State.ACCEPTED:
        return upload.receipt
    if upload.state is State.DROPPED:
        raise InputError("books_api.upload_closed", value=upload.name)
    run.tell(0.1, "books_api.reading_file", file=upload.name)

    def write(work: Callable[[Store], Imported]) -> Imported:
        run.tell(0.5, "books_api.writing_file", file=upload.name)
        return at_own_store(work)

    return accept(uploads, upload, Actor(str(run.arguments["by"])), write).receipt


KIND = "import_file"
KINDS: dict[str, Work] = {KIND: accept_in_background}
"""Kinds of background work of this programme."""

"""The watcher 文件夹接收: a file that has come to rest is read whole, written, and moved away.

Order of a file: observations durable in the store, then the file renamed into ``done``. A kill in between
reads the file again, and the store knows the batch. A file that cannot be read goes to ``rejected`` with a
file beside it that says why; refused rows of a file that can be read are set aside there as well.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from huanzhi.errors import InputError, StoreError
from huanzhi.messages import using
from huanzhi.network.feeds.importing import Imported, Plan, read_for, write_reading
from huanzhi.network.feeds.refused import SUFFIX, write_whole
from huanzhi.network.intake.desk import Desk

EVERY = 2.0
"""Seconds between two looks. DEFAULT, NOT FROM THE DOCUMENTS."""

REASON = ".reason.txt"
"""Ending of the file that says why a file was rejected."""

_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")

log = logging.getLogger(__name__)
_Shape = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Watch:
    """A folder, and how its files are read.

    Attributes
    ----------
    folder : Path
        Made where missing, with ``done`` and ``rejected`` in it.
    plan : Plan
        Format, options, and whether all is simulated.
    """

    folder: Path
    plan: Plan = field(default_factory=Plan)

    @property
    def done(self) -> Path:
        """Return where imported files go."""
        return self.folder / "done"

    @property
    def rejected(self) -> Path:
        """Return where files and rows go that could not be taken."""
        return self.folder / "rejected"


class Watcher:
    """Watches folders; a service.

    Parameters
    ----------
    desk : Desk
        Open while this runs.
    every : float
        Seconds between two looks; a file is read when two looks find it alike.
    """

    def __init__(self, watches: Sequence[Watch], desk: Desk, every: float = EVERY) -> None:
        self.watches, self.desk, self.every = tuple(watches), desk, every
        self.counts: Counter[str] = Counter()
        self._seen: dict[Path, _Shape] = {}

    async def start(self) -> None:
        """Make the folders and begin; InputError if one cannot be made."""
        for watch in self.watches:
            _make_folders(watch)
        self._stopping = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End after the file that is being read."""
        self._stopping.set()
        await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            for watch in self.watches:
                await self._look(watch)
            try:
                await asyncio.wait_for(self._stopping.wait(), self.every)
            except TimeoutError:
                continue

    async def _look(self, watch: Watch) -> None:
        """Take in the files of a folder that have come to rest, in the order of their names."""
        try:
            there = await asyncio.to_thread(files_of, watch.folder)
        except OSError as error:
            log.warning("folder %s cannot be read: %s", watch.folder, error)
            return
        resting = [file for file, shape in there.items() if self._seen.get(file) == shape]
        self._seen = {f: s for f, s in self._seen.items() if f.parent != watch.folder} | there
        for file in resting:
            if self._stopping.is_set():
                return
            await self._take(file, watch)

    async def _take(self, file: Path, watch: Watch) -> None:
        plan = replace(watch.plan, rejects=watch.rejected)
        try:
            imported = await self._import(file, plan)
            await asyncio.to_thread(move, file, watch.done)
        except FileNotFoundError:
            return
        except InputError as error:
            self.counts["rejected"] += 1
            log.warning("file rejected: %s", error)
            await asyncio.to_thread(reject, file, watch.rejected, error)
        except (StoreError, OSError) as error:
            self.counts["waiting"] += 1
            log.warning("file %s waits: %s", file, error)
        else:
            self.counts["done"] += 1
            log.info("file %s taken in, %d rows refused", file, len(imported.reading.rejects))

    async def _import(self, file: Path, plan: Plan) -> Imported:
        """Read a file on a thread of its own and write it at the desk."""
        data, reading = await asyncio.to_thread(read_for, file, plan)
        written = self.desk.call(lambda store: write_reading(reading, data, plan, store))
        return await asyncio.wrap_future(written)


def _make_folders(watch: Watch) -> None:
    try:
        for folder in (watch.done, watch.rejected):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("folders.cannot_make", file=watch.folder, reason=error.strerror) from None


def files_of(folder: Path) -> dict[Path, _Shape]:
    """Return the files of a folder that may be read, with size and time of change [ns]."""
    found = {}
    for file in sorted(folder.iterdir()):
        hidden = file.name.startswith((".", "~$")) or file.name.endswith((*_UNFINISHED, SUFFIX, REASON))
        if not hidden and file.is_file():
            state = file.stat()
            found[file] = (state.st_size, state.st_mtime_ns)
    return found


def move(file: Path, folder: Path) -> Path:
    """Move a file into a folder of the same disk, under a name that is free there."""
    target = free_name(folder / file.name)
    file.rename(target)
    return target


def free_name(wanted: Path) -> Path:
    """Return a path that no file has: the one wanted, or with a number before its ending."""
    path, number = wanted, 1
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
    return path


def reject(file: Path, folder: Path, error: InputError) -> None:
    """Move a file away and say beside it, in both languages, why; the reason stands there first."""
    if not file.exists():
        return
    target = free_name(folder / file.name)
    words = []
    for language in ("zh", "en"):
        with using(language):
            words.append(str(error))
    write_whole(target.with_name(target.name + REASON), ("\n".join(words) + "\n").encode())
    file.rename(target)

"""The writer's lock: one process writes a store; readers need no lock.

The lock is the kernel's (``flock``) and goes with the process, so a killed writer leaves nothing to clear.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from huanzhi.errors import StoreError


class WriterLock:
    """Hold the exclusive lock of a store.

    Raises
    ------
    StoreError
        If another writer holds it; the message names its process.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 32, 0).decode(errors="replace").strip()
            os.close(self._file)
            raise StoreError("series.locked", file=path.parent, pid=holder or "?") from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the lock go; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> WriterLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


RETRY = 0.005
"""Seconds between two tries for the lock."""


def waited_lock(path: Path, wait: float) -> WriterLock:
    """Return the lock, waiting for another writer to let go; StoreError when `wait` seconds are over."""
    until = time.monotonic() + wait
    while True:
        try:
            return WriterLock(path)
        except StoreError:
            if time.monotonic() >= until:
                raise
        time.sleep(RETRY)

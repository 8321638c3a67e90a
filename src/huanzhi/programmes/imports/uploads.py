"""Uploads 上传文件: files that wait in the data folder until somebody accepts or drops them.

A folder an upload: the bytes as they came, and what is known of them. The folder is written under another
name and renamed, so that half an upload is never seen.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.home import home_folder
from huanzhi.network.feeds.importing import Plan
from huanzhi.network.feeds.reading import Options
from huanzhi.network.feeds.refused import SUFFIX

_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")
_FACTS, _BYTES = "upload.json", "bytes"


class State(StrEnum):
    """Where an upload stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody handed in.

    Attributes
    ----------
    id : str
        Its address.
    name : str
        File name without folders.
    at : str
        When it came, ISO 8601 in China time.
    by : str
        Code of who handed it in.
    format : str
        Importer that was chosen; empty to recognise it.
    receipt : dict
        Of the store, once accepted.
    """

    id: str
    name: str
    size: int
    sha256: str
    at: str
    by: str
    format: str = ""
    year: int | None = None
    simulated: bool = False
    state: State = State.WAITING
    decided_at: str = ""
    decided_by: str = ""
    receipt: dict[str, Any] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        """Return how it is read."""
        day = datetime.fromisoformat(self.at).date()
        return Plan(self.format, Options(year=self.year, today=day), simulated=self.simulated)


class Uploads:
    """The uploads of a data folder."""

    def __init__(self, home: Path | None = None) -> None:
        self.folder = home_folder(home) / "uploads"

    def keep(
        self,
        data: bytes,
        name: str,
        *,
        by: str,
        now: datetime,
        format_name: str = "",
        year: int | None = None,
        simulated: bool = False,
    ) -> Upload:
        """Keep the bytes of a file and return it.

        Raises
        ------
        InputError
            If the file is empty.
        """
        if not data:
            raise InputError("books_api.empty_file", file=name)
        upload = Upload(
            id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}",
            name=_plain_name(name),
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            at=now.isoformat(timespec="seconds"),
            by=by,
            format=format_name,
            year=year,
            simulated=simulated,
        )
        part = self.folder / f".{upload.id}"
        part.mkdir(parents=True)
        (part / _BYTES).write_bytes(data)
        (part / _FACTS).write_text(json.dumps(asdict(upload)), encoding="utf-8")
        part.rename(self.folder / upload.id)
        return upload

    def find(self, upload: str) -> Upload:
        """Return an upload.

        Raises
        ------
        InputError
            If there is none of that id.
        """
        file = self.folder / upload / _FACTS
        if not _ID.fullmatch(upload) or not file.is_file():
            raise InputError("books_api.no_upload", value=upload)
        facts = json.loads(file.read_text(encoding="utf-8"))
        return Upload(**{**facts, "state": State(facts["state"])})

    def bytes_of(self, upload: Upload) -> bytes:
        """Return its bytes.

        Raises
        ------
        InputError
            If they were let go when it was dropped.
        """
        file = self.folder / upload.id / _BYTES
        if not file.is_file():
            raise InputError("books_api.upload_closed", value=upload.name)
        return file.read_bytes()

    def rejects_of(self, upload: Upload) -> bytes:
        """Return the reject file of an upload that was accepted.

        Raises
        ------
        InputError
            If no row was refused.
        """
        file = self.folder / upload.id / f"{upload.name}{SUFFIX}"
        if not file.is_file():
            raise InputError("books_api.no_rejects", value=upload.name)
        return file.read_bytes()

    def all(self) -> Iterator[Upload]:
        """Yield all uploads, newest first."""
        if self.folder.is_dir():
            for folder in sorted(self.folder.iterdir(), reverse=True):
                if _ID.fullmatch(folder.name):
                    yield self.find(folder.name)

    def waiting(self, upload: str) -> Upload:
        """Return an upload that nobody has decided yet.

        Raises
        ------
        InputError
            If there is none, or it was accepted or dropped.
        """
        found = self.find(upload)
        if found.state is not State.WAITING:
            raise InputError("books_api.upload_closed", value=found.name)
        return found

    def decide(
        self, upload: Upload, state: State, *, by: str, now: datetime, receipt: dict[str, Any] | None = None
    ) -> Upload:
        """Write down what became of an upload; its bytes are let go, the store keeps those it took."""
        decided = replace(
            upload,
            state=state,
            decided_at=now.isoformat(timespec="seconds"),
            decided_by=by,
            receipt=receipt or {},
        )
        folder = self.folder / upload.id
        part = folder / f".{_FACTS}"
        part.write_text(json.dumps(asdict(decided)), encoding="utf-8")
        part.replace(folder / _FACTS)
        (folder / _BYTES).unlink(missing_ok=True)
        return decided

    def forget(self, upload: Upload) -> None:
        """Remove an upload that could not even be read."""
        shutil.rmtree(self.folder / upload.id, ignore_errors=True)


def _plain_name(name: str) -> str:
    """Return a file name without folders and signs that no file system takes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return re.sub(r"[\x00-\x1f]", "", last).lstrip(".")[:200] or "file"

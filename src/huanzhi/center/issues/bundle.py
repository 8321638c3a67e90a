"""Bundles 证据包: an issue with its steps and evidence as one file that verifies without the platform.

``issue.json`` holds the issue, the steps bound to each other by SM3, and what is said of each piece of
evidence with its SM3 and SHA-256; ``evidence/`` holds the pieces. The fingerprint of a bundle is the SM3 of
``issue.json``; the trail keeps it when a bundle is made, so that a bundle made up anew is found out.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from huanzhi.library.trail.hashing import FIRST, canonical, sm3

FORMAT = "huanzhi-issue-1"
MANIFEST = "issue.json"
KINDS: Mapping[str, tuple[str, str]] = {
    MANIFEST: (FORMAT, "issue"),
    "case.json": ("huanzhi-case-1", "case"),
}
"""Format and name of what a bundle holds, by its manifest; cases of enforcement have the same shape."""

BOUND = ("number", "at", "actor", "actor_name", "transition", "before", "after", "outputs", "reason", "due")
_LARGEST = 512 * 1024 * 1024
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    lzma.LZMAError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,
)
"""What the standard library says of an archive that is none, or is damaged."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a bundle is found to be.

    Attributes
    ----------
    whole : bool
    fault : str
        Message key of the first fault; empty where there is none.
    where : str
        Which step or piece is at fault.
    fingerprint : str
        SM3 of the manifest, to hold against what the platform tells.
    """

    whole: bool
    number: str
    steps: int
    pieces: int
    fingerprint: str
    fault: str = ""
    where: str = ""


def bundle(actor: Any, issue: Any) -> bytes:
    """Return the bundle of an issue; making one is kept in the trail.

    Raises
    ------
    InputError
        If the actor may not export it.
    StoreError
        If a piece of evidence is gone or was changed.
    """
    from huanzhi.center.issues.evidence import read
    from huanzhi.center.issues.models import Evidence
    from huanzhi.library.rights import require, thing_of
    from huanzhi.library.trail.chain import append

    require(actor, "export", thing_of(issue))
    pieces = list(Evidence.objects.filter(issue=issue).order_by("pk"))
    manifest = _manifest(issue, pieces)
    told = json.loads(manifest)["evidence"]
    content = packed(
        MANIFEST, manifest, [(row["file"], read(one)) for row, one in zip(told, pieces, strict=True)]
    )
    append(actor, "export", issue.KIND, issue.number, after={"fingerprint": sm3(manifest)})
    return content


def packed(name: str, manifest: str, files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a bundle: the manifest under its name, and the files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(name), manifest)
        for path, content in files:
            archive.writestr(_entry(path), content)
    return stream.getvalue()


def verify(path: Path, expected: str = "") -> Verdict:
    """Verify a bundle offline; `expected` is the fingerprint that the platform told, if it is known."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _verified(archive, expected.strip().lower())
    except _DAMAGED:
        return Verdict(False, "", 0, 0, "", "issues.bundle_damaged")


def _verified(archive: zipfile.ZipFile, expected: str) -> Verdict:
    name = next((one for one in KINDS if one in archive.namelist()), MANIFEST)
    kind, held = KINDS[name]
    raw = archive.read(name)
    fingerprint = hashlib.new("sm3", raw).hexdigest()
    told = json.loads(raw)
    steps, pieces = told["steps"], told["evidence"]
    found = ("", "")
    if told["format"] != kind:
        found = ("issues.bundle_damaged", told["format"])
    elif expected and expected != fingerprint:
        found = ("issues.bundle_other", fingerprint)
    else:
        found = _steps(steps) or _pieces(archive, name, pieces) or _named(steps, pieces) or ("", "")
    fault, where = found
    return Verdict(not fault, told[held]["number"], len(steps), len(pieces), fingerprint, fault, where)


def _steps(steps: list[dict[str, Any]]) -> tuple[str, str] | None:
    previous = FIRST
    for place, step in enumerate(steps, 1):
        bound = canonical({**{name: step[name] for name in BOUND}, "previous": previous})
        if step["number"] != place or sm3(bound) != step["digest"]:
            return "issues.bundle_step", str(place)
        previous = step["digest"]
    return None


def _pieces(archive: zipfile.ZipFile, name: str, pieces: list[dict[str, Any]]) -> tuple[str, str] | None:
    listed = {name, *(piece["file"] for piece in pieces)}
    extra = set(archive.namelist()) ^ listed
    if extra or len(archive.namelist()) != len(listed):
        return "issues.bundle_piece", ", ".join(sorted(extra)) or name
    for piece in pieces:
        if archive.getinfo(piece["file"]).file_size > _LARGEST:
            return "issues.bundle_piece", piece["file"]
        content = archive.read(piece["file"])
        digests = (hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest())
        if digests != (piece["sha256"], piece["sm3"]) or len(content) != piece["size"]:
            return "issues.bundle_piece", piece["file"]
    return None


def _named(steps: list[dict[str, Any]], pieces: list[dict[str, Any]]) -> tuple[str, str] | None:
    """Find a step that names evidence which the bundle lacks."""
    held = {piece["sha256"] for piece in pieces}
    for step in steps:
        for digest in step["outputs"].get("evidence", ()):
            if digest not in held:
                return "issues.bundle_missing", digest
    return None


def _manifest(issue: Any, pieces: list[Any]) -> str:
    from huanzhi.center.issues.models import Step
    from huanzhi.library.records.stepping import told as told_step

    rows = Step.objects.filter(issue=issue).order_by("number")
    steps = [{**told_step(step), "digest": step.digest} for step in rows]
    files = [_file(place, piece) for place, piece in enumerate(pieces, 1)]
    row = {name: value for name, value in issue.as_row().items() if name not in ("revision",)}
    made = datetime.now(UTC).isoformat(timespec="seconds")
    content: Mapping[str, Any] = {
        "format": FORMAT,
        "made": made,
        "issue": row,
        "steps": steps,
        "evidence": files,
    }
    return canonical(content)


def _file(place: int, piece: Any) -> dict[str, Any]:
    return {**piece.told(), "file": f"evidence/{place:03d}-{piece.name}"}


def _entry(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
    made.compress_type = zipfile.ZIP_DEFLATED
    return made

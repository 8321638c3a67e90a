"""Parcels 交换包: a ZIP of ``manifest.json`` and ``rows.jsonl``; same content, same bytes.

The manifest holds format, target, sender, payload, purpose, sequence number, moment, columns, number of rows,
and the SHA-256 and SM3 digests of the rows; with a secret it is signed (HMAC-SM3 over the manifest in
canonical form).
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.trail.hashing import canonical
from huanzhi.network.exchange.keys import same, signature
from huanzhi.network.exchange.settings import settings

FORMAT, VERSION = "huanzhi-exchange", 1
MANIFEST, ROWS = "manifest.json", "rows.jsonl"
SHAPES: Mapping[str, type] = {
    "format": str,
    "version": int,
    "target": str,
    "sender": str,
    "direction": str,
    "payload": str,
    "purpose": str,
    "sequence": int,
    "made": str,
    "columns": list,
    "rows": int,
    "size": int,
    "sha256": str,
    "sm3": str,
}
"""What a manifest must hold."""

_MOMENT = (1980, 1, 1, 0, 0, 0)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
    struct.error,
)
"""What a broken archive may raise."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel that was read and verified; `signed` tells whether its signature was checked."""

    manifest: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]
    sha256: str
    sm3: str
    signed: bool = False
    size: int = field(default=0)


def build(manifest: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], secret: str = "") -> bytes:
    """Return the bytes of a parcel; the same manifest and rows give the same bytes."""
    body = "".join(f"{canonical(row)}\n" for row in rows).encode()
    told = {
        **manifest,
        "format": FORMAT,
        "version": VERSION,
        "rows": len(rows),
        "size": len(body),
        **_sums(body),
    }
    if secret:
        told["signature"] = signature(secret, canonical(told).encode())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            (MANIFEST, json.dumps(told, ensure_ascii=False, indent=1).encode()),
            (ROWS, body),
        ):
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return stream.getvalue()


def read(content: bytes, secret: str = "", *, must_sign: bool = False) -> Parcel:
    """Read and verify a parcel.

    Parameters
    ----------
    secret : str
        Secret shared with the sender; without it the signature is not checked.
    must_sign : bool
        Refuse a parcel without a signature.

    Raises
    ------
    InputError
        Naming the part, the row, the value and what was expected; nothing is given of a bad parcel.
    """
    parts = _parts(content)
    manifest = _manifest(parts[MANIFEST])
    body = parts[ROWS]
    if len(body) != manifest["size"]:
        raise InputError("exchange.size", column=ROWS, value=len(body), expected=str(manifest["size"]))
    for name, found in _sums(body).items():
        if found != manifest[name]:
            raise InputError("exchange.digest", column=name, value=found, expected=str(manifest[name])[:64])
    signed = _signed(manifest, secret, must_sign)
    rows = _rows(body, manifest)
    return Parcel(manifest, rows, **_sums(content), signed=signed, size=len(content))


def _sums(content: bytes) -> dict[str, str]:
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "sm3": hashlib.new("sm3", content).hexdigest(),
    }


def _parts(content: bytes) -> dict[str, bytes]:
    limits = settings()["limits"]
    if len(content) > limits["file_bytes"]:
        raise InputError("exchange.too_large", value=len(content), expected=str(limits["file_bytes"]))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = sorted(one.filename for one in archive.infolist())
            if names != sorted((MANIFEST, ROWS)):
                raise InputError(
                    "exchange.parts", value=", ".join(names)[:200], expected=f"{MANIFEST}, {ROWS}"
                )
            if sum(one.file_size for one in archive.infolist()) > limits["unpacked_bytes"]:
                raise InputError("exchange.too_large", expected=str(limits["unpacked_bytes"]))
            return {name: archive.read(name) for name in names}
    except _BROKEN as error:
        raise InputError("exchange.not_parcel", value=str(error)[:100], expected="ZIP") from None


def _manifest(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
        canonical(told).encode()
    except (ValueError, RecursionError):
        raise InputError("exchange.not_json", column=MANIFEST, expected="JSON") from None
    if not isinstance(told, dict):
        raise InputError("exchange.not_json", column=MANIFEST, expected="{…}")
    for name, kind in SHAPES.items():
        value = told.get(name)
        if type(value) is not kind:
            raise InputError(
                "exchange.field", column=f"{MANIFEST}: {name}", value=value, expected=kind.__name__
            )
    if told["format"] != FORMAT or told["version"] != VERSION:
        value = f"{told['format']} {told['version']}"[:60]
        raise InputError(
            "exchange.field", column=f"{MANIFEST}: format", value=value, expected=f"{FORMAT} {VERSION}"
        )
    return told


def _signed(manifest: Mapping[str, Any], secret: str, must_sign: bool) -> bool:
    given = manifest.get("signature")
    if given is None or not secret:
        if must_sign:
            raise InputError("exchange.unsigned", column="signature")
        return False
    bare = {name: value for name, value in manifest.items() if name != "signature"}
    if not same(str(given), signature(secret, canonical(bare).encode())):
        raise InputError("exchange.signature", column="signature", value=str(given)[:64])
    return True


def _rows(body: bytes, manifest: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    lines = body.splitlines()
    if len(lines) != manifest["rows"] or len(lines) > settings()["limits"]["rows"]:
        raise InputError("exchange.count", column=ROWS, value=len(lines), expected=str(manifest["rows"]))
    columns, found = set(manifest["columns"]), []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise InputError(
                "exchange.not_json", row=number, value=line[:60].decode("utf-8", "replace")
            ) from None
        if not isinstance(row, dict) or set(row) != columns:
            named = ", ".join(sorted(row)) if isinstance(row, dict) else type(row).__name__
            expected = ", ".join(map(str, manifest["columns"]))
            raise InputError("exchange.columns", row=number, value=named[:200], expected=expected[:300])
        found.append(row)
    return tuple(found)

"""Files 附件.

Pictures and scans of a petition, sealed; a handler passes on to the issue what tells of nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from huanzhi.center.issues.evidence import attach
from huanzhi.center.issues.models import Issue
from huanzhi.center.petitions.models import File, Petition
from huanzhi.center.petitions.pictures import KINDS, kind_of, stripped
from huanzhi.center.petitions.sealing import seal, unseal
from huanzhi.center.petitions.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.library.trail.chain import append

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def keep(petition: Petition, pieces: Sequence[tuple[bytes, str]], now: datetime) -> list[File]:
    """Keep the files of a petition.

    Raises
    ------
    InputError
        ``petitions.too_many``, ``petitions.too_large``, ``petitions.no_picture``.
    """
    limits, held = settings()["open"], File.objects.filter(petition=petition).count()
    if held + len(pieces) > limits["photos_most"]:
        raise InputError("petitions.too_many", most=limits["photos_most"])
    return [_kept(petition, content, held + place, now) for place, (content, _) in enumerate(pieces, 1)]


def _kept(petition: Petition, content: bytes, place: int, now: datetime) -> File:
    kind, most = kind_of(content), settings()["open"]["photo_bytes"]
    if len(content) > most:
        raise InputError("petitions.too_large", most=most // 1048576)
    plain = stripped(content) if kind else b""
    if not plain:
        raise InputError("petitions.no_picture", expected=", ".join(KINDS.values()))
    code = f"{petition.number}-{place:02d}"
    made = File(code=code, petition=petition, media=kind, size=len(plain), received=now)
    made.sealed, made.simulated = seal(plain, code), petition.simulated
    save(SYSTEM, made)
    return made


def content_of(actor: Actor, file: File, reason: str = "") -> bytes:
    """Return the bytes of a file to a handler; the trail tells that it was read.

    Raises
    ------
    InputError
        ``rights.refused`` to anybody else.
    """
    require(actor, "read", thing_of(file))
    append(actor, "read", File.KIND, file.code, after={"fields": ["*"]}, restricted=True)
    return unseal(bytes(file.sealed), file.code)


def pass_on(actor: Actor, file: File, *, now: datetime) -> None:
    """Give a file to the issue as evidence: a handler says that nothing in it tells of the informant.

    Raises
    ------
    InputError
        ``rights.refused``, or ``petitions.no_issue`` where there is none yet.
    """
    require(actor, "change", thing_of(file))
    issue = Issue.objects.filter(number=file.petition.issue).first() if file.petition.issue else None
    if issue is None:
        raise InputError("petitions.no_issue", value=file.petition.number)
    content = unseal(bytes(file.sealed), file.code)
    kind = "photo" if file.media.startswith("image/") else "file"
    attach(actor, issue, content, f"{kind}-{file.code[-2:]}.{ENDINGS[file.media]}", kind, now=now)
    file.passed = True
    save(actor, file)

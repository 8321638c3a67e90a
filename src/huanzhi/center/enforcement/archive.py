"""Archive 案卷归档: a case with its steps, documents and evidence as one file that verifies offline.

``case.json`` holds the case, the steps bound to each other by SM3, terms, findings, replies and payments, and
what is said of each piece with its SM3 and SHA-256; ``papers/`` and ``evidence/`` hold the pieces, numbered
as in the index. ``huanzhi issue verify`` verifies it. Referrals are restricted and never part of a bundle.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.enforcement import papers
from huanzhi.center.enforcement.models import (
    Case,
    CaseEvidence,
    CaseStep,
    Finding,
    Officer,
    Paper,
    Payment,
    Reply,
    Service,
    Term,
    iso,
)
from huanzhi.center.issues.bundle import KINDS, packed
from huanzhi.center.issues.evidence import read
from huanzhi.library.records.stepping import told
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append
from huanzhi.library.trail.hashing import canonical, sm3

MANIFEST = "case.json"
FORMAT = KINDS[MANIFEST][0]


def bundle(actor: Actor, case: Case) -> bytes:
    """Return the bundle of a case; making one is kept in the trail with its fingerprint.

    Raises
    ------
    InputError
        If the actor may not export it.
    StoreError
        If a piece or a document is gone or was changed.
    """
    require(actor, "export", thing_of(case))
    pieces = list(CaseEvidence.objects.filter(case=case).order_by("pk"))
    made = list(Paper.objects.filter(case=case).exclude(state__in=("draft", "replaced")).order_by("pk"))
    manifest = _manifest(case, pieces, made)
    files = [row["file"] for row in json.loads(manifest)["evidence"]]
    contents = [*(papers.read(one) for one in made), *(read(one) for one in pieces)]
    append(actor, "export", Case.KIND, case.number, after={"fingerprint": sm3(manifest)})
    return packed(MANIFEST, manifest, zip(files, contents, strict=True))


def fingerprint(content: bytes) -> str:
    """Return the SM3 of the manifest of a bundle."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sm3(archive.read(MANIFEST).decode())


def _manifest(case: Case, pieces: list[CaseEvidence], made: list[Paper]) -> str:
    steps = [
        {**told(one), "digest": one.digest} for one in CaseStep.objects.filter(case=case).order_by("number")
    ]
    row = {name: value for name, value in case.as_row().items() if name not in ("revision", "fingerprint")}
    listed = [_paper(place, one) for place, one in enumerate(made, 1)]
    listed += [_piece(place, one) for place, one in enumerate(pieces, 1)]
    content = {
        "format": FORMAT,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "case": row,
        "officers": [_officer(one) for one in Officer.objects.filter(case=case).select_related("person")],
        "steps": steps,
        "terms": [_term(one) for one in Term.objects.filter(case=case, referral=None)],
        "findings": [_finding(one) for one in Finding.objects.filter(case=case)],
        "replies": [_reply(one) for one in Reply.objects.filter(case=case).order_by("pk")],
        "services": [
            _service(one) for one in Service.objects.filter(paper__case=case).select_related("paper")
        ],
        "payments": [_payment(one) for one in Payment.objects.filter(case=case)],
        "evidence": listed,
    }
    return canonical(content)


def _paper(place: int, paper: Paper) -> dict[str, Any]:
    name = f"{place:03d}-{paper.title}.docx".replace("/", "-")
    return {**paper.told(), "name": f"{paper.title}.docx", "kind": "paper", "file": f"papers/{name}"}


def _piece(place: int, piece: CaseEvidence) -> dict[str, Any]:
    return {**piece.told(), "file": f"evidence/{place:03d}-{piece.name}"}


def _officer(one: Officer) -> dict[str, Any]:
    times = {"since": iso(one.since), "until": iso(one.until)}
    return {"person": one.person.code, "name": one.person.name, "certificate": one.certificate, **times}


def _term(one: Term) -> dict[str, Any]:
    times = {name: iso(getattr(one, name)) for name in ("started", "due", "ended")}
    return {"rule": one.rule, "clock": one.clock, "state": one.state, "ended_by": one.ended_by, **times}


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "sort": one.sort,
        "result": one.result,
        "answer": one.answer,
        "at": iso(one.at),
        "actor": one.actor,
    }


def _reply(one: Reply) -> dict[str, Any]:
    return {
        "sort": one.sort,
        "words": one.words,
        "filed": iso(one.filed),
        "in_time": one.in_time,
        "actor": one.actor,
    }


def _service(one: Service) -> dict[str, Any]:
    days = {name: getattr(one, name).isoformat() for name in ("day", "effective") if getattr(one, name)}
    told = {name: getattr(one, name) for name in ("way", "receiver", "note", "actor")}
    return {"paper": one.paper.code, **told, **days, "proof": one.proof.sha256 if one.proof else None}


def _payment(one: Payment) -> dict[str, Any]:
    days = {name: getattr(one, name).isoformat() if getattr(one, name) else None for name in ("due", "paid")}
    return {"sort": one.sort, "amount": str(one.amount), "receipt": one.receipt, **days}

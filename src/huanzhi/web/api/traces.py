"""What was shown 立案依据: the warning and its suspects as an officer saw them when he made it an issue.

A trace is sought anew at each asking, so an issue that is opened later may show others. What is answered is
therefore signed: the page gives it back with the decision, and it is kept with the issue as it was shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core import signing

from huanzhi.center.issues.models import Issue
from huanzhi.center.warnings.models import Warning
from huanzhi.errors import InputError, StoreError
from huanzhi.library.rights import Actor
from huanzhi.library.series import open_store
from huanzhi.programmes.tracing import Question, of_warning, trace
from huanzhi.programmes.tracing.telling import told
from huanzhi.standards.periods import stamp
from huanzhi.web.api.warning_shapes import shown, traceable

SALT = "huanzhi.warnings.trace"
TOLD = (
    "code",
    "rule",
    "rule_name",
    "rule_name_en",
    "version",
    "level",
    "colour",
    "region",
    "place",
    "place_name",
    "enterprise",
    "parameter",
    "parameters",
    "value",
    "limit",
    "since",
    "last",
    "thresholds",
    "confidence",
    "facts",
    "judged",
    "suspects",
    "suspect_names",
    "why",
    "why_en",
    "folded",
    "simulated",
    "revision",
)
"""What of a warning is kept: rule, version, inputs and thresholds, and what followed from them."""


def traced(who: Actor, asked: Issue | Question) -> dict[str, Any]:
    """Return a trace; without a store nothing is known of wind and data."""
    try:
        with open_store("read") as store:
            return told(trace(who, store, asked))
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return told(trace(who, None, asked))


def signed_trace(who: Actor, row: Warning, now: datetime) -> dict[str, Any]:
    """Return the trace of a warning with the moment, and the same signed under ``token``."""
    made = {**traced(who, of_warning(row)), "made": stamp(now)}
    return {**made, "token": signing.dumps({"warning": row.code, "trace": made}, salt=SALT, compress=True)}


def as_shown(who: Actor, row: Warning, token: str, now: datetime) -> bytes:
    """Return what is kept with the issue of a warning.

    Parameters
    ----------
    token : str
        Of the trace that the officer saw; where empty the sources are sought now, and ``seen`` is false.

    Raises
    ------
    InputError
        ``warnings.not_shown`` where the token is not ours or of another warning.
    """
    warning = shown(who, row)
    grounds = {name: warning[name] for name in TOLD}
    found = _read(row, token) if token else _now(who, row, now)
    kept = {"kept": stamp(now), "by": who.code, "by_name": who.name, "seen": bool(token)}
    whole = {**kept, "warning": grounds, "trace": found}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _now(who: Actor, row: Warning, now: datetime) -> dict[str, Any] | None:
    return {**traced(who, of_warning(row)), "made": stamp(now)} if traceable(row) else None


def _read(row: Warning, token: str) -> Mapping[str, Any]:
    try:
        found = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        found = {}
    if not isinstance(found, dict) or found.get("warning") != row.code:
        raise InputError("warnings.not_shown", column="trace", value=token[:40], expected=row.code)
    made: Mapping[str, Any] = found["trace"]
    return made

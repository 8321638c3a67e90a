"""The rounds 预警定时研判: what each kind of regular work of warnings does; each bears being begun twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.center.warnings.answering import escalate
from huanzhi.center.warnings.models import Warning
from huanzhi.errors import StoreError
from huanzhi.library.series import Store, open_store
from huanzhi.library.work.worker import Run, Work
from huanzhi.programmes.warning_rounds import air, hours, own, quantities, sections, sources

Round = Callable[[Store, datetime], Mapping[str, int]]


def _held(rounds: Mapping[str, Round]) -> dict[str, Any]:
    """Hold rounds over the store; nothing where there is no store yet."""
    now, before = datetime.now(UTC), Warning.objects.count()
    try:
        with open_store("read") as store:
            told = {name: dict(round_(store, now)) for name, round_ in rounds.items()}
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        told = {}
    return {**told, "new": Warning.objects.count() - before}


def warn(run: Run) -> dict[str, Any]:
    """Hold the rules over hours and those of the city; take the steps of the escalation that are due."""
    told = _held(
        {
            "outlets": hours.outlets,
            "park": hours.park,
            "lost": hours.lost,
            "suspect": hours.suspect,
            "own": own.run,
        }
    )
    return {**told, "escalated": escalate(datetime.now(UTC))}


def judge_sections(run: Run) -> dict[str, Any]:
    """Judge the sections by month and quarter."""
    return _held({"sections": sections.run})


def judge_sources(run: Run) -> dict[str, Any]:
    """Judge the drinking-water sources, and what the air has been."""
    return _held({"sources": sources.run, "air": air.run})


def reckon(run: Run) -> dict[str, Any]:
    """Reckon the quantities of the year."""
    return _held({"quantities": quantities.reckon})


KINDS: Mapping[str, Work] = {
    "warn": warn,
    "sections": judge_sections,
    "sources": judge_sources,
    "reckon": reckon,
}

"""Judging from files 由文件判定: the targets of a document, judged from data files, nothing kept.

The document is read, its targets are bound by name (and as the user says), the data go into a store of their
own, and each target is judged for the region that the document names. Where the data have no such region the
user has to say whose data stand in; that is said wherever the result is shown.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from huanzhi import plans
from huanzhi.errors import InputError
from huanzhi.library.series import Store, open_store
from huanzhi.network.feeds.importing import Plan, import_file
from huanzhi.network.feeds.reading import Options
from huanzhi.programmes.air_cities import city_key
from huanzhi.programmes.indicators.citing import Written
from huanzhi.programmes.indicators.counting import COUNTS
from huanzhi.programmes.indicators.judging import judge
from huanzhi.programmes.indicators.matching import Bound, bind_by_name
from huanzhi.programmes.indicators.measuring import measure
from huanzhi.programmes.indicators.places import Region
from huanzhi.programmes.indicators.reports import Line, payload
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.regions import all_regions

MOST_REGIONS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be judged.

    Attributes
    ----------
    day : date, optional
        Last day that counts; the last of the year by default.
    year : int, optional
        A year on the way, instead of that of each target.
    data_region : str
        Whose data stand in for those of the region of the document.
    chosen : mapping
        Name of a target → code of an indicator.
    """

    plan: Path
    data: Sequence[Path]
    day: date | None = None
    year: int | None = None
    data_region: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """How the targets stand, what could not be bound, and which indicators are given by hand."""

    lines: tuple[Line, ...]
    region: str
    day: date
    unbound: tuple[Mapping[str, Any], ...]
    by_hand: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        left = [{name: told[name] for name in ("indicator", "quote", "damaged")} for told in self.unbound]
        told = payload(self.lines, self.region, self.day)
        return {**told, "unbound": left, "by_hand": list(self.by_hand)}


def judge_files(asked: Asked, today: date) -> Answer:
    """Judge the targets of a document from data files.

    Raises
    ------
    InputError
        If a file is none, nothing could be bound, or the data lack the region that is to be judged.
    """
    if not asked.plan.is_file():
        raise InputError("plans.no_file", file=asked.plan)
    source = plans.read(asked.plan.read_bytes(), asked.plan.name)
    plan = plans.extract(source, (each.name for each in all_regions().values()))
    document = Written(source.name, str(plan.metadata.get("title", "")), source.sha256, "", 0, 0)
    bound, left = bind_by_name([one.as_dict() for one in plan.targets], document, asked.chosen)
    by_hand = tuple(one.definition.name.text() for one in bound if not _from_data(one))
    bound = [one for one in bound if _from_data(one)]
    if not bound:
        raise InputError("indicators.bind_nothing", file=asked.plan)
    with tempfile.TemporaryDirectory(prefix="huanzhi-targets-") as home:
        with open_store("write", Path(home)) as store:
            for file in asked.data:
                import_file(file, Plan(options=Options(today=today)), store)
        with open_store("read", Path(home)) as store:
            region = _region(store, plan.region, asked.data_region)
            lines = tuple(_line(store, one, region, asked) for one in bound)
    day = max(line.judged.measured.until for line in lines)
    return Answer(lines, plan.region, day, tuple(left), by_hand)


def _region(store: Store, named: str, data: str) -> Region:
    """Return whose data count; those of the document's own region where nothing else is said."""
    known = sorted({name for f in store.features() for name in (f.region, f.province) if name})
    keys = {city_key(name): name for name in known}
    wanted = data or named
    if city_key(wanted) not in keys:
        told = "、".join(known[:MOST_REGIONS])
        raise InputError("indicators.no_data_region", region=wanted or "—", known=told)
    instead = bool(data) and city_key(data) != city_key(named)
    return Region(keys[city_key(wanted)], stands_for=named if instead else "")


def _from_data(one: Bound) -> bool:
    """Return whether monitoring data say how a target stands."""
    return not one.definition.reported and one.definition.formula["name"] not in COUNTS


def _line(store: Store, one: Bound, region: Region, asked: Asked) -> Line:
    year = asked.year or one.goal.year
    span = parse_span(str(year))
    until = min(asked.day or span.last, span.last)
    found = measure(store, one.definition, region, span, until)
    return Line("", judge(one.goal, found), one.written)

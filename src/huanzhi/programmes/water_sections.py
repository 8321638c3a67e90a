"""Sections over a span 断面时段均值: what the store holds of surface water, as means of the items.

Of several periods at one section the longest is taken (months before days, hours and single samples). One
value stays as it was reported, and so does an item never above detection. Several are averaged exactly, see
`assess.water_means`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Ints
from huanzhi.assess.readings import Readings, readings
from huanzhi.assess.states import State
from huanzhi.assess.water_kind import decide
from huanzhi.assess.water_means import group_means
from huanzhi.library.series import Feature, Store
from huanzhi.library.series.schema import numpy_column
from huanzhi.messages import language
from huanzhi.programmes.spans import Span
from huanzhi.standards import water_bodies
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import Period
from huanzhi.standards.water import WaterRules, rules

KINDS = ("section", "lake")
LONGEST_FIRST = (Period.MONTH, Period.DAY, Period.HOUR, Period.INSTANT)


@dataclass(frozen=True, slots=True)
class Sections:
    """Sections with their means over a span.

    Attributes
    ----------
    features : tuple of Feature, length n
        Those that have any value in the span.
    silent : tuple of Feature
        Those that have none.
    items : mapping of str to Readings, each of shape (n,)
        Item name of GB 3838 → mean over the span.
    samples : ndarray of int64, shape (n,)
        The most values that any item has.
    lake : ndarray of bool, shape (n,)
    rules : WaterRules
        Those in force on the last day of the span.
    """

    features: tuple[Feature, ...]
    silent: tuple[Feature, ...]
    items: Mapping[str, Readings]
    samples: Ints
    lake: npt.NDArray[np.bool_]
    rules: WaterRules

    def take(self, places: Sequence[int]) -> Sections:
        """Return some of the sections."""
        index = np.asarray(places, dtype=np.int64)
        return Sections(
            tuple(self.features[place] for place in places),
            (),
            {
                name: Readings(one.low[index], one.high[index], one.decimals, one.below[index])
                for name, one in self.items.items()
            },
            self.samples[index],
            self.lake[index],
            self.rules,
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Stored rows of one span: the section of each, and its value."""

    place: Ints
    item: npt.NDArray[np.int64]
    value: Ints
    decimals: npt.NDArray[np.int64]
    state: npt.NDArray[np.int64]


def read_sections(
    store: Store, span: Span, region: str | None = None, codes: Sequence[str] | None = None
) -> Sections:
    """Return the sections of a region, or those with `codes`, or all, with their means over a span.

    Raises
    ------
    StandardError
        If the rules for surface water were not in force on the last day of the span.
    """
    judged_by = rules(span.last)
    known = [f for f in store.features(codes=codes) if f.kind in KINDS]
    wanted = [f for f in known if region is None or in_region(f, region)]
    names = {parameter.code: name for name in judged_by.lake if (parameter := find(name, "water"))}
    rows = _rows(store, span, wanted, tuple(names)) if wanted else None
    if rows is None:
        return Sections((), tuple(wanted), {}, np.zeros(0, np.int64), np.zeros(0, np.bool_), judged_by)
    counts = _counts(rows, len(wanted), len(names))
    spoke = np.flatnonzero(counts.max(axis=1) > 0)
    items = {name: _mean(rows, number, name, len(wanted)) for number, name in enumerate(names.values())}
    present = {name: one for name, one in items.items() if one.present.any()}
    whole = Sections(
        tuple(wanted), (), present, counts.max(axis=1), _lakes(store, span, wanted), judged_by
    ).take(spoke.tolist())
    silent = tuple(feature for place, feature in enumerate(wanted) if place not in set(spoke.tolist()))
    return Sections(whole.features, silent, whole.items, whole.samples, whole.lake, judged_by)


def water_item(name: str) -> str:
    """Return an item of GB 3838 in the reader's language: its own name, in English its symbol."""
    found = find(name, "water") if language() == "en" else None
    return found.symbol if found else name


def in_region(feature: Feature, region: str) -> bool:
    """Return whether a place lies in a region, named by city, province, basin or the start of a code."""
    named = region in (feature.region, feature.province, feature.basin)
    return named or (region.isdigit() and feature.region_code.startswith(region))


def _lakes(store: Store, span: Span, features: Sequence[Feature]) -> npt.NDArray[np.bool_]:
    """Say which are lakes: by the kind that was imported, what is measured there, else by the name."""
    tables = water_bodies.tables()
    codes = [parameter.code for item in tables.evidence_items if (parameter := find(item, "water"))]
    rows = store.range([feature.code for feature in features], codes, None, span.start, span.end)
    probed = set(rows.filter(rows.column("value").is_valid()).column("feature").to_pylist())
    found = decide(
        [feature.name for feature in features],
        tables,
        given=[_given_kind(feature) for feature in features],
        measured=[feature.code in probed for feature in features],
        provinces=[feature.province for feature in features],
    )
    return np.array([kind.lake for kind in found], dtype=np.bool_)


def _given_kind(feature: Feature) -> str:
    return "lake" if feature.kind == "lake" else str(feature.attributes.get("kind", ""))


def _rows(store: Store, span: Span, features: Sequence[Feature], codes: tuple[str, ...]) -> _Rows | None:
    table = store.range([feature.code for feature in features], codes, None, span.start, span.end)
    if not table.num_rows:
        return None
    state = numpy_column(table, "state").astype(np.int64)
    kept = (state == State.VALUE) | (state == State.BELOW_DETECTION)
    kept &= table.column("value").is_valid().to_numpy()
    place = _numbered(table.column("feature"), [feature.code for feature in features])
    period = _numbered(table.column("period"), [str(period) for period in LONGEST_FIRST])
    kept &= period >= 0
    if not kept.any():
        return None
    best = np.full(len(features), len(LONGEST_FIRST))
    np.minimum.at(best, place[kept], period[kept])
    kept &= period == best[place]
    value = table.column("value").fill_null(0).to_numpy()
    item = _numbered(table.column("parameter"), codes)
    decimals = numpy_column(table, "decimals").astype(np.int64)
    return _Rows(place[kept], item[kept], value[kept], decimals[kept], state[kept])


def _numbered(column: object, names: Sequence[str]) -> Ints:
    """Return each cell's place in `names`, -1 where it is not there."""
    encoded = column.combine_chunks().dictionary_encode()  # type: ignore[attr-defined]
    known = {name: number for number, name in enumerate(names)}
    places = np.array([known.get(word, -1) for word in encoded.dictionary.to_pylist()] or [-1])
    found: Ints = places[encoded.indices.to_numpy()].astype(np.int64)
    return found


def _counts(rows: _Rows, features: int, items: int) -> Ints:
    counts = np.zeros((features, items), np.int64)
    np.add.at(counts, (rows.place, rows.item), 1)
    return counts


def _mean(rows: _Rows, item: int, name: str, features: int) -> Readings:
    """Return the mean of an item at every section; one value, or none above detection, stays as it is."""
    mine = rows.item == item
    place, state = rows.place[mine], rows.state[mine]
    decimals = int(rows.decimals[mine].max(initial=0))
    units = rows.value[mine] * 10 ** (decimals - rows.decimals[mine])
    column = readings(units, decimals, state.astype(np.int8))
    counts = np.bincount(place, minlength=features)
    if counts.max(initial=0) <= 1:
        return _single(column, place, features)
    means = group_means({name: column}, place, features)[name]
    measured = np.bincount(place[state == State.VALUE], minlength=features)
    kept = (counts == 1) | (measured == 0)
    highest = np.zeros(features, np.int64)
    np.maximum.at(highest, place, units)
    high = np.where(kept, highest * 10 ** (means.decimals - decimals), means.high)
    states = np.where(counts == 0, State.MISSING, np.where(measured == 0, State.BELOW_DETECTION, State.VALUE))
    return readings(np.where(counts == 0, MISSING, high), means.decimals, states)


def _single(column: Readings, place: Ints, features: int) -> Readings:
    """Return one reading a section, as it was reported."""
    low, high = np.full((2, features), MISSING, np.int64)
    below = np.zeros(features, np.bool_)
    low[place], high[place], below[place] = column.low, column.high, column.below
    return Readings(low, high, column.decimals, below)

"""Ranks do not depend on the order in which places or rows come in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess import air_ranking, cwqi
from huanzhi.assess.exact import MISSING
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.programmes.rankings import rank_air, rank_water
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import Period, start_of_day

FIGURES = st.lists(st.one_of(st.integers(-50, 50), st.just(int(MISSING))), min_size=1, max_size=30)
AT_LIMITS = {"so2": (60, 0), "no2": (40, 0), "co": (40, 1), "o3": (160, 0), "pm10": (70, 0), "pm25": (35, 0)}


@given(FIGURES, st.randoms(use_true_random=False))
@pytest.mark.parametrize("ranked", [air_ranking.rank, cwqi.rank])
def test_each_figure_keeps_its_rank_wherever_it_stands(ranked: Any, figures: list[int], chance: Random):
    order = list(range(len(figures)))
    chance.shuffle(order)
    straight = ranked(np.array(figures, np.int64))
    mixed = ranked(np.array([figures[at] for at in order], np.int64))
    assert mixed.tolist() == [straight[at] for at in order]


@given(FIGURES)
def test_a_rank_is_one_more_than_the_number_of_better_figures(figures: list[int]):
    there = [figure for figure in figures if figure != MISSING]
    wanted = [0 if each == MISSING else 1 + sum(other < each for other in there) for each in figures]
    assert air_ranking.rank(figures).tolist() == cwqi.rank(np.array(figures, np.int64)).tolist() == wanted


def ranked_of(
    home: Path, features: list[Feature], rows: list[dict[str, object]], span: str, rank: Any
) -> Any:
    with open_store("write", home) as store:
        store.write(pa.Table.from_pylist(rows, SCHEMA), features, Source("made.csv", "template", ""))
        found = rank(store, parse_span(span))
    return [(row.name, row.rank, row.index) for row in found.rows]


@pytest.mark.django_db
@pytest.mark.parametrize("medium", ["air", "water"])
def test_a_ranking_is_the_same_for_rows_in_any_order(tmp_path: Path, rows: Any, medium: str):
    names = ("甲市", "乙市", "丙市", "丁市", "戊市")
    if medium == "air":
        places = [Feature(f"city:{name}", name, "city", region=name) for name in names]
        pm25 = (35, 40, 35, 28, 61)  # 甲 and 丙 alike; 戊 has too few days
        data = [
            row
            for name, value in zip(names, pm25, strict=True)
            for row in rows.days(
                f"city:{name}",
                date(2017, 2, 1),
                20 if name == "戊市" else 28,
                AT_LIMITS | {"pm25": (value, 0)},
            )
        ]
        span, rank = "2017-02", rank_air
    else:
        places = [Feature(name, name, "section", region=name) for name in names]
        nitrogen, phosphorus = find("氨氮", "water"), find("总磷", "water")
        assert nitrogen is not None and phosphorus is not None
        time = start_of_day(date(2026, 2, 1))
        data = [
            rows.one(name, parameter.code, Period.MONTH, time, value, 2)
            for name, value in zip(names, (50, 40, 50, 90, 20), strict=True)
            for parameter in ((nitrogen,) if name == "戊市" else (nitrogen, phosphorus))
        ]
        span, rank = "2026-02", rank_water
    straight = ranked_of(tmp_path / "straight", places, data, span, rank)
    assert sorted(place or 0 for _, place, _ in straight) == [0, 1, 2, 2, 4]
    for seed in range(3):
        chance = Random(seed)
        mixed_places, mixed = list(places), list(data)
        chance.shuffle(mixed_places)
        chance.shuffle(mixed)
        assert ranked_of(tmp_path / str(seed), mixed_places, mixed, span, rank) == straight

"""Surface-water class by GB 3838 and 环办[2011]22号."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import messages
from huanzhi.assess import water
from huanzhi.assess.exact import MISSING
from huanzhi.assess.readings import Readings, from_texts, readings
from huanzhi.assess.water_explain import explain_water
from huanzhi.assess.water_kind import Kind, decide
from huanzhi.errors import InputError
from huanzhi.network.feeds.values import parse_column
from huanzhi.standards import water as standard
from huanzhi.standards import water_bodies

OPEN = Path(__file__).parents[3] / "shared/data/surface_water_cnemc_20260204/open/sections.csv"
DAY = date(2026, 2, 4)
RULES = standard.rules(DAY)
LIMITED = [
    (item, lake, place)
    for item, limits in RULES.lake.items()
    for lake in (False, True)
    for place in range(len(limits.accepts))
    if item != "pH" and RULES.limits(item, lake=lake) is not None
]


def section(**cells: str) -> dict[str, Readings]:
    """Return readings of one section; cells are called by symbol."""
    return {RULES.item(name): from_texts([cell]) for name, cell in cells.items()}


def judged(lake: bool = False, **cells: str) -> water.Judgement:
    return water.judge(section(**cells), [lake], RULES)


def class_of(lake: bool = False, **cells: str) -> str:
    return RULES.class_name(int(judged(lake, **cells).overall[0]))


def test_the_worst_item_decides():
    found = judged(ph="7.16", do="10.29", codmn="3.71", nh3n="0.158", tp="0.501")
    assert RULES.class_name(int(found.overall[0])) == "劣Ⅴ"
    assert found.named(found.limiting, 0) == ("总磷",)
    assert found.multiple("总磷", 0) == Decimal("1.5")


def test_lakes_have_stricter_limits_for_phosphorus():
    cells = {"do": "9.85", "codmn": "0.97", "nh3n": "0.043", "tp": "0.029", "ph": "7.93"}
    assert (class_of(**cells), class_of(lake=True, **cells)) == ("Ⅱ", "Ⅲ")


@pytest.mark.parametrize(("item", "lake", "place"), LIMITED)
def test_a_value_at_a_limit_is_in_the_better_class(item, lake, place):
    limits = RULES.limits(item, lake=lake)
    accept = limits.accepts[place]
    limit = accept.high if accept.low is None else accept.low
    step = Decimal("0.0000001") * (1 if accept.low is None else -1)
    column = from_texts([f"{limit:f}", f"{limit + step:f}"])
    _, classes = water.item_classes(column, item, np.array([lake, lake]), RULES)
    same = [a.high if a.low is None else a.low for a in limits.accepts]
    assert classes[0] == same.index(limit) + 1
    assert classes[1] == len(same) - same[::-1].index(limit) + 1


@pytest.mark.parametrize(
    ("ph", "name"), [("6", "Ⅰ"), ("9", "Ⅰ"), ("9.00", "Ⅰ"), ("5.99", "劣Ⅴ"), ("9.01", "劣Ⅴ")]
)
def test_ph_outside_its_range_is_worse_than_all_limits(ph, name):
    assert class_of(ph=ph, do="8") == name


def test_nitrogen_temperature_and_coliforms_do_not_decide():
    assert class_of(lake=True, do="8", tn="9.9") == "Ⅰ"
    assert water.judge({"水温": from_texts(["40"]), "溶解氧": from_texts(["8"])}, [False], RULES).items == (
        "溶解氧",
    )


def test_nitrogen_and_coliforms_are_judged_apart():
    columns = {"总氮": from_texts(["1.2", "1.2"]), "粪大肠菌群": from_texts(["2000", "40001"])}
    found = water.judge_separately(columns, [True, False], RULES)
    assert found["总氮"].tolist() == [4, 0]
    assert found["粪大肠菌群"].tolist() == [2, 6]


def test_missing_items_are_skipped_and_named():
    found = judged(do="8", nh3n="", tp="0.1")
    assert found.named(found.skipped, 0) == ("氨氮",)
    assert class_of(do="8", nh3n="", tp="0.1") == "Ⅱ"


def test_nothing_measured_has_no_class():
    found = judged(ph="", do="", tp="")
    assert found.overall.tolist() == [0]
    assert RULES.class_name(0) == ""
    assert water.judge({}, [False, True], RULES).overall.tolist() == [0, 0]


def test_below_detection_is_at_or_under_its_limit():
    assert class_of(lake=True, do="8", tp="<0.01") == "Ⅰ"
    found = judged(do="8", hg="<0.0002")
    assert RULES.class_name(int(found.overall[0])) == "Ⅳ"
    assert found.named(found.doubtful, 0) == ("汞",)
    assert found.multiple("汞", 0) is None
    assert water.main_pollutants(found, 0) == ()


def test_oxygen_below_detection_is_the_worst():
    found = judged(do="<0.5")
    assert found.overall.tolist() == [6]
    assert not found.doubtful.any()
    assert judged(do="<4").doubtful.any()


def test_below_an_unstated_limit_is_skipped():
    column = readings([MISSING], 0, [2])
    found = water.judge({"总磷": column, "pH": from_texts(["<6"])}, [False], RULES)
    assert found.overall.tolist() == [0]
    assert found.skipped.all()


@pytest.mark.parametrize(("name", "value"), [("tp", "-0.01"), ("ph", "14.1"), ("ph", "-1")])
def test_impossible_values_are_refused(name, value):
    with pytest.raises(InputError) as caught:
        judged(**{name: value})
    assert caught.value.place["column"] in ("总磷", "pH")
    for language in ("zh", "en"):
        with messages.using(language):
            assert value in str(caught.value)


def test_multiples_round_half_to_even_and_skip_ph_and_oxygen():
    found = judged(ph="9.5", do="1", codmn="6.3", nh3n="1.15", tp="0.21")
    assert [found.multiple(item, 0) for item in found.items] == [
        None,
        None,
        Decimal("0.0"),
        Decimal("0.2"),
        Decimal("0.0"),
    ]
    assert judged(codmn="6").multiple("高锰酸盐指数", 0) is None
    assert judged(lake=True, tp="0.1").multiple("总磷", 0) == Decimal("1.0")


def test_main_pollutants_put_heavy_metals_first_then_the_worse_class():
    found = judged(codmn="9", nh3n="1.6", tp="0.35", pb="0.06", cod="31")
    assert water.main_pollutants(found, 0) == ("铅", "总磷", "氨氮")
    assert water.main_pollutants(judged(tp="0.2"), 0) == ()


def test_targets_are_met_missed_or_unknown():
    found = water.judge(
        {"总磷": from_texts(["0.2", "0.21", "", "0.1"]), "汞": from_texts(["", "", "", "<0.001"])},
        [False] * 4,
        RULES,
    )
    assert water.meets_target(found, "Ⅲ").tolist() == [1, 0, -1, -1]
    assert water.meets_target(found, ["II", "Ⅳ", "Ⅲ", ""]).tolist() == [0, 1, -1, -1]


def test_tables_2_and_3_are_met_exceeded_or_unknown():
    limits = standard.supplementary(DAY)["铁"]
    assert water.meets_limit(from_texts(["0.3", "0.31", "", "<0.5"]), limits).tolist() == [1, 0, -1, -1]


def test_rounding_for_evaluation_is_an_option():
    cells = section(ph="9.19", do="5.96", hg="0.000004")
    assert water.judge(cells, [False], RULES).overall.tolist() == [6]
    found = water.judge(cells, [False], RULES, rounding="evaluation")
    assert found.classes[:2, 0].tolist() == [1, 2]
    kept = water.prepare(cells["汞"], "汞", RULES, "evaluation")
    assert kept.text(0) == "0.000004"


decimals = st.decimals(0, 60, places=4)


@given(st.sampled_from([item for item in RULES.lake if item != "pH"]), decimals, decimals, st.booleans())
def test_a_worse_value_never_gives_a_better_class(item, one, other, lake):
    limits = RULES.lake[item]
    low, high = sorted((one, other))
    better, worse = (high, low) if limits.accepts[0].low is not None else (low, high)
    column = from_texts([f"{better:f}", f"{worse:f}"])
    _, classes = water.item_classes(column, item, np.array([lake, lake]), RULES)
    assert classes[0] <= classes[1]


@given(st.lists(st.sampled_from(["", "0.01", "0.15", "0.3", "1.4", "<0.02", "9"]), min_size=1, max_size=8))
def test_rows_are_judged_alone(cells):
    columns = {"总磷": from_texts(cells), "氨氮": from_texts(cells[::-1])}
    whole = water.judge(columns, [False] * len(cells), RULES).overall
    alone = [
        int(water.judge({k: c.take(i) for k, c in columns.items()}, [False], RULES).overall[0])
        for i in range(len(cells))
    ]
    assert whole.tolist() == alone


def test_explanation_walks_back_to_the_limits():
    sample = section(ph="7.2", do="8", tp="0.06", nh3n="", tn="1.2")
    found = explain_water(sample, Kind(True, "given", "lake"), DAY, target="Ⅲ")
    assert found.result["class"] == "Ⅳ"
    assert found.result["multiples"] == {"总磷": Decimal("0.2")}
    assert found.result["separate"] == {"总氮": "Ⅳ"}
    assert found.result["target_met"] == "no"
    for language in ("zh", "en"):
        with messages.using(language):
            sentences = [step["text"] for step in found.as_dict()["steps"]]
            assert any("(0.06 - 0.05) ÷ 0.05 = 0.2" in sentence for sentence in sentences)


def test_explanation_of_a_guessed_kind_cautions():
    found = explain_water(section(do="8"), Kind(False, "default"), DAY)
    assert any("平台默认" in caution for caution in found.cautions())
    assert explain_water({}, Kind(False, "default"), DAY).result["class"] == ""


def open_rows() -> list[dict[str, str]]:
    if not OPEN.exists():
        pytest.skip("shared data absent: ../shared/data/surface_water_cnemc_20260204")
    with OPEN.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def open_columns(rows: list[dict[str, str]]) -> dict[str, Readings]:
    heads = {heading.split("(")[0]: heading for heading in rows[0]}
    found = {}
    for item in ("pH", "溶解氧", "高锰酸盐指数", "氨氮", "总磷"):
        column = parse_column([row[heads[item]] for row in rows])
        found[item] = readings(column.units, column.decimals, column.states)
    return found


def agreement(lake: np.ndarray, rounding: str = "as_reported") -> tuple[float, np.ndarray]:
    """Return the share of rows with the official class, and where only the lake limits give it."""
    rows = open_rows()
    official = np.array(
        [
            RULES.class_number(row["水质类别"].replace("--", "") or "0") if row["水质类别"] != "--" else 0
            for row in rows
        ]
    )
    columns = open_columns(rows)
    river, lakes = (
        water.judge(columns, np.full(len(rows), kind), RULES, rounding=rounding).overall == official
        for kind in (False, True)
    )
    return float(np.where(lake, lakes, river).mean()), lakes & ~river


def test_the_national_class_is_reproduced_where_lakes_are_known():
    _, oracle = agreement(np.zeros(320, bool))
    assert agreement(oracle)[0] >= 0.99
    assert agreement(oracle)[0] > agreement(oracle, "evaluation")[0]


def test_the_national_class_is_reproduced_where_the_name_has_to_tell():
    rows = open_rows()
    tables = water_bodies.tables()
    names = [row["断面名称"] for row in rows]
    probes = [row["叶绿素α(mg/L)"] != "--" for row in rows]
    for evidence in ({}, {"measured": probes}, {"provinces": [row["省份"] for row in rows]}):
        lake = np.array([kind.lake for kind in decide(names, tables, **evidence)])
        assert agreement(lake)[0] >= 0.96

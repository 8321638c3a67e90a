"""The five reference documents: structure, measures, targets and damage as they were counted by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from huanzhi import plans
from huanzhi.cli.plan import places

FOLDER = Path(__file__).parents[2] / "../shared/documents"


def read(number: str) -> plans.Plan:
    found = sorted(FOLDER.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("shared documents absent: ../shared/documents")
    return plans.extract(plans.read(found[0].read_bytes(), found[0].name), places())


def codes(plan: plans.Plan) -> Counter[str]:
    return Counter(warning.code for warning in plan.warnings)


def test_the_list_of_measures_of_000():
    plan = read("000")
    assert (plan.counts["item_cn"], plan.counts["item"]) == (10, 32)
    assert (plan.counts["tasks"], plan.counts["measures"], plan.counts["deadlines"]) == (10, 73, 72)
    assert (plan.counts["ranges"], plan.counts["bodies"]) == (8, 34)
    assert len({body for m in plan.measures for written in m.written for body in written.split("、")}) == 37
    assert [m.no for m in plan.measures if not m.years] == [11]
    assert [m.no for m in plan.measures if m.damaged] == [19]
    assert {"repeated", "unbalanced", "damaged_deadline", "no_deadline"} <= set(codes(plan))


def test_the_articles_of_001():
    plan = read("001")
    assert (plan.counts["part"], plan.counts["item_cn"]) == (8, 25)
    assert (plan.targets, plan.measures) == ((), ())
    assert {"unbalanced", "repeated", "cut_sentence"} <= set(codes(plan))
    assert plan.region == "内蒙古自治区"


def test_the_losses_of_002():
    plan = read("002")
    found = codes(plan)
    assert (plan.counts["part"], plan.counts["item"]) == (5, 18)
    assert (found["missing_year"], found["missing_value"], found["cut_sentence"]) == (8, 2, 1)
    assert [int(t.value) for t in plan.targets if t.unit == "项"] == [5, 3, 4]
    assert all(t.year is None for t in plan.targets)
    assert len(plan.targets) == 13
    assert [t.indicator for t in plan.targets if t.value is None] == [
        "地表水省控断面I~Ⅲ类水质比例",
        "新增造林",
    ]
    assert {t.region for t in plan.targets} == {"椒江区"}


def test_the_targets_of_003():
    plan = read("003")
    assert (plan.counts["part"], plan.counts["item_cn"], plan.counts["bullet"]) == (8, 32, 6)
    assert (plan.counts["measures"], codes(plan)["annex_empty"]) == (0, 1)
    assert plan.metadata["number"] == "余政发〔2018〕36号"
    assert len(plan.targets) == 48
    stretched = {t.indicator: (t.value, t.stretch) for t in plan.targets if t.stretch is not None}
    assert [tuple(map(int, pair)) for pair in stretched.values()] == [(37, 35), (83, 85), (98, 98)]


def test_the_orphan_section_of_004():
    plan = read("004")
    assert (plan.counts["paragraph"], plan.region) == (13, "慈溪市")
    groups = plan.structure[1].children
    assert [len(group.children) for group in groups] == [4, 5, 4]
    assert codes(plan)["orphan_section"] == 1
    assert len(plan.targets) == 4

"""Headings, furniture, metadata and damage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import plans
from huanzhi.plans import marks
from huanzhi.plans.furniture import is_furniture

from .made_up import ACTION_PLAN, FIVE_YEARS, RECTIFICATION


def read(text: str, places: tuple[str, ...] = ()) -> plans.Plan:
    return plans.extract(plans.read(text.encode(), "plan.txt"), places)


@pytest.mark.parametrize(
    ("line", "kind", "number"),
    [
        ("第一章总则", "chapter", 1),
        ("第十二条公开", "article", 12),
        ("一、目标", "part", 1),
        ("二十一、附则", "part", 21),
        ("01指导思想", "part", 1),
        ("(十)支撑", "item_cn", 10),
        ("3.推进", "item", 3),
        ("32、加强", "item", 32),
        ("(2)改造", "subitem", 2),
        ("③监测", "circled", 3),
        ("——水环境", "bullet", 0),
        ("2.1.3监测网络", "item", 3),
    ],
)
def test_marks_of_headings(line: str, kind: str, number: int):
    found = marks.mark(line)
    assert found is not None
    assert (found.kind, found.number) == (kind, number)


@pytest.mark.parametrize(
    "line", ["2.4亿立方米", "2020年", "5座", "一网一中心", "12项任务", "2018-10-30", "0.5元"]
)
def test_figures_are_no_marks(line: str):
    assert marks.mark(line) is None


def test_headings_glued_into_a_line_and_on_lines_of_their_own():
    plan = read(RECTIFICATION)
    measures = plan.structure[1]
    assert measures.title == "主要措施"
    (section,) = measures.children
    assert section.title == "坚持高位推动压实整改责任"
    assert [child.title for child in section.children] == ["落实责任机制", "加强督导检查"]


def test_chapters_sections_and_bullets_nest():
    plan = read(FIVE_YEARS)
    assert [chapter.title for chapter in plan.structure] == ["规划基础", "总体要求", "重点任务"]
    goals = plan.structure[1].children[1]
    assert [child.kind for child in goals.children] == ["bullet"] * 3


def test_furniture_of_the_page_is_no_part_of_the_document():
    assert all(
        is_furniture(line)
        for line in ("收藏", "标签:整改生态", "3人觉得有用", "首页>政务公开", "版权所有:某网")
    )
    assert not any(is_furniture(line) for line in ("市生态环境局", "附件", "一、首页改版", "1"))


def test_metadata_are_read_and_missing_ones_stay_away():
    assert read(FIVE_YEARS).metadata == {
        "title": "云溪市人民政府办公室关于印发云溪市生态环境保护“十四五”规划的通知",
        "number": "云政办发〔2021〕45号",
        "issuer": "云溪市人民政府办公室",
        "date": "2021-08-12",
    }
    head = "索 引 号: | K1/2020-1 | 主题分类: | 环保 |\n文 号: | 无 | 公开范围: | 面向社会 |\n"
    assert read(head + "一、总则\n坚持预防为主,开展各项治理工作,不断改善质量。").metadata == {
        "index": "K1/2020-1",
        "subject": "环保",
        "number": "无",
        "scope": "面向社会",
    }


def test_the_region_is_that_of_the_title_or_told_to_be_inferred():
    assert read(ACTION_PLAN).region == "青岚县"
    text = "一、目标\n建设美丽北溪,全市优良率达到95%,北溪的水更清,南山的山更绿。\n"
    plan = read(text, ("北溪市", "南山市", "北溪县"))
    assert plan.region == "北溪市"
    assert "region_inferred" in [warning.code for warning in plan.warnings]
    assert read(text).region == ""


def test_what_is_damaged_is_told_with_its_place():
    plan = read(RECTIFICATION)
    told = {(warning.code, warning.quote) for warning in plan.warnings}
    assert [w.quote for w in plan.warnings if w.code == "missing_year"] == ["年", "年", "到年"]
    assert ("missing_value", "细颗粒物(PM2.5)平均浓度低于μg/m3") in told
    assert {"unbalanced", "cut_sentence", "no_deadline"} <= {code for code, _ in told}
    assert all(warning.zh != warning.en for warning in plan.warnings)


def test_an_empty_annex_is_told():
    (found,) = [w for w in read(FIVE_YEARS).warnings if w.code == "annex_empty"]
    assert found.zh == "附件没有内容：主要指标表"


def test_a_beginning_in_the_middle_is_told():
    codes = [w.code for w in read("6.强化防范\n加强管理,构建体系,防范风险,保障安全。\n").warnings]
    assert "orphan_section" in codes
    assert "no_title" in codes


@given(st.text(alphabet="一二三、。(),;:12025年%到达率目标“”《》\n 附件1.亩", max_size=200))
def test_any_text_is_read_and_every_quote_is_verbatim(text: str):
    source = plans.Source("plan.txt", "txt", text)
    plan = plans.extract(source)
    for item in (
        *plan.targets,
        *plan.measures,
        *plan.milestones,
        *plan.systems,
        *plan.responsibilities,
        *plan.warnings,
    ):
        assert source.text[item.start : item.end] == item.quote
    assert plan.as_dict()["source"]["characters"] == len(text)


def test_brackets_within_brackets_are_read_through():
    (target,) = read("到2025年,全市(含各县(市、区)及开发区(园区))达标率(以断面(点位)计)达到95%。").targets
    assert (target.indicator, target.value) == ("(含各县(市、区)及开发区(园区))达标率(以断面(点位)计)", 95)

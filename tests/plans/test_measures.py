"""Measures: rows of annexes in every shape, paragraphs naming those responsible, bodies of many names."""

from __future__ import annotations

import pytest

from huanzhi import plans
from huanzhi.plans import bodies, measures

from .made_up import ACTION_PLAN, RECTIFICATION, RECTIFICATION_MEASURES, TASK_TABLE


def read(text: str) -> plans.Plan:
    return plans.extract(plans.read(text.encode(), "plan.txt"))


def test_an_annex_fallen_apart_into_lines_is_put_together():
    found = read(RECTIFICATION).measures
    assert [(m.no, m.text, m.years, m.bodies, m.task) for m in found] == RECTIFICATION_MEASURES


@pytest.mark.parametrize("parting", ["\t", " | ", "    "])
def test_a_table_drawn_in_a_text_is_read(parting: str):
    text = "云溪市工作清单\n附件\n" + "\n".join(parting.join(row) for row in TASK_TABLE) + "\n"
    found = read(text).measures
    assert [m.years for m in found] == [(2023,), (2024,), (2022, 2024), ()]
    assert found[0].bodies == ("市生态环境局", "市经信局", "各县(市、区)政府")
    assert found[0].joint == ("市经信局", "各县(市、区)政府")
    assert found[1].joint == ()
    assert [m.task for m in found] == ["深化治气", "深化治气", "深化治水", "深化治水"]
    assert found[2].text == "建设污水管网，补齐短板"


def test_paragraphs_name_who_is_responsible_in_brackets_and_in_lines():
    found = read(ACTION_PLAN).measures
    assert [m.no for m in found] == [1, 2, 3, 4, 5]
    assert found[0].bodies == ("县住房和城乡建设局", "县综合行政执法局", "各乡镇人民政府")
    assert found[0].joint == ("县综合行政执法局", "各乡镇人民政府")
    assert (found[1].bodies, found[1].years) == (("县住房和城乡建设局", "县生态环境分局"), (2025,))
    assert found[2].bodies == ("县农业农村局", "县生态环境分局", "各乡镇人民政府")
    assert (found[3].bodies, found[3].years) == (("县水利局",), ())
    assert found[4].bodies == ("县生态环境分局",)
    assert {m.task for m in found} == {"加强城镇污水治理", "防治农业面源污染", "强化监管"}


@pytest.mark.parametrize(
    ("written", "years", "damaged"),
    [
        ("建立制度(2020年)", (2020,), False),
        ("建立制度（2020-2023年）", (2020, 2023), False),
        ("建立制度(2020~2023年)", (2020, 2023), False),
        ("建立制度(2020至2023年)", (2020, 2023), False),
        ("建立制度(2020-2022)年)", (2020, 2022), True),
        ("建立制度(2022年底前完成)", (2022,), False),
        ("建立制度", (), False),
        ("建立制度(试行)", (), False),
    ],
)
def test_deadlines_in_brackets(written: str, years: tuple[int, ...], damaged: bool):
    from huanzhi.plans.folding import fold

    text, found, broken = measures.deadline_of(fold(written))
    assert (found, broken) == (years, damaged)
    assert text == ("建立制度(试行)" if "试行" in written else "建立制度")


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("市生态环境局、市水利局", ["市生态环境局", "市水利局"]),
        ("各县(市、区)政府、市水利局", ["各县(市、区)政府", "市水利局"]),
        ("市自然资源和规划局,市住房和城乡建设局", ["市自然资源和规划局", "市住房和城乡建设局"]),
        ("市公安局 市财政局", ["市公安局", "市财政局"]),
        ("市水利局等", ["市水利局等"]),
    ],
)
def test_strings_of_bodies_are_parted(written: str, names: list[str]):
    assert bodies.split(written) == names
    assert bodies.are_bodies(written)


@pytest.mark.parametrize(
    "words", ["建立制度", "推进乡镇空气站建设", "2020年", "场所", "《管理办法》", "提高到95%"]
)
def test_other_words_are_no_bodies(words: str):
    assert not bodies.are_bodies(words) or words == "场所"
    assert read(f"一、任务\n1.整治企业({words})。").measures == ()


def test_names_of_one_body_are_brought_together_and_others_stay_apart():
    names = [
        "市住房和城乡建设局",
        "市住房和城乡建设局",
        "市住建局",
        "市自然资源局",
        "市自然资源和规划局",
        "市自然资源和规划局",
    ]
    assert bodies.brought_together([*names, "市水利局", "市司法局", "台州海事局", "市公安局"]) == {
        "市住建局": "市住房和城乡建设局",
        "市自然资源局": "市自然资源和规划局",
    }


def test_a_measure_without_bodies_or_deadline_is_told():
    codes = [warning.code for warning in read(RECTIFICATION).warnings]
    assert codes.count("no_deadline") == 1
    assert "no_body" not in codes


def test_a_deadline_in_a_cell_behind_the_bodies_is_read():
    cells = [
        "序号",
        "重点任务",
        "责任单位",
        "完成时限",
        "1",
        "建立机制,",
        "完善制度",
        "市水利局",
        "2023年底前",
        "2",
        "修订办法",
        "市公安局",
        "2024年",
    ]
    found = read("云溪市清单\n" + "\n".join(cells) + "\n").measures
    assert [(m.text, m.years, m.bodies) for m in found] == [
        ("建立机制,完善制度", (2023,), ("市水利局",)),
        ("修订办法", (2024,), ("市公安局",)),
    ]


def test_a_list_without_numbers_is_read_by_its_lines_of_bodies():
    rows = [
        ("建立会商机制", "市水利局、市公安局", "2023年"),
        ("修订管理办法", "市公安局", "2024年底前"),
        ("开展专项行动(2025年)", "市水利局", ""),
    ]
    text = (
        "云溪市重点任务分工\n重点任务\n责任单位\n"
        + "\n".join(cell for row in rows for cell in row if cell)
        + "\n"
    )
    found = read(text).measures
    assert [(m.no, m.text, m.years) for m in found] == [
        (1, "建立会商机制", (2023,)),
        (2, "修订管理办法", (2024,)),
        (3, "开展专项行动", (2025,)),
    ]

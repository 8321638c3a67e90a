"""Measures: rows of annexes in every shape, paragraphs naming those responsible, bodies of many names."""

from __future__ import annotations

import pytest

from huanzhi import plans
from huanzhi.plans import bodies, measures

from . import laid
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


DISTRICT = (
    "河阳区“十五五”水生态环境保护实施方案",
    "二、主要任务",
    "（一）深化工业污染防治",
    "1.完成园区管网排查整治。（区生态环境分局牵头，区经信局、高新区管委会配合，2027年6月底前完成）",
    "2.推进涉水企业清洁生产。【责任单位：区发展改革局；配合单位：区生态环境分局、各镇（街道）；完成时限：2026—2029年】",
    "3.开展涉重金属企业专项整治。（区生态环境分局、区经信局按职责分工负责，各镇人民政府、街道办事处具体落实）",
    "（二）补齐城镇污水短板",
    "牵头单位：区水利局",
    "配合单位：区财政局",
    "完成时限：2028年底前",
    "附件：任务分解表",
    (
        ("序号", "重点任务", "具体措施", "责任分工", "<", "完成时间"),
        ("^", "^", "^", "牵头单位", "责任单位", "^"),
        ("一、截污", "<", "<", "<", "<", "<"),
        ("1", "控源截污", "完成33公里老旧管网改造", "区住建局", "区财政局、各镇（街道）", "2027年底"),
        ("2", "^", "整治排污口56个", "区生态环境分局", "区水利局", "2026年6月—2028年12月"),
        ("3", "生态修复", "开展增殖放流", "区农业农村局", "/", "每年6月底前"),
    ),
)
DISTRICT_MEASURES = [
    ("完成33公里老旧管网改造", (2027,), ("区住建局", "区财政局", "各镇(街道)"), (), "控源截污"),
    ("整治排污口56个", (2026, 2028), ("区生态环境分局", "区水利局"), (), "控源截污"),
    ("开展增殖放流", (), ("区农业农村局",), (), "生态修复"),
    (
        "完成园区管网排查整治",
        (2027,),
        ("区生态环境分局", "区经信局", "高新区管委会"),
        ("区经信局", "高新区管委会"),
        "深化工业污染防治",
    ),
    (
        "推进涉水企业清洁生产",
        (2026, 2029),
        ("区发展改革局", "区生态环境分局", "各镇(街道)"),
        ("区生态环境分局", "各镇(街道)"),
        "深化工业污染防治",
    ),
    (
        "开展涉重金属企业专项整治",
        (),
        ("区生态环境分局", "区经信局", "各镇人民政府", "街道办事处"),
        (),
        "深化工业污染防治",
    ),
    ("补齐城镇污水短板", (2028,), ("区水利局", "区财政局"), ("区财政局",), "主要任务"),
]


@pytest.mark.parametrize("layout", [laid.plain, laid.html, laid.docx, laid.pdf])
def test_a_table_of_tasks_and_the_paragraphs_before_it_both_give_measures(layout):
    name = {laid.html: "a.html", laid.docx: "a.docx", laid.pdf: "a.pdf"}.get(layout, "a.txt")
    found = plans.extract(plans.read(layout(DISTRICT), name)).measures
    assert [(m.text, m.years, m.bodies, m.joint, m.task) for m in found] == DISTRICT_MEASURES
    assert [m.no for m in found] == list(range(1, 8))


def test_several_deadlines_in_one_measure_make_a_range_and_are_told():
    words = "\n".join(
        (
            "一、重点任务",
            "1.新建管网。2026年底前新建管网20公里，2028年底前新建管网60公里。（责任单位：市水务局）",
            "2.巩固2025年成效，2027年底前完成整治。（责任单位：市水务局）",
        )
    )
    plan = plans.extract(plans.read(words.encode(), "plan.txt"))
    assert [measure.years for measure in plan.measures] == [(2026, 2028), (2027,)]
    told = [each for each in plan.warnings if each.code == "several_deadlines"]
    assert [each.zh for each in told] == ["第1项有几个完成时限（2026、2028），按起止年份记"]


TASKS = (
    "滨江市2027年大气污染防治行动计划\n附件 任务分解表\n"
    "序号|重点任务|工作措施|责任分工|责任分工|时间进度\n"
    "序号|重点任务|工作措施|牵头|配合|时间进度\n"
    "一|源头治理||||\n"
    "1|监测|建成网格，PM2.5平均浓度控制在30微克/立方米左右|市生态环境局|市交通局 市住建局等部门|6月底前\n"
    "2|加油站|开展油气回收专项检查|市商务局||长期实施\n"
    "二|扬尘管控||||\n"
    "3|道路扬尘|城市道路机械化清扫率达到95%以上|市城管局|各区政府|2026－2027年\n"
)


def test_rows_that_only_name_a_task_and_deadlines_without_a_year_of_an_annual_plan():
    plan = plans.extract(plans.read(TASKS.encode(), "plan.txt"))
    assert [(each.years, each.bodies, each.joint) for each in plan.measures] == [
        ((2027,), ("市生态环境局", "市交通局", "市住建局"), ("市交通局", "市住建局")),
        ((), ("市商务局",), ()),
        ((2026, 2027), ("市城管局", "各区政府"), ("各区政府",)),
    ]


def test_rates_within_measures_of_a_table_are_targets():
    plan = plans.extract(plans.read(TASKS.encode(), "plan.txt"))
    assert [(each.indicator, each.op, each.value, each.year) for each in plan.targets] == [
        ("PM2.5平均浓度", "≈", 30, 2027),
        ("城市道路机械化清扫率", "≥", 95, 2027),
    ]


def test_the_deadline_above_a_measure_holds_for_its_goals():
    text = (
        "河东县贯彻落实省生态环境保护督察反馈意见整改方案\n二、整改任务\n问题一：管网缺失。\n责任单位：县住建局\n"
        "整改时限：2026年12月底前\n整改措施：新建污水管网22公里。\n"
    )
    plan = plans.extract(plans.read(text.encode(), "plan.txt"))
    assert plan.region == "河东县"
    assert [(each.indicator, each.value, each.year) for each in plan.targets] == [("新建污水管网", 22, 2026)]


def test_months_in_brackets_behind_bodies_are_of_the_year_of_an_annual_plan():
    text = (
        "云台县2028年生态环境保护工作要点\n二、重点工作\n"
        "（一）打好蓝天保卫战。淘汰柴油货车600辆。（县生态环境分局、县公安局，12月底前）\n"
        "（二）打好碧水保卫战。新建雨污管网35.6公里。（县住建局牵头，县水利局配合，10月底前）\n"
        "（三）加强日常巡查。健全巡查机制。（县农业农村局，长期坚持）\n"
    )
    plan = plans.extract(plans.read(text.encode(), "plan.txt"))
    assert [(each.years, each.bodies) for each in plan.measures] == [
        ((2028,), ("县生态环境分局", "县公安局")),
        ((2028,), ("县住建局", "县水利局")),
        ((), ("县农业农村局",)),
    ]

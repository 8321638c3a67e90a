"""Targets of made-up plans: all that a careful reader finds, nothing that he does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from huanzhi import plans

from .made_up import ACTION_PLAN, ACTION_TARGETS, FIVE_YEARS, FIVE_YEARS_TARGETS, RECTIFICATION

Answer = tuple[str, str, float | str | None, str, int | None, float | None]


def read(text: str) -> plans.Plan:
    return plans.extract(plans.read(text.encode(), "plan.txt"))


def answers(targets: Sequence[plans.Target]) -> list[Answer]:
    told = [target.as_dict() for target in targets]
    return [(t["indicator"], t["op"], t["value"], t["unit"], t["year"], t["stretch"]) for t in told]


def test_a_five_year_plan_gives_its_targets_and_nothing_of_its_past():
    plan = read(FIVE_YEARS)
    assert sorted(answers(plan.targets), key=str) == sorted(FIVE_YEARS_TARGETS, key=str)
    assert {target.region for target in plan.targets} == {"云溪市"}


def test_an_action_plan_gives_a_value_for_each_year_and_what_is_striven_for():
    found = answers(read(ACTION_PLAN).targets)
    graded = [answer for answer in found if isinstance(answer[2], str)]
    assert sorted([a for a in found if a not in graded], key=str) == sorted(ACTION_TARGETS, key=str)
    assert graded == [("县城污水处理厂出水", "≥", "准Ⅳ类", "", 2025, None)]


def test_what_the_document_has_lost_stays_lost():
    targets = read(RECTIFICATION).targets
    lost = {target.indicator: (target.value, target.year, target.damaged) for target in targets}
    assert lost["细颗粒物(PM2.5)平均浓度"] == (None, None, ("value", "year"))
    assert lost["新增绿地"] == (None, None, ("value", "year"))
    assert lost["空气质量优良天数比例"][1:] == (None, ("year",))
    assert [int(t.value) for t in targets if t.indicator == "整改任务"] == [7, 2]


SENTENCES: list[tuple[str, list[Answer]]] = [
    ("到2025年,森林覆盖率达到65%以上。", [("森林覆盖率", "≥", 65, "%", 2025, None)]),
    ("到2025年，森林覆盖率达到６５％以上。", [("森林覆盖率", "≥", 65, "%", 2025, None)]),
    ("到 2025 年, 森林 覆盖率 达到 65 %。", [("森林覆盖率", "≥", 65, "%", 2025, None)]),
    ("2023年底前,PM2.5浓度降至30μg/m³以下。", [("PM2.5浓度", "≤", 30, "μg/m3", 2023, None)]),
    ("“十四五”末,湿地保护率不低于50%。", [("湿地保护率", "≥", 50, "%", 2025, None)]),
    ("到2025年,回用率达到20%~25%。", [("回用率", "~", 20, "%", 2025, None)]),
    (
        "到2025年,A率和B率分别达到95%、90%以上。",
        [("A率", "≥", 95, "%", 2025, None), ("B率", "≥", 90, "%", 2025, None)],
    ),
    (
        "到2025年,利用率和处置率均达到95%。",
        [("利用率", "≥", 95, "%", 2025, None), ("处置率", "≥", 95, "%", 2025, None)],
    ),
    (
        "到2025年,二氧化硫、氮氧化物排放总量比2020年分别下降5%、8%。",
        [
            ("二氧化硫排放总量比2020年下降", "=", 5, "%", 2025, None),
            ("氮氧化物排放总量比2020年下降", "=", 8, "%", 2025, None),
        ],
    ),
    (
        "2024年、2025年,达标率分别达到91%、93%。",
        [("达标率", "≥", 91, "%", 2024, None), ("达标率", "≥", 93, "%", 2025, None)],
    ),
    ("到2025年,优良率由2020年的91%提高到95%。", [("优良率", "≥", 95, "%", 2025, None)]),
    ("到2025年,灌溉水利用系数提高到0.58以上。", [("灌溉水利用系数", "≥", 0.58, "", 2025, None)]),
    (
        "到2025年,PM2.5浓度控制在30微克/立方米以内,力争达到28微克/立方米。",
        [("PM2.5浓度", "≤", 30, "微克/立方米", 2025, 28)],
    ),
    ("力争到2025年,处置率达到95%。", [("处置率", "≥", 95, "%", 2025, 95)]),
    ("到2025年,新增管网1,500公里。", [("新增管网", "=", 1500, "公里", 2025, None)]),
    (
        "到2025年,建成公园12个、绿道30公里。",
        [("公园", "=", 12, "个", 2025, None), ("绿道", "=", 30, "公里", 2025, None)],
    ),
    ("到2025年,完成120家企业治理。", [("企业治理", "=", 120, "家", 2025, None)]),
    ("到2025年,全市原煤消费总量不超过2020年水平。", [("原煤消费总量", "≤", "2020年水平", "", 2025, None)]),
    ("到2025年,清溪断面水质达到Ⅲ类。", [("清溪断面水质", "≥", "Ⅲ类", "", 2025, None)]),
    ("到2025年,实现县控断面自动监测全覆盖。", [("县控断面自动监测", "=", "全覆盖", "", 2025, None)]),
    (
        "到2025年,A县用水量、B县用水量较2020年分别下降16%和18%。",
        [
            ("A县用水量较2020年下降", "=", 16, "%", 2025, None),
            ("B县用水量较2020年下降", "=", 18, "%", 2025, None),
        ],
    ),
    ("到2025年,劣Ⅴ类水体比例为0。", [("劣Ⅴ类水体比例", "=", 0, "", 2025, None)]),
    ("到2025年,新(改)建污水管网460公里。", [("新(改)建污水管网", "=", 460, "公里", 2025, None)]),
    ("排查出的36条黑臭水体治理率达到60%。", [("黑臭水体治理率", "≥", 60, "%", None, None)]),
    (
        "化肥、农药利用率均达到43%以上。",
        [("化肥利用率", "≥", 43, "%", None, None), ("农药利用率", "≥", 43, "%", None, None)],
    ),
    ("完成80%以上的老旧货车淘汰。", [("老旧货车淘汰", "≥", 80, "%", None, None)]),
    (
        "到2025年,收集率达到70%,或较2020年提高5个百分点以上。",
        [("收集率", "≥", 70, "%", 2025, None), ("收集率较2020年提高", "≥", 5, "个百分点", 2025, None)],
    ),
    (
        "到2025年,完成甲、乙、丙等4个行业整治提升。",
        [("甲、乙、丙等行业整治提升", "=", 4, "个", 2025, None)],
    ),
    ("90%以上的村庄建立分类体系。", [("村庄建立分类体系", "≥", 90, "%", None, None)]),
    ("城市再生水利用率达到20%。", [("城市再生水利用率", "≥", 20, "%", None, None)]),
    (
        "到2025年,建成5个省级、20个市级生态镇。",
        [("省级生态镇", "=", 5, "个", 2025, None), ("市级生态镇", "=", 20, "个", 2025, None)],
    ),
    (
        "“十五五”期间累计削减化学需氧量1.2万吨、氨氮800吨。",
        [("削减化学需氧量", "=", 1.2, "万吨", 2030, None), ("氨氮", "=", 800, "吨", 2030, None)],
    ),
    (
        "到2027年,甲产业用水量、乙产业用水量较2020年下降16%以上。",
        [
            ("甲产业用水量较2020年下降", "≥", 16, "%", 2027, None),
            ("乙产业用水量较2020年下降", "≥", 16, "%", 2027, None),
        ],
    ),
    (
        "到2030年,清洁运输比例、岸电使用率分别提高到75%以上和60%以上。",
        [("清洁运输比例", "≥", 75, "%", 2030, None), ("岸电使用率", "≥", 60, "%", 2030, None)],
    ),
    ("到2027年,流量达标率由85%提高到95%。", [("流量达标率", "≥", 95, "%", 2027, None)]),
    (
        "2029年前新建公厕一千二百座,改厕率达到九成五。",
        [("新建公厕", "=", 1200, "座", 2029, None), ("改厕率", "≥", 95, "%", 2029, None)],
    ),
    ("全市75%的乡镇2027年前建成处理设施。", [("乡镇建成处理设施", "=", 75, "%", 2027, None)]),
    (
        "到2027年,耕地安全利用率达到94%以上(2030年达到95%以上)。",
        [("耕地安全利用率", "≥", 94, "%", 2027, None), ("耕地安全利用率", "≥", 95, "%", 2030, None)],
    ),
    ("2028年,污水处理厂出水2028年全面执行一级A标准。", [("污水处理厂出水", "=", "一级A", "", 2028, None)]),
    ("到2025年,项目建成后年处理能力可达10万吨。", []),
    ("到2025年,能耗下降完成国家下达目标。", [("能耗下降", "=", None, "", 2025, None)]),
    (
        "到2025年,O₃日最大8小时平均浓度降至150μg/m³。",
        [("O3日最大8小时平均浓度", "≤", 150, "μg/m3", 2025, None)],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_ways_to_say_a_target(sentence: str, expected: list[Answer]):
    assert answers(read(sentence).targets) == expected


NO_TARGETS = [
    "完善施工现场“八个100%”管理措施。",
    "实行1:1.1的煤炭减量替代。",
    "日处理能力30吨以上的处理设施实现标准化运维。",
    "2023年底前,完成65蒸吨/小时以上燃煤锅炉改造。",
    "对超标排放50%以上的企业依法处罚。",
    "打通末端最后100米。",
    "落实国家16部委意见,实施循环经济“991”行动计划。",
    "到2020年,实施“新植1亿株珍贵树”行动。",
    "根据云政发〔2018〕18号和《三年行动计划(2018-2020年)》。",
    "截至2020年底,全市共有污水处理厂14座,处理率达到95%。",
    "与去年同比,PM2.5浓度下降5%。",
    "总投资2.5亿元,占地30亩。",
    "2025年底前完成投资30亿元。",
    "到2025年,进水浓度高于100毫克/升的污水处理厂实行精准管理。",
    "对连续3个月排名后2位的县(区)进行约谈。",
    "重点启动模具、泵与机电等10个产业的优化升级。",
    "实行国Ⅵ标准,全面实施国Ⅲ柴油车限行。",
    "联系电话:0576-88886666,邮编318000。",
]


@pytest.mark.parametrize("sentence", NO_TARGETS)
def test_figures_that_are_no_targets(sentence: str):
    assert answers(read(sentence).targets) == []


def test_a_heading_that_orders_to_mend_what_is_short_does_not_look_back():
    past = "一、规划基础\n(一)存在问题\n2020年,收集率不足60%。\n"
    text = past + "二、补齐设施短板,解决突出环境问题\n到2025年,收集率达到75%。\n"
    assert answers(read(text).targets) == [("收集率", "≥", 75, "%", 2025, None)]


def test_a_base_year_is_kept_and_is_not_the_year_of_the_target():
    (target,) = read("到2025年,能耗强度较2020年下降15%。").targets
    assert (target.year, target.base_year, target.year_source) == (2025, 2020, "stated")


def test_a_year_that_leads_a_list_is_marked_as_inherited():
    plan = read(
        "一、主要目标\n到2025年,主要目标如下:\n——大气。优良率达到93%以上。\n——水。达标率达到98%。\n二、任务\n抽检率达到5%。\n"
    )
    assert [(t.year, t.year_source) for t in plan.targets] == [
        (2025, "inherited"),
        (2025, "inherited"),
        (None, ""),
    ]


def test_the_quote_is_what_stands_in_the_file():
    text = "\ufeff一、目标\r\n到 2025年,\r\n PM2.5 浓度  控制在 30 微克/立方米 以下。\r\n"
    source = plans.read(text.encode(), "plan.txt")
    assert source.text == text.removeprefix("\ufeff")
    (target,) = plans.extract(source).targets
    assert source.text[target.start : target.end] == target.quote == "PM2.5 浓度  控制在 30 微克/立方米 以下"

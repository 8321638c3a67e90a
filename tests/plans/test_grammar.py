"""How plans say goals: small made-up sentences, each with all that it states."""

from __future__ import annotations

import pytest

from huanzhi import plans

HEAD = "云溪市水和大气污染防治行动方案\n一、主要目标\n"
Answer = tuple[str, str, float | None, str, int | None]

SAYINGS: dict[str, tuple[Answer, ...]] = {
    # places in a list share what follows the place
    "到2027年，青江、白江流域水质优良比例分别达到100%和96%。": (
        ("青江流域水质优良比例", "≥", 100, "%", 2027),
        ("白江流域水质优良比例", "≥", 96, "%", 2027),
    ),
    "到2027年，县城、城市污水处理率分别达到85%、95%左右。": (
        ("县城污水处理率", "≈", 85, "%", 2027),
        ("城市污水处理率", "≈", 95, "%", 2027),
    ),
    "到2027年，北部及周边地区、南部平原PM2.5浓度分别下降20%、15%。": (
        ("北部及周边地区PM2.5浓度下降", "=", 20, "%", 2027),
        ("南部平原PM2.5浓度下降", "=", 15, "%", 2027),
    ),
    # said once for another place, another year
    "到2027年，县城污水处理率不低于95%，建制镇达到70%。": (
        ("县城污水处理率", "≥", 95, "%", 2027),
        ("建制镇污水处理率", "≥", 70, "%", 2027),
    ),
    "到2027年，铁路货运量比2022年增长30%，北部地区增长40%。": (
        ("铁路货运量比2022年增长", "=", 30, "%", 2027),
        ("北部地区铁路货运量比2022年增长", "=", 40, "%", 2027),
    ),
    "到2025年，储能装机容量达到30万千瓦，抽水蓄能装机达到12万千瓦；到2030年分别达到60万千瓦和48万千瓦。": (
        ("储能装机容量", "≥", 30, "万千瓦", 2025),
        ("抽水蓄能装机", "≥", 12, "万千瓦", 2025),
        ("储能装机容量", "≥", 60, "万千瓦", 2030),
        ("抽水蓄能装机", "≥", 48, "万千瓦", 2030),
    ),
    "到2030年，森林覆盖率、森林蓄积量分别提高到42%、580万立方米。": (
        ("森林覆盖率", "≥", 42, "%", 2030),
        ("森林蓄积量", "≥", 580, "万立方米", 2030),
    ),
    "“十四五”、“十五五”期间分别新增水电装机容量20万千瓦、15万千瓦左右。": (
        ("新增水电装机容量", "≈", 20, "万千瓦", 2025),
        ("新增水电装机容量", "≈", 15, "万千瓦", 2030),
    ),
    "到2027年，大力推行机械化清扫，提高道路清扫率，县城达到60%以上。": (
        ("道路清扫率(县城)", "≥", 60, "%", 2027),
    ),
    # one change of several
    "到2027年，化学需氧量、氨氮排放量比2022年减少3%。": (
        ("化学需氧量排放量比2022年减少", "=", 3, "%", 2027),
        ("氨氮排放量比2022年减少", "=", 3, "%", 2027),
    ),
    "到2027年，氮氧化物和VOCs排放总量相比2022年分别下降12%以上。": (
        ("氮氧化物排放总量相比2022年下降", "≥", 12, "%", 2027),
        ("VOCs排放总量相比2022年下降", "≥", 12, "%", 2027),
    ),
    # figures that say of what
    "到2027年，进水浓度不低于100毫克/升的处理规模占比达到90%。": (
        ("进水浓度不低于100毫克/升的处理规模占比", "≥", 90, "%", 2027),
    ),
    "到2027年，日处理能力20吨以上设施标准化运维率达到95%。": (
        ("日处理能力20吨以上设施标准化运维率", "≥", 95, "%", 2027),
    ),
    "到2027年，公园绿地500米服务半径覆盖率达到90%。": (("公园绿地500米服务半径覆盖率", "≥", 90, "%", 2027),),
    # shares of things that come to something, in a list, with a comma lost
    "到2027年，30%以上的行政村达到示范村标准、50%以上的乡镇建成美丽小镇。": (
        ("行政村达到示范村标准", "≥", 30, "%", 2027),
        ("乡镇建成美丽小镇", "≥", 50, "%", 2027),
    ),
    "到2027年，优良率达到96%80%的县城建成清新空气示范区。": (
        ("优良率", "≥", 96, "%", 2027),
        ("县城建成清新空气示范区", "=", 80, "%", 2027),
    ),
    "到2027年，县级集中式饮用水水源水质100%达标。": (("县级集中式饮用水水源水质达标", "=", 100, "%", 2027),),
    # signs
    "平均降尘量不得高于6吨/月·平方公里。": (("平均降尘量", "≤", 6, "吨/月·平方公里", None),),
    "污泥处置率应于2027年底前达到90%以上。": (("污泥处置率", "≥", 90, "%", 2027),),
    "2027年年底前，完成20个示范乡镇、150个示范村创建。": (
        ("示范乡镇创建", "=", 20, "个", 2027),
        ("示范村创建", "=", 150, "个", 2027),
    ),
    "到2027年，反馈的27个问题完成整改25个。": (("问题整改", "=", 25, "个", 2027),),
    # years of editions and of what was are none of the goal
    "执行《指导目录》（2019年本），到2027年，淘汰5家企业。": (("企业", "=", 5, "家", 2027),),
    # a value lost from a list
    "到2027年，完成氮氧化物减排120吨、VOCs减排85吨、氨氮减排吨。": (
        ("氮氧化物减排", "=", 120, "吨", 2027),
        ("VOCs减排", "=", 85, "吨", 2027),
        ("氨氮减排", "=", None, "吨", 2027),
    ),
    # what is no goal
    "采用集中处理模式的村庄共16个。": (),
}


@pytest.mark.parametrize("saying", SAYINGS)
@pytest.mark.parametrize("half", [False, True])
def test_a_sentence_states_these_goals_and_no_other(saying: str, half: bool):
    text = HEAD + saying
    if half:
        text = text.translate(str.maketrans("，：；（）", ",:;()"))
    plan = plans.extract(plans.read(text.encode(), "plan.txt"))
    found = [
        (t.indicator, t.op, None if t.value is None else float(t.value), t.unit, t.year) for t in plan.targets
    ]
    assert sorted(found, key=str) == sorted(SAYINGS[saying], key=str)
    for target in plan.targets:
        assert plan.source.text[target.start : target.end] == target.quote
        assert ("value" in target.damaged) == (target.value is None)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("盐城市水污染防治行动计划\n一、主要目标\n", "盐城市"),
        ("广西水污染防治作战方案\n一、主要目标\n", "广西壮族自治区"),
        ("2030年度环境保护目标责任书\n甲方：东岭市人民政府\n乙方：石桥区人民政府\n", "石桥区"),
        ("国务院关于印发大气行动计划的通知\n一、主要目标\n", "全国"),
        ("行动计划\n全国地级及以上城市、全国县级及以上城区和城中村，全国都要治理。\n", "全国"),
    ],
)
def test_whose_plan_it_is(text: str, region: str):
    places = ("上城区", "城中区", "广西壮族自治区")
    plan = plans.extract(plans.read(text.encode(), "plan.txt"), places)
    assert plan.region == region


@pytest.mark.parametrize(
    ("cell", "op", "left"),
    [("28", "≤", True), ("≤28", "≤", True), ("26", "≤", False)],
)
def test_a_row_of_a_table_that_repeats_the_text_is_the_same_target(cell: str, op: str, left: bool):
    text = (
        HEAD + "到2030年，全市PM2.5年均浓度不高于28微克/立方米。\n主要指标表\n"
        f"指标|单位|2030年目标\n细颗粒物（PM2.5）浓度|微克/立方米|{cell}\n优良天数比率|%|95\n"
    )
    plan = plans.extract(plans.read(text.encode(), "plan.txt"))
    found = [target for target in plan.targets if "PM2.5" in target.indicator]
    assert (found[0].op, float(found[0].value)) == (op, 28)
    assert (len(found) == 1) == left
    assert any(warning.code == "stated_twice" for warning in plan.warnings) == left

"""Targets of a document judged from data, both cited: real ones where they are, and made-up ones."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from tests.programmes.indicators.made import CITY, fill
from tests.programmes.indicators.made import fine as fine_of

from huanzhi.assess.allowance import joint_mean, rounded
from huanzhi.cli import main
from huanzhi.errors import InputError
from huanzhi.library.indicators.registry import shipped
from huanzhi.library.series import open_store
from huanzhi.messages import using
from huanzhi.programmes.indicators.breakdown import Part, consistency
from huanzhi.programmes.indicators.files import Asked, judge_files
from huanzhi.programmes.indicators.judging import Goal, Verdict, judge
from huanzhi.programmes.indicators.measuring import measure
from huanzhi.programmes.indicators.places import Listed, Region
from huanzhi.programmes.spans import parse_span

SHARED = Path(__file__).parents[3] / "../shared"
DATA = SHARED / "data/city_daily_aqi/open/city_daily.csv.gz"
REAL = pytest.mark.skipif(not DATA.exists(), reason="the shared documents and data are not here")
TODAY = date(2026, 11, 22)
D = Decimal


@pytest.fixture(autouse=True)
def chinese():
    with using("zh"):
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("made"), {2023: 45, 2024: 43, 2025: 41, 2026: 36}, date(2026, 9, 30))


@pytest.fixture
def store(home):
    with open_store("read", home) as store:
        yield store


def real(**more):
    (plan,) = SHARED.glob("documents/003_*.txt")
    return Asked(plan, (DATA,), **more)


def named(answer, code):
    return next(line for line in answer.lines if line.judged.measured.definition.code == code)


@REAL
def test_the_targets_of_003_are_judged_from_station_data_and_cite_both():
    answer = judge_files(real(data_region="天津"), TODAY)
    fine, good = named(answer, "pm25_mean"), named(answer, "good_day_rate")
    assert fine.judged.measured.value == 48  # the official annual mean of Tianjin for 2020
    assert fine.judged.verdict is Verdict.NOT_MET and fine.judged.gap == 11
    assert good.judged.measured.part == 244 and good.judged.measured.value == D("66.7")
    text = next(SHARED.glob("documents/003_*.txt")).read_text(encoding="utf-8")
    for line in (fine, good):
        assert text[line.written.start : line.written.end] == line.written.quote
        (cited,) = line.judged.measured.basis.cited
        assert cited.name == DATA.name and cited.rows == 366 and cited.last_row - cited.first_row == 365
        assert any("代替余姚市" in str(reason) for reason in line.judged.reasons)
    assert [one.number for one in good.judged.measured.basis.editions] == ["HJ 663-2013", "HJ 633-2012"]
    assert "“低小散乱污”企业整治" in [told["indicator"] for told in answer.unbound]


@REAL
def test_within_the_year_003_says_what_the_rest_may_bring():
    answer = judge_files(real(data_region="天津", day=date(2020, 9, 30)), TODAY)
    fine = named(answer, "pm25_mean").judged
    assert fine.verdict is Verdict.AT_RISK
    assert fine.allowance.number == 9
    assert fine.outlook.years == 6
    good = named(answer, "good_day_rate").judged
    assert good.verdict is Verdict.NOT_MET and good.allowance.gone


@REAL
def test_the_data_of_another_region_are_never_taken_unsaid():
    with pytest.raises(InputError) as error:
        judge_files(real(), TODAY)
    assert error.value.key == "indicators.no_data_region"


@REAL
def test_a_year_on_the_way_gives_no_verdict_without_a_milestone():
    answer = judge_files(real(data_region="宁波", year=2016), TODAY)
    fine = named(answer, "pm25_mean").judged
    assert fine.measured.value == 39 and fine.verdict is Verdict.UNKNOWN


@REAL
def test_the_command_writes_both_citations(capsys, tmp_path):
    (plan,) = SHARED.glob("documents/003_*.txt")
    told = ["target", "judge", "--plan", str(plan), "--data", str(DATA), "--data-region", "天津", "--json"]
    with pytest.raises(SystemExit) as done:
        main([*told, "-o", str(tmp_path / "report.docx")])
    assert done.value.code == 0
    found = json.loads(capsys.readouterr().out)
    fine = next(one for one in found["targets"] if one["indicator"] == "pm25_mean")
    assert fine["written"]["start"] == 1435 and fine["measured"]["basis"]["files"][0]["first_row"] == 11498
    assert (tmp_path / "report.docx").stat().st_size > 5000


@pytest.mark.parametrize(
    ("last", "decimals"), [(date(2025, 12, 31), 0), (date(2026, 2, 28), 0), (date(2026, 3, 1), 1)]
)
def test_the_decimals_are_those_of_the_edition_of_the_last_day(store, last, decimals):
    found = measure(store, shipped()["pm25_mean"], Region("模拟市"), parse_span(str(last.year)), last)
    first = date(last.year, 1, 1)
    days = [first + timedelta(days=one) for one in range((last - first).days + 1)]
    level = {2025: 41, 2026: 36}[last.year]
    by_hand = Fraction(sum(fine_of(day, level) for day in days), len(days))
    assert (found.value, found.sort.decimals) == (rounded(by_hand, decimals), decimals)


def test_a_straddling_year_says_so_and_names_both_editions(store):
    span = parse_span("2026")
    found = measure(store, shipped()["good_day_rate"], Region("模拟市"), span, date(2026, 9, 30))
    days = {one.number: (one.first, one.last) for one in found.basis.editions}
    assert days["HJ 633-2012"] == (date(2026, 1, 1), date(2026, 2, 28))
    assert days["HJ 633-2026"][0] == date(2026, 3, 1)
    assert any("跨" in str(note) for note in found.basis.notes)


def test_the_allowance_fed_back_meets_and_a_step_more_does_not(store):
    span = parse_span("2026")
    found = measure(store, shipped()["pm25_mean"], Region("模拟市"), span, date(2026, 9, 30))
    goal = Goal("≤", D(35), 2026)
    spare = judge(goal, found).allowance.number
    for rest, verdict in ((spare, Verdict.MET), (spare + D("0.1"), Verdict.NOT_MET)):
        total = found.total + 92 * Fraction(rest)
        whole = replace(found, until=span.last, left=0, count=365, total=total)
        year = replace(whole, value=rounded(total / 365, 1))
        assert judge(goal, year).verdict is verdict


def test_several_cities_have_an_allowance_and_an_outlook_together(tmp_path):
    other = replace(CITY, code="city:邻市", name="邻市", region="邻市", region_code="990002")
    home = fill(tmp_path, {2024: 43, 2025: 41, 2026: 36}, date(2026, 9, 30))
    fill(home, {2024: 33, 2025: 31, 2026: 30}, date(2026, 9, 30), city=other)
    both = Region("两市", codes=frozenset({"990001", "990002"}))
    with open_store("read", home) as store:
        found = measure(store, shipped()["pm25_mean"], both, parse_span("2026"), date(2026, 9, 30))
    assert len(found.parts) == 2 and found.left == 92
    assert found.so_far == pytest.approx(float(found.value), abs=0.1)
    judged = judge(Goal("≤", D(35), 2026), found)
    assert "各城市" in str(judged.allowance.words)
    spare = Fraction(judged.allowance.number)
    for rest, met in ((spare, True), (spare + Fraction(1, 10), False)):
        whole = [(total + 92 * rest, count + 92) for total, count in found.parts]
        assert (joint_mean(whole, found.sort.decimals) <= 35) is met


def test_a_year_with_too_few_days_has_a_value_and_no_verdict(store):
    span = parse_span("2026")
    found = measure(store, shipped()["pm25_mean"], Region("模拟市"), span, date(2026, 9, 30))
    short = judge(Goal("≤", D(35), 2026), replace(found, count=300, left=10))
    assert short.verdict is Verdict.UNKNOWN and short.gap is not None
    over = judge(Goal("≤", D(35), 2026), replace(found, until=span.last, left=0))
    assert over.verdict is Verdict.UNKNOWN


def test_about_is_never_judged(store):
    found = measure(store, shipped()["pm25_mean"], Region("模拟市"), parse_span("2025"), date(2025, 12, 31))
    assert judge(Goal("≈", D(35), 2025), found).verdict is Verdict.UNKNOWN


def test_a_place_that_left_the_list_counts_until_then(store):
    roster = {CITY.code: Listed(end=date(2026, 3, 1))}
    span = parse_span("2026")
    found = measure(store, shipped()["pm25_mean"], Region("模拟市", roster=roster), span, date(2026, 9, 30))
    assert found.count == 59
    assert [code for code, _ in found.basis.left_out] == [CITY.code]
    before = {CITY.code: Listed(first=date(2027, 1, 1))}
    gone = measure(store, shipped()["pm25_mean"], Region("模拟市", roster=before), span, date(2026, 9, 30))
    assert gone.value is None


def test_regions_go_by_code_and_by_name(store):
    span, day = parse_span("2025"), date(2025, 12, 31)
    for region in (Region("模拟市"), Region("模拟"), Region("甲市", frozenset({"990001"}))):
        assert measure(store, shipped()["pm25_mean"], region, span, day).value == 43
    assert measure(store, shipped()["pm25_mean"], Region("乙市"), span, day).value is None


def test_parts_of_a_count_add_up():
    days = shipped()["heavy_days"]
    parts = [Part("东区", D(1)), Part("西区", D(2))]
    assert consistency(days, "≤", D(3), parts).holds
    short = consistency(days, "≤", D(2), parts)
    assert short.holds is False and short.gap == 1
    assert consistency(days, "≤", D(3), parts, ("南区",)).holds is None


def test_means_do_not_add_but_weigh():
    fine = shipped()["pm25_mean"]
    bare = [Part("东区", D(30)), Part("西区", D(40))]
    assert consistency(fine, "≤", D(35), bare).holds is None
    weighed = [Part("东区", D(30), D(300_000)), Part("西区", D(40), D(100_000))]
    found = consistency(fine, "≤", D("32.5"), weighed)
    assert found.holds and found.total == D("32.50") and found.sort == "mean"

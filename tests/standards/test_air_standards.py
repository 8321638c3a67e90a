"""Air standards as data: editions by date, phases, limits, breakpoints, and what is not confirmed."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from huanzhi import standards
from huanzhi.errors import StandardError
from huanzhi.standards import Confidence, air
from huanzhi.standards.air import ITEMS, Item
from huanzhi.standards.periods import Period

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "standards"
AVERAGINGS = {
    "annual": Period.YEAR,
    "24h": Period.DAY,
    "1h": Period.HOUR,
    "8h_daily_max": Period.DAY_MAX_EIGHT_HOURS,
}


def facts(name: str) -> dict:
    """Return the facts that the tables were written from."""
    path = FACTS / name
    if not path.exists():
        pytest.skip(f"the facts are not beside the checkout: {path.name}")
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.mark.parametrize("identity", ["GB 3095", "HJ 633", "HJ 663"])
def test_editions_change_on_the_first_of_march_2026(identity: str) -> None:
    before = standards.in_force(identity, date(2026, 2, 28))
    after = standards.in_force(identity, date(2026, 3, 1))
    assert before.interval.end == date(2026, 2, 28)
    assert after.number == f"{identity}-2026"


@pytest.mark.parametrize("identity", ["GB 3095", "HJ 633"])
def test_days_before_2016_are_judged_only_as_early_implementation(identity: str) -> None:
    with pytest.raises(StandardError):
        standards.in_force(identity, date(2014, 5, 1))
    assert standards.in_force(identity, date(2014, 5, 1), early=True).id == "2012"
    with pytest.raises(StandardError):
        standards.in_force(identity, date(2012, 12, 31), early=True)


@pytest.mark.parametrize(
    ("day", "annual", "daily"),
    [
        (date(2026, 2, 28), 35, 75),
        (date(2026, 3, 1), 30, 60),
        (date(2030, 12, 31), 30, 60),
        (date(2031, 1, 1), 25, 50),
    ],
)
def test_limits_of_pm25_follow_edition_and_phase(day: date, annual: int, daily: int) -> None:
    edition = standards.in_force("GB 3095", day)
    assert air.limit(edition, Item.PM25, Period.YEAR, day) == annual
    assert air.limit(edition, Item.PM25, Period.DAY, day) == daily


def test_every_basic_limit_agrees_with_the_facts() -> None:
    given = facts("gb3095_ambient_air.toml")
    sets = [
        ("2012", date(2020, 1, 1), given["limits_2012"]),
        ("2026", date(2027, 1, 1), given["limits_2026"]["transition"]),
        ("2026", date(2032, 1, 1), given["limits_2026"]["final"]),
    ]
    compared = 0
    for edition_id, day, limits in sets:
        edition = standards.edition("GB 3095", edition_id)
        for key, values in limits.items():
            name, averaging = key.split("_", 1)
            item = next((item for item in ITEMS if item.column == name), None)
            if item is None or averaging not in AVERAGINGS:
                continue
            for class_, value in zip(("一级", "二级"), values, strict=True):
                assert air.limit(edition, item, AVERAGINGS[averaging], day, class_) == value, key
                compared += 1
    assert compared == 3 * 14 * 2


@pytest.mark.parametrize("year", ["2012", "2026"])
@pytest.mark.parametrize("averaging", [Period.HOUR, Period.DAY])
def test_every_breakpoint_agrees_with_the_facts(year: str, averaging: Period) -> None:
    given = facts("hj633_aqi.toml")
    table = given["breakpoints_2012"]
    if year == "2026":
        table = given["breakpoints_2026"]["realtime" if averaging is Period.HOUR else "daily"]
    rule = air.aqi_rule(standards.edition("HJ 633", year), averaging)
    for row in rule.rows:
        names = [f"{row.item.column}_{end}" for end in _ends(row.item, averaging)]
        values = next(table[name] for name in names if name in table)
        assert [Fraction(c, 10**row.decimals) for c in row.concentrations] == values
        assert list(row.indices) == given["iaqi"]["steps"][: len(values)]


def _ends(item: Item, averaging: Period) -> tuple[str, ...]:
    if averaging is Period.HOUR:
        return ("1h", "24h")
    return ("8h_daily_max", "8h") if item is Item.O3 else ("24h",)


def test_levels_cover_the_whole_range_without_gap() -> None:
    for edition in standards.standard("HJ 633").editions:
        levels = air.aqi_rule(edition, Period.DAY).levels
        covered = [n for level in levels for n in range(level.lowest, level.highest + 1)]
        assert covered == list(range(501))
        assert [level.name for level in levels][:2] == ["优", "良"]


def test_over_range_differs_between_the_editions() -> None:
    rules = {e.id: e for e in standards.standard("HJ 633").editions}
    for year, capped in (("2012", False), ("2026", True)):
        assert air.aqi_rule(rules[year], Period.HOUR).row(Item.SO2).capped is capped
        assert air.aqi_rule(rules[year], Period.DAY).row(Item.O3).capped is capped
        assert air.aqi_rule(rules[year], Period.HOUR).row(Item.PM10).capped


def test_there_is_no_aqi_of_a_month() -> None:
    with pytest.raises(StandardError):
        air.aqi_rule(standards.edition("HJ 633", "2026"), Period.MONTH)


def test_the_2018_amendment_changes_the_reference_state() -> None:
    rows = standards.edition("GB 3095", "2012").table("reference_state").rows
    assert rows[0]["to"] == date(2018, 8, 31)
    assert rows[1]["from"] == date(2018, 9, 1)


def test_validity_and_statistics_of_both_editions() -> None:
    for edition in standards.standard("HJ 663").editions:
        rule = air.validity(edition)
        assert (rule.day, rule.month, rule.february, rule.year) == (20, 27, 25, 324)
        assert (rule.eight_hours, rule.day_max_eight_hours, rule.first_end, rule.last_end) == (6, 14, 8, 24)
        assert [rule.month_days(month) for month in (1, 2, 3)] == [27, 25, 27]
        found = air.statistics(edition)
        assert [found[item].percentile for item in ITEMS] == [98, 98, 95, 90, 95, 95]
        assert [item for item in ITEMS if not found[item].mean] == [Item.CO, Item.O3]


def test_what_is_not_confirmed_says_so() -> None:
    hj663 = standards.edition("HJ 663", "2026")
    assert hj663.table("decimals").provenance.confidence is Confidence.NOT_CONFIRMED
    assert hj663.table("validity").provenance.confidence is Confidence.NOT_CONFIRMED
    assert hj663.table("moving_years").provenance.confidence is Confidence.NOT_FOUND
    assert hj663.table("exceptional_events").provenance.confidence is Confidence.NOT_FOUND
    assert hj663.table("statistics").provenance.confidence is Confidence.CONFIRMED
    ranking = standards.edition("CITY AIR RANKING", "2018")
    assert ranking.table("weights_claimed_2026").provenance.confidence is Confidence.CONFLICT


@pytest.mark.parametrize(("points", "needed"), [(1, 1), (2, 1), (3, 2), (4, 3), (8, 6), (11, 9), (12, 9)])
def test_points_that_a_city_needs(points: int, needed: int) -> None:
    assert air.points_needed(standards.edition("HJ 663", "2013"), points) == needed


def test_index_terms_divide_by_the_limits_of_the_chosen_edition() -> None:
    ranking = standards.edition("CITY AIR RANKING", "2018")
    old = air.index_terms(ranking, standards.edition("GB 3095", "2012"), date(2017, 2, 1))
    assert [int(term.limit) for term in old] == [60, 40, 4, 160, 70, 35]
    assert [term.percentile for term in old] == [None, None, 95, 90, None, None]
    new = air.index_terms(ranking, standards.edition("GB 3095", "2026"), date(2026, 6, 1), "claimed_2026")
    assert [int(term.limit) for term in new] == [60, 40, 4, 160, 60, 30]
    assert [int(term.weight) for term in new] == [1, 2, 1, 2, 1, 3]


def test_items_are_found_by_name_code_and_symbol() -> None:
    assert [air.item_of(name) for name in ("PM2.5", "a34004", "细颗粒物", "pm2_5", "臭氧", "湿度")] == [
        *[Item.PM25] * 4,
        Item.O3,
        None,
    ]


def test_critical_values_have_gaps_that_stay_gaps() -> None:
    edition = standards.edition("HJ 663", "2013")
    assert air.critical_rank_correlation(edition, 5) == Decimal("0.900")
    assert air.critical_rank_correlation(edition, 11) is None
    assert air.critical_rank_correlation(edition, 4) is None

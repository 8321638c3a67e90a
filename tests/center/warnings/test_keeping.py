"""Warnings are raised once, folded, muted, raised in level, released, and made into issues."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from huanzhi.center.issues.models import Issue
from huanzhi.center.warnings.keeping import Keeper, code_of
from huanzhi.center.warnings.models import Mute, Warning
from huanzhi.center.warnings.settings import level_after, levels, settings
from huanzhi.center.warnings.words import title, why
from huanzhi.center.watching.facts import Facts, Watched
from huanzhi.center.watching.rules import RULES, Sign, tables
from huanzhi.center.watching.watch import Watch
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region

pytestmark = pytest.mark.django_db
START = 1_790_000_040 // 60 * 60
OWNERS = ("91110000000000000A", "91110000000000000B", *(f"9111000000000000{n}C" for n in range(8)))


@dataclass
class Told:
    """A rule that sees what it is told."""

    table: dict
    name: str = "over_limit"
    signs: list = field(default_factory=list)

    def look(self, now):
        yield from self.signs


@pytest.fixture
def district():
    region = Region(code="990001", name="模拟区", path="/990001/", level="county", simulated=True)
    region.save()
    for code in OWNERS:
        Enterprise(code=code, name=f"模拟{code[-2:]}", region=region, simulated=True).save()
    return region


def keeper(*names):
    places = {
        f"P{n}": Watched(f"P{n}", f"排放口{n}", "outlet", owner, 120.0, 30.0, simulated=True)
        for n, owner in enumerate(OWNERS)
    }
    watch = Watch(Facts(places))
    watch.rules = [Told(dict(tables()[name]), name) for name in names or ("over_limit",)]
    return Keeper(watch), watch


def sign(place="P0", rule="over_limit", **facts):
    return Sign(rule, place, ("w01018",), facts or {"value": 88.0, "limit": 50.0})


def see(found, minute, *signs):
    kept, watch = found
    for rule in watch.rules:
        rule.signs = [one for one in signs if one.rule == rule.name]
    kept.step(START + 60 * minute)


def test_a_sign_becomes_one_warning_and_one_issue(district):
    found = keeper()
    for minute in range(3):
        see(found, minute, sign())
    row = Warning.objects.get()
    assert (row.rule, row.place, row.value, row.limit) == ("over_limit", "P0", 88.0, 50.0)
    assert row.level == "warning" and row.state == "open" and row.simulated
    assert row.last - row.since == timedelta(minutes=2)
    issue = Issue.objects.get(number=row.issue)
    assert issue.channel == "warning" and issue.enterprise == OWNERS[0] and issue.sensor and issue.simulated
    assert issue.facts["limit"] == 50.0 and "88" in issue.facts["why"]


def test_it_is_released_only_after_a_while_without_signs(district):
    found, release = keeper(), tables()["over_limit"]["release"]
    see(found, 0, sign())
    see(found, release)
    assert Warning.objects.get().state == "open"
    see(found, release + 1)
    row = Warning.objects.get()
    assert row.state == "released" and row.released == datetime.fromtimestamp(START + 60 * (release + 1), UTC)


def test_it_rises_in_level_with_time(district):
    found = keeper()
    for minute in (0, 60, 119, 120):
        see(found, minute, sign())
        assert Warning.objects.get().level == ("warning" if minute < 120 else "serious")


def test_what_is_muted_is_seen_but_opens_no_issue(district):
    until = datetime.fromtimestamp(START, UTC) + timedelta(hours=2)
    Mute(code="m", rule="over_limit", subject="P0", until=until, reason="检修", muted_by="x").save()
    found = keeper()
    see(found, 0, sign(), sign("P1"))
    assert [(row.place, row.muted, bool(row.issue)) for row in Warning.objects.order_by("place")] == [
        ("P0", True, False),
        ("P1", False, True),
    ]


def test_a_restart_raises_nothing_twice(district):
    see(keeper(), 0, sign())
    again = keeper()
    see(again, 1, sign())
    assert Warning.objects.count() == Issue.objects.count() == 1
    see(again, 200)
    assert Warning.objects.get().state == "released"


def test_what_rises_at_one_owner_is_folded_into_the_first(district):
    found = keeper("over_limit", "treatment_off")
    see(found, 0, sign(rule="treatment_off", share=0.02))
    see(found, 5, sign(rule="treatment_off", share=0.02), sign())
    first, second = Warning.objects.order_by("pk")
    assert second.storm == first and second.issue == first.issue
    assert Issue.objects.count() == 1


def test_a_storm_of_silence_is_one_issue(district):
    found, least = keeper("silent"), settings()["storm"]["least"]
    see(found, 0, *(sign(f"P{n}", "silent", minutes=43.0) for n in range(9)))
    rows = list(Warning.objects.order_by("pk"))
    assert len(rows) == 9 and sum(row.storm_id is None for row in rows) == least - 1
    assert Issue.objects.count() == least - 1


def test_what_lies_in_no_known_region_is_kept_without_an_issue(district):
    found = keeper()
    see(found, 0, Sign("over_limit", "nowhere", ("w01018",), {"value": 1.0, "limit": 0.5}))
    row = Warning.objects.get()
    assert row.region is None and row.issue == ""


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_rule_has_words_levels_and_a_category(rule):
    row = Warning(rule=rule, parameter="w01018", facts={})
    for language in ("zh", "en"):
        assert title(rule, language) and why(row, language)
    assert level_after(rule, 0) in levels() and level_after(rule, 1e9) in levels()
    assert settings()["rule"][rule]["category"]


def test_codes_differ_by_moment_and_subject(district):
    found = keeper()
    see(found, 0, sign(), sign("P1"))
    codes = {code_of(warned) for warned in found[1].open.values()}
    assert len(codes) == 2 and all(code.startswith("YJ-2026") for code in codes)

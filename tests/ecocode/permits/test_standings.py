"""Kept standings of allowances equal a fresh reckoning, whatever changed in between."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from huanzhi.ecocode.permits import standings
from huanzhi.ecocode.permits.allowing import limits_of, reckoned
from huanzhi.ecocode.permits.models import AllowanceStanding, MonthAmount
from huanzhi.library.enterprises.models import Outlet, PermitLimit
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def kept(day=DAY):
    standings.renew(day)
    rows = AllowanceStanding.objects.filter(day=day, basis=standings.basis())
    return {one.limit_id: {name: getattr(one, name) for name in standings.ORDERS} for one in rows}


def fresh(day=DAY):
    return {one.limit.pk: standings.figures(one) for one in reckoned(SYSTEM, limits_of(SYSTEM, day), day)}


def limit_of(city, number=0):
    return PermitLimit.objects.get(outlet=city.outlets[number], measure="amount")


def test_a_kept_standing_is_a_fresh_reckoning_after_every_change(city):
    held = limit_of(city)
    seen = [kept()]
    assert seen[-1] == fresh() and seen[-1][held.pk]["state"] == "unknown"
    for month in range(1, 11):
        city.month(city.outlets[0], month, 0.5)
    seen.append(kept())
    assert seen[-1] == fresh() and seen[-1][held.pk]["used"] == 50_000

    row = MonthAmount.objects.get(outlet=city.outlets[0], month=10)
    row.measured *= 9
    row.save()
    seen.append(kept())
    assert seen[-1] == fresh()
    held = limit_of(city)
    held.value = "3"
    save(SYSTEM, held)
    seen.append(kept())
    assert seen[-1] == fresh() and seen[-1][held.pk]["state"] == "over"
    held.valid_to = DAY
    save(SYSTEM, held)
    seen.append(kept())
    assert seen[-1] == fresh() and held.pk not in fresh()
    row.delete()
    told = {"permit": city.permits[0], "outlet": city.outlets[0], "parameter": "w01018", "valid_from": DAY}
    save(SYSTEM, PermitLimit(**told, measure="amount", averaging="year", value="20", unit="t"))
    seen.append(kept())
    current = {pk for pk in seen[-1] if pk in fresh()}
    assert {pk: seen[-1][pk] for pk in current} == fresh()
    assert all(one != other for one, other in pairwise(seen)), "each change told"


def test_another_day_and_other_settings_are_reckoned_anew(city, monkeypatch):
    city.month(city.outlets[0], 10, 0.5)
    first = kept()
    assert standings.renew(DAY) == 0, "what is fresh is not reckoned again"
    assert kept(DAY + timedelta(days=20)) == fresh(DAY + timedelta(days=20))
    assert kept() == first
    monkeypatch.setattr(standings, "basis", lambda: "other")
    assert standings.renew(DAY) == len(first)


def test_rows_that_are_written_at_once_take_the_standings_of_their_enterprise_away(city):
    from huanzhi.programmes.emission.keeping import Month, _store

    city.month(city.outlets[0], 1, 0.5)
    kept()
    amount = MonthAmount.objects.get().amount
    _store(city.outlets[0], [Month("DW1", "w01018", 2026, 2, amount, (), "", 0)])
    assert standings.stale(DAY).count() == 1, "of the other enterprise they stay"
    assert kept() == fresh()
    assert kept()[limit_of(city).pk]["used"] == 10_000


def test_an_outlet_that_changes_is_reckoned_anew(city):
    kept()
    outlet = Outlet.objects.get(code="DW1")
    outlet.name = "新名"
    save(SYSTEM, outlet)
    assert standings.stale(DAY).count() == 1 and kept() == fresh()

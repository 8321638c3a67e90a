"""What is kept of balances equals a fresh reckoning, whatever changed in between."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huanzhi.ecocode.waste import kept
from huanzhi.ecocode.waste.balance import balances
from huanzhi.ecocode.waste.kept_models import BalanceKept
from huanzhi.ecocode.waste.models import Entry, Manifest, Plan
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
DAY = date(2026, 11, 20)
OIL, SLUDGE = "900-249-08", "336-064-17"


@pytest.fixture
def firms(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    told = {"region": city, "simulated": True}
    return [save(SYSTEM, Enterprise(code=f"E{at}", name=f"企业{at}", **told)) for at in (1, 2)]


def entry(firm, kind, kg, day=DAY, waste=OIL, **more):
    told = {"waste": waste, "day": day, "kind": kind, "grams": kg * 1000, "made": NOW}
    return Entry(enterprise=firm, reference=f"{kind}{kg}{day}", **told, **more)


def same():
    """Return what is kept, held against a fresh reckoning."""
    found = set(kept.mismatched(DAY, Enterprise.objects.all()))
    every = balances(None, date(DAY.year, 1, 1), DAY)
    assert found == {(one.enterprise, one.waste) for one in every if one.mismatches()}
    return {(Enterprise.objects.get(pk=pk).code, waste) for pk, waste in found}


def test_what_is_kept_is_a_fresh_reckoning_after_every_change(firms):
    one, other = firms
    assert same() == set() and not BalanceKept.objects.exclude(wastes=[]).exists()
    save(SYSTEM, entry(one, "generated", 500))
    assert same() == set()
    save(SYSTEM, entry(one, "disposed", 900))
    assert same() == {("E1", OIL)}, "an entry through the one door"
    save_all(SYSTEM, [entry(one, "generated", 400, DAY - timedelta(days=3)), entry(other, "used", 50)], "表")
    assert same() == {("E2", OIL)}, "many rows at once"
    plan = {"year": 2026, "state": "filed", "made": NOW, "made_by": "x"}
    item = {"waste": OIL, "made": 1000, "amount": 1000, "way": "own", "receiver": ""}
    made = save(SYSTEM, Plan(number="P1", enterprise=one, items=[item], **plan))
    assert ("E1", OIL) in same(), "a plan that is exceeded"
    made.items = [{**item, "made": 10_000_000}]
    save(SYSTEM, made)
    assert same() == {("E2", OIL)}


def test_the_other_side_of_a_continuous_transfer_is_reckoned_anew(firms):
    one, other = firms
    save_all(SYSTEM, [entry(one, "generated", 900), entry(other, "generated", 1)], "起")
    assert same() == set()
    parties = {"generator": one, "carrier": one, "receiver": other}
    told = {"category": "HW08", "happened": NOW, "made": NOW, "continuous": True, "lines": [{"waste": OIL}]}
    pipe = save(SYSTEM, Manifest(number="20260000000001", **parties, **told))
    assert same() == set() and BalanceKept.objects.count() == 2
    moved = {"manifest": pipe.number, "source": "manifest"}
    save(SYSTEM, entry(one, "transferred", 300, **moved))
    assert same() == {("E1", OIL), ("E2", OIL)}, "what left has not come to the other side"
    save(SYSTEM, entry(other, "received", 300, **moved))
    assert same() == set()


def test_only_what_changed_is_reckoned_again(firms, monkeypatch):
    save_all(SYSTEM, [entry(one, "generated", 500) for one in firms], "起")
    assert kept.renew(DAY) == 2 and kept.renew(DAY) == 0
    save(SYSTEM, entry(firms[0], "used", 20))
    assert kept.renew(DAY) == 1
    assert kept.renew(DAY.replace(year=2027)) == 2, "another year"
    monkeypatch.setattr(kept, "basis", lambda: "other")
    assert kept.renew(DAY.replace(year=2027)) == 2, "other settings"

"""Other ledgers come into the trail once, in their order."""

from datetime import UTC, datetime

import pytest

from huanzhi.assess.quality_flags import Effect
from huanzhi.library.devices import Device, DeviceState, open_register
from huanzhi.library.reviews.ledger import open_ledger
from huanzhi.library.reviews.model import Mark, Role, Substitute
from huanzhi.library.trail.exporting import verify_all
from huanzhi.library.trail.gathering import gather
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 1, tzinfo=UTC)


def told():
    found = Entry.objects.filter(kind__in=["device", "review"]).order_by("seq")
    return list(found.values_list("actor", "action", "kind", "key"))


def test_changes_of_devices_come_in_once(tmp_path):
    with open_register(tmp_path) as register:
        register.save([Device("MN1", DeviceState.REGISTERED, password="secret")], who="zhang", reason="new")
    assert gather(tmp_path) == {"devices": 1}
    assert gather(tmp_path) == {"devices": 0}
    with open_register(tmp_path) as register:
        register.park(["MN2"])
    assert gather(tmp_path) == {"devices": 1}
    assert told() == [
        ("register:zhang", "register", "device", "MN1"),
        ("register:gateway", "park", "device", "MN2"),
    ]
    assert "secret" not in "".join(Entry.objects.values_list("body", flat=True))
    assert verify_all().whole


def substitute(time):
    return Substitute("F", "w01018", "hour", time, "value", 1, 0, "mg/L", "rule", "why")


def test_reviews_come_in_once_and_approvals_in_any_order(tmp_path):
    mark = Mark("F", "w01018", "hour", 0, 3600, "maintenance", Effect.INVALID, "", "pump")
    with open_ledger("write", tmp_path) as ledger:
        held = ledger.mark(mark, "li", Role.OFFICER, AT)
        ledger.substitute([substitute(0), substitute(3600)], "li", AT)
        ledger.approve([2], "wang", AT)
        gather(tmp_path)
        ledger.approve([1], "wang", AT)
        ledger.end_mark(held.id, "wang", Role.OFFICER, "over", AT)
    gather(tmp_path)
    assert set(gather(tmp_path).values()) == {0}
    assert sorted(told()) == sorted(
        [
            ("review:li", "mark", "review", "1"),
            ("review:li", "substitute", "review", "1"),
            ("review:li", "substitute", "review", "2"),
            ("review:wang", "approve", "review", "2"),
            ("review:wang", "approve", "review", "1"),
            ("review:wang", "end", "review", "1"),
        ]
    )

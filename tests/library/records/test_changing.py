"""Business records change through one door: right, check, row and trail together."""

import pytest

from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import ANYONE, SYSTEM
from huanzhi.library.trail.chain import FIRST, digest
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db


def city(**more):
    return Region(code="330200", name="宁波市", level="city", path="330200/", **more)


def test_a_record_and_its_entry_are_written_together():
    save(SYSTEM, city(), "initial")
    entry = Entry.objects.get()
    assert (entry.seq, entry.action, entry.kind, entry.key, entry.previous) == (
        1,
        "create",
        "region",
        "330200",
        FIRST,
    )
    assert entry.details["after"]["name"] == "宁波市"
    assert entry.digest == digest(entry)


def test_a_change_keeps_what_was_before():
    save(SYSTEM, city())
    found = Region.objects.get()
    found.name = "宁波"
    save(SYSTEM, found)
    last = Entry.objects.last()
    assert (last.details["before"]["name"], last.details["after"]["name"]) == ("宁波市", "宁波")
    assert last.previous == Entry.objects.first().digest


def test_a_change_of_an_older_revision_is_refused():
    save(SYSTEM, city())
    mine, theirs = Region.objects.get(), Region.objects.get()
    save(SYSTEM, theirs)
    with pytest.raises(InputError) as error:
        save(SYSTEM, mine)
    assert error.value.key == "records.stale"


def test_who_has_no_right_changes_nothing():
    with pytest.raises(InputError):
        save(ANYONE, city())
    assert not Region.objects.exists() and not Entry.objects.exists()


def test_a_wrong_field_is_named():
    with pytest.raises(InputError) as error:
        save(SYSTEM, Region(code="330200", name="", level="city", path="330200/"))
    assert error.value.as_dict()["column"] == "name"

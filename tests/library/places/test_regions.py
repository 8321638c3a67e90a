"""The tree of regions."""

import pytest

from huanzhi.errors import InputError
from huanzhi.library.places.loading import level_of, load_regions, parents, region_for
from huanzhi.library.places.models import NATION, Region
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry
from huanzhi.standards.regions import all_regions

pytestmark = pytest.mark.django_db


def test_every_code_of_the_standard_lies_below_the_nation():
    assert load_regions() == len(all_regions()) + 1
    assert Region.objects.get(pk="330282").path == "330000/330200/330282/"
    assert Region.objects.get(pk=NATION).path == ""
    assert Region.objects.filter(parent=None).count() == 1
    assert Entry.objects.count() == len(all_regions()) + 1


def test_loading_again_changes_nothing_that_people_wrote():
    load_regions()
    Region.objects.filter(pk="330282").update(name="改名")
    assert load_regions() == 0
    assert Region.objects.get(pk="330282").name == "改名"


@pytest.mark.parametrize(
    ("code", "above", "level"),
    [
        ("330000", [NATION], "province"),
        ("330200", ["330000", NATION], "city"),
        ("330282", ["330200", "330000", NATION], "county"),
        ("330282101", ["330282", "330200", "330000", NATION], "township"),
        ("330282101001", ["330282101", "330282", "330200", "330000", NATION], "village"),
        ("990001", ["990000", NATION], "county"),
    ],
)
def test_codes_tell_what_lies_above(code, above, level):
    assert (parents(code), level_of(code)) == (above, level)


def test_a_township_is_laid_into_the_tree():
    load_regions()
    save_all(SYSTEM, region_for("330282101001", "某村", [("330282101", "某镇")]))
    assert Region.objects.get(pk="330282101001").path == "330000/330200/330282/330282101/330282101001/"
    assert Region.objects.get(pk="330282101").name == "某镇"


def test_a_region_lies_not_within_itself_and_moves_not_with_others_below():
    load_regions()
    ningbo, cixi = Region.objects.get(pk="330200"), Region.objects.get(pk="330282")
    ningbo.parent = cixi
    with pytest.raises(InputError):
        save(SYSTEM, ningbo)
    moved = Region.objects.get(pk="330200")
    moved.parent = Region.objects.get(pk=NATION)
    with pytest.raises(InputError):
        save(SYSTEM, moved)

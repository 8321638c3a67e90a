"""Made-up plans with tables of every shape, in every format: every target of the key, nothing beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from huanzhi import plans

from . import basins, counties, laid, provinces, savings, towns

DOCUMENTS = towns.DOCUMENTS | counties.DOCUMENTS | provinces.DOCUMENTS | basins.DOCUMENTS | savings.DOCUMENTS
WITHOUT_PDF = ("province", "city_air", "yearly", "blue_sky", "county_civil")
"""They hold signs that the font of the made-up PDF lacks (·), or cells that are too narrow in it."""
FORMATS: dict[str, Callable[[Sequence[laid.Item]], bytes]] = {
    "pipes.txt": laid.plain,
    "tabs.txt": lambda items: laid.plain(items, "\t"),
    "page.html": laid.html,
    "plan.docx": laid.docx,
    "plan.pdf": laid.pdf,
}
Answer = tuple[object, ...]


def key(name: str) -> Counter[Answer]:
    """Return what a document states, once where text and table say the same."""
    return Counter({(a[0], a[1], a[2], _number(a[3]), *a[4:]) for a in DOCUMENTS[name][1]})


def answers(plan: plans.Plan) -> Counter[Answer]:
    names = ("region", "indicator", "op", "value", "unit", "year", "stretch")
    told = [target.as_dict() for target in plan.targets]
    return Counter(tuple(_number(each[name]) for name in names) for each in told)


def _number(value: object) -> object:
    return float(value) if isinstance(value, int | float) else value


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("form", FORMATS)
def test_every_target_is_found_and_none_is_made_up(name: str, form: str):
    if form == "plan.pdf" and name in WITHOUT_PDF:
        return
    plan = plans.extract(plans.read(FORMATS[form](DOCUMENTS[name][0]), form))
    found, wanted = answers(plan), key(name)
    assert (wanted - found, found - wanted) == (Counter(), Counter())
    for item in (*plan.targets, *plan.measures):
        assert plan.source.text[item.start : item.end] == item.quote


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if DOCUMENTS[name][2]])
@pytest.mark.parametrize("form", ["pipes.txt", "page.html", "plan.docx", "plan.pdf"])
def test_measures_have_their_years_bodies_and_tasks(name: str, form: str):
    plan = plans.extract(plans.read(FORMATS[form](DOCUMENTS[name][0]), form))
    found = [(measure.text, measure.years, measure.bodies, measure.task) for measure in plan.measures]
    wanted = DOCUMENTS[name][2]
    assert len(found) == len(wanted)
    for given, answer in zip(found, wanted, strict=True):
        assert [a for a, b in zip(given, answer, strict=True) if b is not None] == [
            b for b in answer if b is not None
        ]


def test_a_value_that_another_document_sets_is_told_and_not_guessed():
    plan = plans.extract(plans.read(laid.html(towns.ECOLOGY), "page.html"))
    open_ones = [target for target in plan.targets if target.value is None]
    assert [target.damaged for target in open_ones] == [("value",)] * 3
    assert sum(each.code == "missing_value" for each in plan.warnings) == 3

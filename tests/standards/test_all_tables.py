"""Every table of law that ships: read, dated, with clause, unit, confidence and sources; and the doctests."""

from __future__ import annotations

import doctest
import pkgutil
from datetime import date
from decimal import Decimal
from importlib import import_module
from itertools import pairwise

import pytest

from huanzhi import standards
from huanzhi.standards import Confidence, Edition, Table, all_standards
from huanzhi.standards.parameters import parameter
from huanzhi.standards.units import find_unit

EDITIONS = [edition for held in all_standards().values() for edition in held.editions]
TABLES = [(edition, table) for edition in EDITIONS for tables in edition.tables.values() for table in tables]
LIMITS = ("breakpoints", "classes", "columns", "ladder", "bands", "ranges", "thresholds")
each_table = pytest.mark.parametrize(
    ("edition", "table"), TABLES, ids=[f"{e.number} {t.id} {t.phase}".strip() for e, t in TABLES]
)
each_edition = pytest.mark.parametrize("edition", EDITIONS, ids=[e.number for e in EDITIONS])

WANTED = {
    "GB 3095": ["2012", "2026"],
    "HJ 633": ["2012", "2026"],
    "HJ 663": ["2013", "2026"],
    "CITY AIR RANKING": ["2018"],
    "GB 3838": ["2002"],
    "环办22号": ["2011"],
    "CWQI": ["2017"],
    "GB/T 14848": ["2017"],
    "GB 3097": ["1997"],
    "HJ 442.10": ["2020"],
    "GB 36600": ["2018"],
    "GB 15618": ["2018"],
    "GB 3096": ["2008"],
    "GB 12348": ["2008"],
    "GB 18918": ["2002"],
    "GB 8978": ["1996"],
    "GB 13271": ["2014"],
    "GB 13223": ["2011"],
    "GB 18485": ["2014"],
    "GB 14554": ["1993"],
    "GB 16297": ["1996"],
    "DB33/2169": ["2018"],
    "DB33/973": ["2021"],
    "DB32/4440": ["2022"],
    "HJ 524": ["2009"],
    "HJ 525": ["2009"],
    "GB/T 2260": ["2007"],
}


@pytest.mark.parametrize(("identity", "years"), WANTED.items())
def test_the_standards_of_the_platform_are_held(identity: str, years: list[str]) -> None:
    assert [edition.id for edition in standards.standard(identity).editions] == years


def test_titles_stand_in_both_languages() -> None:
    for held in all_standards().values():
        assert held.title, held.id
        assert held.title_en.isascii() or "′" in held.title_en, held.id


@each_edition
def test_every_edition_has_dates_and_sources(edition: Edition) -> None:
    assert date(1990, 1, 1) < edition.interval.start <= date(2027, 1, 1)
    assert edition.provenance.sources or edition.provenance.confidence is Confidence.DEFAULT


@each_edition
def test_every_edition_is_in_force_on_its_first_and_last_day(edition: Edition) -> None:
    first, last = edition.interval.start, edition.interval.end or date(2040, 1, 1)
    assert standards.in_force(edition.standard, first) is edition
    assert standards.in_force(edition.standard, last) is edition


@each_table
def test_every_table_says_where_it_stands(edition: Edition, table: Table) -> None:
    ours = table.provenance.confidence is Confidence.DEFAULT
    assert ours or table.clause or table.provenance.note or all("clause" in row for row in table.rows)
    assert ours or table.provenance.sources or table.provenance.note


@each_table
def test_every_table_of_limits_has_a_unit(edition: Edition, table: Table) -> None:
    if table.kind in LIMITS:
        assert table.unit or all("unit" in row for row in table.rows)


@each_table
def test_what_is_weak_says_why(edition: Edition, table: Table) -> None:
    """A table weaker than its edition has a note or sources of its own."""
    if table.provenance.confidence is not edition.provenance.confidence and not table.confirmed:
        notes = [row.get("note") for row in table.rows]
        assert table.provenance.note or table.provenance.sources or any(notes)


@each_table
def test_no_number_of_law_is_a_binary_fraction(edition: Edition, table: Table) -> None:
    def floats(value: object) -> bool:
        if isinstance(value, list | tuple):
            return any(map(floats, value))
        return isinstance(value, float)

    assert not any(floats(value) for row in table.rows for value in row.values())
    assert all(isinstance(step, str | int | Decimal) for step in table.axis)


@each_table
def test_codes_of_parameters_exist(edition: Edition, table: Table) -> None:
    for row in table.rows:
        for key in ("parameter", "code"):
            if isinstance(row.get(key), str) and "2260" not in edition.number:
                assert parameter(row[key])


def test_transfer_units_of_the_code_lists_are_read() -> None:
    for identity in ("HJ 524", "HJ 525"):
        for row in standards.in_force(identity, date(2026, 1, 1)).table("parameters").rows:
            assert find_unit(row["unit"]) is not None, row["name"]


def test_editions_of_one_standard_follow_each_other_day_by_day() -> None:
    for held in all_standards().values():
        for before, after in pairwise(held.editions):
            assert before.interval.end is not None
            assert (after.interval.start - before.interval.end).days == 1


MODULES = [name for _, name, _ in pkgutil.iter_modules(standards.__path__, "huanzhi.standards.")]


@pytest.mark.parametrize("name", ["huanzhi.standards", *MODULES])
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0

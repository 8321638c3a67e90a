"""The declared sections of the enterprise file: words, columns, addresses, rights."""

import pytest

from huanzhi.library.rights import ANYONE, SYSTEM
from huanzhi.library.rights.matrix import group_of
from huanzhi.programmes.enterprise_file.sections import KINDS, open_to, section_of, sections

GROUPS = {"base", "permits", "monitoring", "supervision", "code", "accounts", "papers"}


@pytest.mark.parametrize("section", sections(), ids=lambda one: one.id)
def test_a_section_has_words_columns_and_a_group(section):
    assert all(section.title) and section.group in GROUPS and section.api.startswith("/")
    assert section.columns and all(column.kind in KINDS and all(column.title) for column in section.columns)
    assert group_of(section.right) != "other", f"{section.right} is of no group of kinds.toml"
    assert not section.due or section.todo


def test_a_section_whose_address_does_not_answer_is_not_shown():
    every = {one.id for one in sections()}
    assert {one.id for one in open_to(SYSTEM, lambda api: api != "/permits")} == every - {"permits"}
    assert open_to(ANYONE, lambda api: True) == []


def test_columns_without_a_table_bring_their_own_words():
    told = {
        "title": ["甲", "a"],
        "group": "base",
        "api": "/a",
        "right": "enterprise",
        "columns": [
            ["code", "编号", "code"],
            ["n", "数", "number", "number"],
            ["s", "态", "s", {"x": ["是", "yes"]}],
        ],
    }
    code, number, state = section_of("a", told).columns
    assert (code.kind, number.kind) == ("text", "number")
    assert state.as_dict()["choices"] == [{"value": "x", "zh": "是", "en": "yes"}]
    with pytest.raises(ValueError, match="code"):
        section_of("a", {**told, "columns": ["code"]})

"""Errors: what, where and what was expected, in both languages and for machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from huanzhi.errors import HuanzhiError, InputError, StandardError, StoreError
from huanzhi.messages import using

FULL = InputError(
    "standards.no_unit",
    file=Path("a.csv"),
    row=3,
    column="so2",
    value="12 furlongs",
    expected="µg/m³",
    unit="furlongs",
)


def test_the_sentence_in_both_languages() -> None:
    with using("zh"):
        assert str(FULL) == (
            "文件 a.csv，第 3 行，“so2”列，值“12 furlongs”：不认识单位“furlongs”（应为：µg/m³）"
        )
    with using("en"):
        assert str(FULL) == (
            "file a.csv, row 3, column “so2”, value “12 furlongs”: unknown unit “furlongs” (expected: µg/m³)"
        )


def test_only_the_places_that_are_known_are_named() -> None:
    with using("en"):
        assert str(InputError("standards.no_unit", unit="x")) == "unknown unit “x”"
        assert str(InputError("standards.no_unit", unit="x", row=2)) == "row 2: unknown unit “x”"
        assert str(InputError("standards.no_unit", unit="x", value=0)).startswith("value “0”: ")


def test_the_language_is_that_of_the_reader_not_of_the_moment_of_failure() -> None:
    with using("zh"):
        error = StandardError("standards.no_unit", unit="x")
    with using("en"):
        assert str(error) == "unknown unit “x”"


def test_the_machine_form() -> None:
    with using("en"):
        assert FULL.as_dict() == {
            "error": "standards.no_unit",
            "message": str(FULL),
            "file": "a.csv",
            "row": 3,
            "column": "so2",
            "value": "12 furlongs",
            "expected": "µg/m³",
        }


@pytest.mark.parametrize(("kind", "code"), [(InputError, 3), (StandardError, 4), (StoreError, 5)])
def test_each_branch_has_its_exit_code(kind: type[HuanzhiError], code: int) -> None:
    assert issubclass(kind, HuanzhiError)
    assert kind.exit_code == code


def test_a_key_without_a_message_is_a_defect_of_the_program() -> None:
    with pytest.raises(KeyError):
        str(InputError("no.such_message"))

"""The engine: limits exact to the last digit, what is missing not in order, nothing written is ever run."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import rules
from huanzhi.errors import InputError
from huanzhi.messages import using
from huanzhi.rules.cells import columns_of, read
from huanzhi.rules.graph import graph_of
from huanzhi.rules.model import Field, Policy, Type
from huanzhi.standards.model import Words

WORDS = {"zh": "甲", "en": "a"}
COLOURS = [{"code": c, "zh": c, "en": c} for c in ("red", "orange", "green")]


def book(rows, inputs=None, **more):
    inputs = inputs or [{"name": "a", "title": WORDS, "optional": True}]
    document = {
        "id": "t", "from": "2026-01-01", "title": WORDS, "basis": WORDS, "input": inputs,
        "confidence": "CONFIRMED",
        "output": [{"name": "r", "type": "integer", "title": WORDS}],
        "row": [{"when": when, "then": {"r": i}} for i, when in enumerate(rows, 1)],
        **more,
    }  # fmt: skip
    return rules.of_document(document)


def row_of(cells, value):
    return rules.evaluate(book([{"a": each} for each in cells]), {"a": value}).row


@pytest.mark.parametrize(
    ("cell", "value", "hits"),
    [
        (">= 0.3", "0.3", True),
        (">= 0.3", "0.29999999999999999999999", False),
        ("<= 0.3", "0.30000000000000000000001", False),
        ("<= 0.3", "0.30", True),
        ("> 9007199254740992", 9007199254740993, True),
        ("> 9007199254740993", 9007199254740992, False),
        ("[1..3)", 3, False),
        ("(1..3]", "1.0000000001", True),
        ("(1..3]", 1, False),
        ("(..0)", "-0.000000000000000001", True),
        ("[2..2]", 2, True),
        ("1, 2, 5", 5, True),
        ("1, 2, 5", 4, False),
        ("= 7", 7, True),
        ("missing", None, True),
        ("missing", 0, False),
        ("< 5", None, False),
        ("", None, True),
    ],
)
def test_limits_are_exact(cell, value, hits):
    assert row_of([cell], value) == (1 if hits else None)


def test_a_float_is_the_decimal_it_is_written_as():
    assert row_of(["<= 0.3"], 0.3) == 1
    assert row_of(["<= 0.3"], 0.1 + 0.2) is None


NUMBERS = st.decimals(-1000, 1000, places=3)


@given(
    st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">=", "="]), NUMBERS), min_size=1, max_size=6),
    NUMBERS,
)
def test_the_engine_agrees_with_plain_comparison(tests, value):
    compare = {
        "<": value.__lt__, "<=": value.__le__, ">": value.__gt__, ">=": value.__ge__, "=": value.__eq__,
    }  # fmt: skip
    expected = [i for i, (sign, limit) in enumerate(tests, 1) if compare[sign](limit)]
    cells = [{"a": f"{sign} {limit:f}"} for sign, limit in tests]
    first = rules.evaluate(book(cells), {"a": value})
    every = rules.evaluate(book(cells, policy="collect"), {"a": value})
    assert [hit.number for hit in every.hits] == expected
    assert first.row == (expected[0] if expected else None)


def test_words_and_truths():
    inputs = [
        {"name": "c", "type": "text", "choices": COLOURS, "title": WORDS, "optional": True},
        {"name": "t", "type": "truth", "title": WORDS},
        {"name": "f", "type": "text", "title": WORDS, "optional": True},
    ]
    table = book([{"c": "red, orange", "t": True}, {"c": "not red", "t": "false"}, {"f": "not x"}], inputs)
    assert rules.evaluate(table, {"c": "orange", "t": True}).row == 1
    assert rules.evaluate(table, {"c": "green", "t": False}).row == 2
    assert rules.evaluate(table, {"c": None, "t": False}).row is None
    assert rules.evaluate(table, {"c": "red", "t": False, "f": "其他"}).row == 3
    assert rules.evaluate(table, {"c": "red", "t": False, "f": "x"}).row is None


def test_a_score_card_counts_the_first_of_each_group_with_its_weight_between_bounds():
    rows = [
        {"group": "g", "when": {"a": ">= 10"}, "then": {"points": "1.5"}},
        {"group": "g", "when": {"a": ">= 5"}, "then": {"points": "1"}},
        {"group": "h", "when": {"a": ">= 1"}, "then": {"points": -100}},
    ]
    card = book([], kind="score", row=rows, weights={"g": "2"}, base=3, least=0, most=5,
                band=[{"when": ">= 5", "then": {"r": 1}}, {"when": "< 5", "then": {"r": 2}}])  # fmt: skip
    result = rules.evaluate(card, {"a": 12})
    assert [(hit.number, hit.points) for hit in result.hits] == [(1, 3), (3, -100)]
    assert result.outputs == {"total": 0, "r": 2}
    assert rules.evaluate(card, {"a": None}).outputs == {"total": 3, "r": 2}
    assert rules.evaluate(book([], kind="score", row=rows), {"a": 6}).outputs == {"total": -99}


def test_a_result_names_rule_version_row_inputs_and_reasons_in_both_languages():
    warning = rules.versions("section_warning")[0]
    result = rules.evaluate(warning, {"month_ratio": "1.05"})
    with using("zh"):
        told = result.as_dict()
    assert (told["rulebook"], told["version"], told["row"]) == ("section_warning", "1", 4)
    assert told["inputs"]["month_ratio"] == "1.05" and told["outputs"]["colour"] == "orange"
    assert told["hits"][0]["reasons"] == ["月均值与目标之比（最差指标）：1.05（条件：> 1）"]
    assert set(told["unknown"]) == {"months_over", "worse_than_v", "year_at_risk"}
    with using("en"):
        assert result.as_dict()["hits"][0]["reasons"] == [
            "month's mean to target, worst item: 1.05 (condition: > 1)"
        ]


@pytest.mark.parametrize(
    ("inputs", "key"),
    [
        ({}, "rules.input_missing"),
        ({"a": "x"}, "rules.value"),
        ({"a": True}, "rules.value"),
        ({"a": float("nan")}, "rules.value"),
        ({"a": "1e400"}, "rules.value"),
        ({"a": 11}, "rules.value"),
        ({"a": 1, "b": 2}, "rules.no_input"),
    ],
)
def test_wrong_values_are_refused(inputs, key):
    table = book([{"a": "1"}], [{"name": "a", "title": WORDS, "most": 10}])
    with pytest.raises(InputError) as error:
        rules.evaluate(table, inputs)
    assert error.value.key == key


ATTACKS = [
    "__import__('os').system('id')", "1 or true", "$ > 0", "true; 1", "'a' + 'b'", "`id`", "{{a}}",
    "map([1])", 'red" or "1" == "1', "red'", "len($)", "[1..3", "1..3]", "> > 1", ">= ", "1e5", "inf",
    "red\nor", "d('x')",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("kind", ["number", "text", "truth"])
def test_nothing_but_a_condition_is_a_condition(attack, kind):
    with pytest.raises(InputError) as error:
        book(
            [{"a": attack}],
            [{"name": "a", "type": kind, "title": WORDS, "choices": COLOURS if kind == "text" else []}],
        )
    assert error.value.key == "rules.cell" and error.value.place["row"] == 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_written_the_engine_sees_integers_only(written, word):
    field = Field("a", Type.TEXT, Words("甲", "a"), optional=True)
    try:
        cell = read(written, field)
    except InputError:
        return
    rows = [{"a": cell}]
    graph = graph_of(columns_of([field], rows), rows, Policy.FIRST)
    (rule,) = graph["nodes"][1]["content"]["rules"]
    assert set(rule["c0"]) <= set("-0123456789, ")
    table = book([{"a": written}], [{"name": "a", "type": "text", "title": WORDS, "optional": True}])
    assert rules.evaluate(table, {"a": word}).row in (1, None)


@pytest.mark.parametrize("broken", [
    {"input": [{"name": "a b", "title": WORDS}]}, {"input": 3}, {"row": ["x"]}, {"title": {"zh": "甲"}},
    {"from": "tomorrow"}, {"policy": "last"}, {"confidence": "SURE"}, {"more": 1}, {"base": "many"},
])  # fmt: skip
def test_a_document_of_the_wrong_form_is_refused(broken):
    with pytest.raises(InputError):
        book([{"a": "1"}], **broken) if "input" not in broken else book([{}], broken["input"])


def test_decimals_survive_json():
    share = rules.shipped()["inspection_share"][0]
    assert rules.as_document(share)["row"][0]["then"]["share"] == "0.125"
    assert rules.evaluate(share, {"class": "key", "credit": "good"}).outputs["share"] == Decimal("0.125")

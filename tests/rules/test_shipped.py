"""Every shipped rulebook: every worked example, every row reached by one, what is ours said to be ours."""

from datetime import date
from decimal import Decimal

import pytest

from huanzhi import rules
from huanzhi.errors import StandardError
from huanzhi.messages import catalogue, using
from huanzhi.rules.checks import unanswered, unreachable
from huanzhi.rules.shipped import read
from huanzhi.standards.model import Confidence

EVERY = [each for held in rules.shipped().values() for each in held]
CASES = [(book, answer) for book in EVERY for answer in rules.run_examples(book)]


def named(book):
    return f"{book.id}-{book.place or 'all'}-{book.version}"


@pytest.mark.parametrize(("book", "answer"), CASES, ids=[f"{named(b)}-{a.number}" for b, a in CASES])
def test_every_worked_example(book, answer):
    assert answer.passed, answer.fault
    assert answer.result.digest == rules.digest(book)


@pytest.mark.parametrize("book", EVERY, ids=map(named, EVERY))
def test_every_row_is_met_by_an_example_and_none_is_out_of_reach(book):
    met = {hit.number for answer in rules.run_examples(book) for hit in answer.result.hits}
    assert met == set(range(1, len(book.rows) + 1))
    assert list(unreachable(book)) == []


@pytest.mark.parametrize("book", EVERY, ids=map(named, EVERY))
def test_a_document_reads_back_the_same(book):
    document = rules.as_document(book)
    again = rules.of_document(document)
    assert again == book and rules.digest(again) == rules.digest(book)


@pytest.mark.parametrize("book", EVERY, ids=map(named, EVERY))
def test_what_no_document_says_is_not_law(book):
    ours = book.provenance.confidence is Confidence.DEFAULT
    assert not (ours and book.law)
    assert not ours or "平台默认" in book.basis.zh
    assert book.title.zh and book.title.en and book.basis.zh and book.basis.en
    for field in (*book.inputs, *book.outputs):
        assert field.title.zh and field.title.en


def test_those_of_the_work_are_there():
    wanted = {
        "section_warning", "outlet_warning", "escalation", "petition_clocks", "penalty_exemption", "reward",
        "inspection_share", "write_off", "cure_proof", "dispatch",
    }  # fmt: skip
    assert wanted <= set(rules.shipped())


def test_the_nearest_place_and_the_day_decide():
    day = date(2026, 11, 22)
    assert rules.load("reward", day, "330106001").place == "330100"
    assert rules.load("reward", day, "331002").place == "330000"
    assert rules.load("reward", day, "990001").place == ""
    assert rules.places_of("331002001") == ("331002001", "331002", "331000", "330000", "")
    assert rules.load("penalty_exemption_list", date(2025, 1, 31), "440700").place == "440700"
    with pytest.raises(StandardError, match="2025-02-01"):
        rules.load("penalty_exemption_list", date(2025, 2, 1), "440700")
    with pytest.raises(StandardError):
        rules.load("nothing", day)


def test_tables_that_should_answer_every_case_do():
    complete = (
        "escalation",
        "cure_proof",
        "inspection_share",
        "reward",
        "section_warning",
        "inspection_class",
    )
    for name in complete:
        assert all(unanswered(book) == 0 for book in rules.versions(name)), name


HOLDS = '{ when = { a = ">= 1" }, then = { r = 1 } }'
MINIMAL = """
[[rulebook]]
id = "x"
from = {start}
{end}
title = {{ zh = "甲", en = "a" }}
basis = {{ zh = "平台默认", en = "ours" }}
confidence = "DEFAULT, NOT FROM THE DOCUMENTS"
input = [{{ name = "a", title = {{ zh = "甲", en = "a" }} }}]
output = [{{ name = "r", type = "integer", title = {{ zh = "果", en = "r" }} }}]
row = [{row}]
example = [{example}]
"""


def text(start="2026-01-01", end="", row='{ when = { a = "> 1" }, then = { r = 1 } }', example=None):
    example = "{ inputs = { a = 2 }, expected = { r = 1 } }" if example is None else example
    return MINIMAL.format(start=start, end=end, row=row, example=example)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (text(row='{ when = { b = "1" }, then = { r = 1 } }'), "there is no such input"),
        (text(row='{ when = { a = "1" }, then = { q = 1 } }'), "there is no such output"),
        (text(row='{ when = { a = "1" }, then = {} }'), "does not give"),
        (text(row='{ when = { a = "one" }, then = { r = 1 } }'), "condition is not written"),
        (text(row=f"{HOLDS}, {{ when = {{ a = \"2\" }}, then = {{ r = 2 }} }}"), "row 1"),
        (text(example=""), "no worked example"),
        (text(end="to = 2025-01-01"), "ends before"),
        (text() + "wrong = 1", "unknown key"),
    ],
)  # fmt: skip
def test_a_damaged_rulebook_is_refused_and_named(broken, words):
    with using("en"), pytest.raises(StandardError, match=words):
        read(broken, "file.toml")


def test_gaps_and_overlaps_of_dates_are_refused():
    from huanzhi.rules.checks import check_dates

    def versions(end):
        return read(text(end=f"to = {end}") + text(start="2026-07-01"), "f")

    check_dates(versions("2026-06-30"))
    for end, key in (("2026-06-29", "rules.gap"), ("2026-07-01", "rules.overlap")):
        with pytest.raises(StandardError) as error:
            check_dates(versions(end))
        assert error.value.key == key
    with pytest.raises(StandardError):
        check_dates(read(text() + text(start="2026-07-01"), "f"))


def test_a_wrong_expectation_is_a_failure_that_says_what_came():
    book = read(text(example="{ inputs = { a = 2 }, expected = { r = 2 } }"), "f")[0]
    (failure,) = rules.failures(book)
    assert "1" in failure.fault and failure.result.outputs == {"r": 1}
    nothing = read(text(example="{ inputs = { a = 2 }, expected = {} }"), "f")[0]
    assert rules.failures(nothing)


def test_confidence_words_exist():
    assert all(f"confidence.{each.name.lower()}" in catalogue() for each in Confidence)
    assert Decimal("0.1") == rules.shipped()["inspection_share"][0].rows[-2].then["share"]

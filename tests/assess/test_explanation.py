"""Cautions of explanations: a sentence for every weak table, once, in the reader's language."""

from __future__ import annotations

import pytest

from huanzhi.assess.explanation import cautions
from huanzhi.messages import using
from huanzhi.standards import Confidence, Provenance, Table, Words

NOTE = Words("凭通知整理。", "From a notice.")
TITLE = Words("排名", "Ranking")


def table(confidence: Confidence, note: Words = NOTE, title: Words = TITLE) -> Table:
    return Table("ranking", "values", "", Provenance(confidence, note=note), title)


@pytest.mark.parametrize(
    ("confidence", "zh", "en"),
    [
        (
            Confidence.ONE_SOURCE,
            "注意：“排名”的核实程度为“单一来源”。凭通知整理。",
            "Caution: the figures of “Ranking” are not fully confirmed (one source only). From a notice.",
        ),
        (
            Confidence.DEFAULT,
            "注意：“排名”为平台默认，非文件规定。凭通知整理。",
            "Caution: “Ranking” is our default, not from the documents. From a notice.",
        ),
    ],
)
def test_a_weak_table_is_a_caution(confidence: Confidence, zh: str, en: str) -> None:
    with using("zh"):
        assert cautions([table(confidence)]) == (zh,)
    with using("en"):
        assert cautions([table(confidence)]) == (en,)


def test_a_confirmed_table_is_none() -> None:
    assert cautions([table(Confidence.CONFIRMED)]) == ()


def test_a_table_is_named_once() -> None:
    assert len(cautions([table(Confidence.CONFLICT)] * 2)) == 1


def test_without_note_and_title_the_id_is_said_and_nothing_trails() -> None:
    with using("en"):
        (said,) = cautions([table(Confidence.NOT_FOUND, Words(), Words())])
    assert said == "Caution: the figures of “ranking” are not fully confirmed (not found)."

"""What a person reads in the tables of law: both languages, and no sentence in the wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from huanzhi.messages import using
from huanzhi.standards import Confidence, Words, all_standards

CHINESE = re.compile("[\u3400-\u9fff]")
ENGLISH_WORDS = re.compile(r"(?:\b[a-z]{2,}\b[ ,]+){2,}[a-z]{2,}")
"""Three lower-case words in a row: a sentence, not a number of a standard or the name of a file."""


def spoken() -> Iterator[tuple[str, Words]]:
    """Yield every text in the data that is shown to a person, with its place."""
    for held in all_standards().values():
        yield f"{held.id} title", Words(held.title, held.title_en)
        for edition in held.editions:
            yield f"{edition.number} title", edition.title
            for words in (*edition.notes, *edition.provenance.sources):
                yield edition.number, words
            for tables in edition.tables.values():
                for table in tables:
                    place = f"{edition.number} {table.id} {table.phase}"
                    yield f"{place} title", table.title
                    for words in (table.provenance.note, *table.provenance.sources):
                        yield place, words
                    for row in table.rows:
                        for value in row.values():
                            if isinstance(value, Words):
                                yield f"{place} {row['name']}", value


SPOKEN = list(dict.fromkeys((place, words) for place, words in spoken() if words))


def test_the_data_speaks() -> None:
    assert len(SPOKEN) > 400


def test_every_title_and_text_stands_in_both_languages() -> None:
    silent = [place for place, words in spoken() if place.endswith("title") and not words]
    half = [place for place, words in SPOKEN if not (words.zh.strip() and words.en.strip())]
    assert silent == half == []


def test_chinese_texts_are_chinese() -> None:
    """No English sentence stands in a Chinese text; formulas, numbers and names of files may."""
    strange = [
        (place, words.zh)
        for place, words in SPOKEN
        if not (CHINESE.search(words.zh) or len(words.zh) <= 3) or ENGLISH_WORDS.search(words.zh)
    ]
    assert strange == []


def test_english_texts_are_english() -> None:
    """Chinese stands in an English text as the name of a thing only."""
    strange = [
        (place, words.en) for place, words in SPOKEN if len(CHINESE.findall(words.en)) > len(words.en) / 4
    ]
    assert strange == []


def test_nothing_is_cried_out() -> None:
    assert not [place for place, words in SPOKEN if set("!！") & set(words.zh + words.en)]


def test_words_are_read_in_the_language_of_the_reader() -> None:
    words = Words("实测值", "measured value")
    with using("zh"):
        assert (words.text(), f"{words}") == ("实测值", "实测值")
    with using("en"):
        assert (words.text(), f"{words}") == ("measured value", "measured value")
    assert words
    assert not Words()


@pytest.mark.parametrize("confidence", Confidence)
def test_confidence_is_said_in_both_languages(confidence: Confidence) -> None:
    with using("zh"):
        assert CHINESE.search(confidence.text()) and not re.search("[A-Za-z]", confidence.text())
    with using("en"):
        assert not CHINESE.search(confidence.text())

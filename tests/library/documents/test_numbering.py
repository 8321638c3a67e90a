"""Chinese numerals and references."""

import pytest

from huanzhi.library.documents.numbering import Headings, chinese, refer


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")]
)
def test_chinese_numerals(number: int, words: str) -> None:
    assert chinese(number) == words


def test_lower_headings_start_again_below_a_higher_one() -> None:
    headings = Headings("zh")
    found = [headings.next(level) for level in (1, 2, 2, 1, 2, 3)]
    assert found == ["一、", "（一）", "（二）", "二、", "（一）", "1．"]


def test_an_unknown_reference_is_a_defect() -> None:
    with pytest.raises(KeyError):
        refer("见[[nothing]]", {})

"""Legal citations: the law of the day."""

from __future__ import annotations

from datetime import date

import pytest

from huanzhi.errors import StandardError
from huanzhi.standards.legal import article, law_to_cite


@pytest.mark.parametrize(
    ("law", "day", "expected"),
    [
        ("水污染防治法", date(2026, 8, 14), "水污染防治法"),
        ("水污染防治法", date(2026, 8, 15), "生态环境法典"),
        ("中华人民共和国噪声污染防治法", date(2027, 1, 1), "生态环境法典"),
        ("环境保护税法", date(2027, 1, 1), "环境保护税法"),
        ("生态环境法典", date(2026, 8, 15), "生态环境法典"),
    ],
)
def test_an_act_is_cited_by_the_law_of_its_own_day(law: str, day: date, expected: str) -> None:
    assert law_to_cite(law, day) == expected


@pytest.mark.parametrize(("law", "day"), [("生态环境法典", date(2026, 8, 14)), ("刑法", date(2026, 8, 14))])
def test_what_was_not_law_or_is_not_held_is_refused(law: str, day: date) -> None:
    with pytest.raises(StandardError):
        law_to_cite(law, day)


def test_articles_of_the_code() -> None:
    assert article("现场检查") == "51"
    assert article("排污许可管理") == "174-186"

"""Documents: every template opens in Word, blanks are visible, numbers run by series and year."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from docx import Document as Word
from hypothesis import given
from hypothesis import strategies as st
from tests.center.enforcement.ways import NOW, WANG, city, concluded, fresh, opened

from huanzhi.center.enforcement import law, papers
from huanzhi.center.enforcement.models import Paper
from huanzhi.center.enforcement.wording import BLANK, Filling, capital, masked_name
from huanzhi.errors import InputError, StoreError


def words_of(content):
    word = Word(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in word.paragraphs), *cells])


@pytest.mark.parametrize(
    ("amount", "words"),
    [("0", "零元整"), ("1", "壹元整"), ("10", "壹拾元整"), ("100000", "壹拾万元整"),
     ("1000000", "壹佰万元整"), ("1000100000000", "壹万零壹亿元整"),
     ("10005", "壹万零伍元整"), ("1005", "壹仟零伍元整"),
      ("120000.5", "壹拾贰万元伍角整"), ("0.05", "伍分"),
     ("1.05", "壹元零伍分"),
     ("20300.56", "贰万零叁佰元伍角陆分"), ("100000000", "壹亿元整"),
     ("100010000", "壹亿零壹万元整"),
     ("30000000", "叁仟万元整"), ("110000", "壹拾壹万元整"), ("200000001", "贰亿零壹元整")],
)  # fmt: skip
def test_amounts_in_capitals(amount, words):
    assert capital(Decimal(amount)) == words


@given(st.integers(0, 10**15), st.integers(0, 99))
def test_capitals_read_back(whole, cents):
    told = capital(Decimal(whole) + Decimal(cents) / 100)
    assert read_back(told) == whole * 100 + cents


def read_back(told):
    digits = {one: place for place, one in enumerate("零壹贰叁肆伍陆柒捌玖")}
    head, _, tail = told.partition("元") if "元" in told else ("", "", told)
    total = section = number = 0
    for sign in head:
        if sign in digits:
            number = digits[sign]
        elif sign in "拾佰仟":
            section += number * {"拾": 10, "佰": 100, "仟": 1000}[sign]
            number = 0
        elif sign == "万":
            total, section, number = total + (section + number) * 10**4, 0, 0
        elif sign == "亿":
            total, section, number = (total + section + number) * 10**8, 0, 0
    cents = (total + section + number) * 100
    for place, sign in enumerate(tail):
        if sign in "角分":
            cents += digits[tail[place - 1]] * (10 if sign == "角" else 1)
    return cents


def test_what_is_not_known_is_blank_and_told():
    fill = Filling({"party": "甲厂", "place": " "})
    assert fill("{party}在{place}，{act}") == f"甲厂在{BLANK}，{BLANK}"
    assert fill.blanks == ["place", "act"]


@pytest.mark.parametrize(
    ("name", "masked"), [("张三丰", "张某某"), ("王五", "王某"), ("甲", "甲某"), ("", "")]
)
def test_names_of_persons_are_masked(name, masked):
    assert masked_name(name) == masked


@pytest.mark.django_db
@pytest.mark.parametrize("code", list(papers.templates()))
def test_every_template_opens_and_invents_nothing(code):
    city()
    case = opened(party_person="张三", party_address="甲路 1 号")
    paper = papers.make(WANG, case, code, now=NOW)
    words = words_of(papers.read(paper))
    assert papers.templates()[code].zh in words
    assert set(paper.blanks) >= set(papers.templates()[code].inputs) - {"facts_words"} - set(paper.values)
    assert (BLANK in words) == bool(paper.blanks)
    assert "None" not in words and "{" not in words
    given = {name: f"内容{name}" for name in papers.templates()[code].inputs}
    full = papers.make(WANG, fresh(case), code, given, now=NOW)
    told = words_of(papers.read(full))
    assert all(one in told for one in given.values())
    assert Paper.objects.get(pk=paper.pk).state == "replaced" and full.version == 2


@pytest.mark.django_db
def test_numbers_run_by_series_and_year():
    city()
    found = []
    for now in (NOW, NOW, datetime(2027, 1, 2, tzinfo=UTC)):
        case = opened(now=NOW)
        paper = papers.issue(WANG, papers.make(WANG, case, "order", now=now), now=now)
        found.append(paper.document)
    assert found == ["＿环责改〔2026〕1号", "＿环责改〔2026〕2号", "＿环责改〔2027〕1号"]
    record = papers.issue(WANG, papers.make(WANG, case, "site_record", now=NOW), now=NOW)
    assert record.document == "" and record.state == "issued"
    with pytest.raises(InputError) as caught:
        papers.issue(WANG, record, now=NOW)
    assert caught.value.key == "cases.not_draft"


@pytest.mark.django_db
def test_a_document_that_was_changed_is_found_out():
    from huanzhi.center.issues.evidence import path_of

    city()
    paper = papers.make(WANG, concluded(), "investigation", now=NOW)
    path_of(paper.sha256).write_bytes(b"other")
    with pytest.raises(StoreError):
        papers.read(paper)
    path_of(paper.sha256).unlink()


@pytest.mark.parametrize(
    ("first", "last", "plain"),
    [
        ((2026, 8, 15), None, "new"),
        ((2026, 8, 14), None, ""),
        ((2026, 8, 1), (2026, 8, 20), ""),
        (None, None, ""),
    ],
)
def test_the_law_is_judged_by_the_day_or_asked(first, last, plain):
    days = [date(*one) if one else None for one in (first, last)]
    found = law.judge(*days)
    assert found.law == plain and found.words()


@pytest.mark.parametrize(
    ("last", "which", "harm", "end"),
    [((2026, 9, 1), "new", False, (2028, 9, 1)), ((2026, 9, 1), "new", True, (2031, 9, 1)),
     ((2024, 2, 29), "old", False, (2026, 2, 28))],
)  # fmt: skip
def test_limitation(last, which, harm, end):
    day, basis = law.limitation(date(*last), None, which, harm=harm)
    assert day == date(*end) and basis
    assert law.limitation(None, None, which, harm=harm)[0] is None

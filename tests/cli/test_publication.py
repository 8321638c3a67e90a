"""``huanzhi publication``: lists, shows and writes publications, and changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from huanzhi.cli.publication import command
from huanzhi.errors import InputError
from huanzhi.library.documents import Column, Document, Paragraph, Table
from huanzhi.library.publications.content import plain
from huanzhi.library.publications.models import Publication
from huanzhi.messages import using

TABLE = Table("days", "优良天数", (Column("城市"), Column("天数", numeric=True)), (("模拟市", 31),), "")
pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Publication:
    with using("zh"):
        content = {"zh": plain(Document("十月公告", blocks=(Paragraph("全市空气质量良好。"), TABLE)))}
    made = Publication(
        number="GK-20261122-001",
        sort="notice",
        subject="notice:1",
        title="十月公告",
        period="2026-10",
        content=content,
        digest="d" * 64,
        drafted=datetime(2026, 11, 22, tzinfo=UTC),
        drafted_by="publicity",
        simulated=True,
    )
    made.save()
    return made


def run(*arguments: str):
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_a_list_is_narrowed_by_state_and_period(held: Publication):
    told = json.loads(run("list", "--period", "2026-10", "--state", "draft", "--json").stdout)
    assert [row["number"] for row in told["publications"]] == [held.number]
    assert json.loads(run("list", "--state", "published", "--json").stdout) == {"publications": []}
    assert "十月公告" in run("list").stdout


def test_one_is_shown_with_its_digest_and_content(held: Publication):
    told = json.loads(run("show", held.number, "--json").stdout)
    assert (told["digest"], told["state"], told["content"]["zh"]["title"]) == ("d" * 64, "draft", "十月公告")
    assert "d" * 64 in run("show", held.number).stdout


@pytest.mark.parametrize("form", ["docx", "xlsx", "json"])
def test_it_is_written_to_a_file(held: Publication, tmp_path: Path, form: str):
    out = tmp_path / f"notice.{form}"
    assert run("export", held.number, str(out)).exit_code == 0
    assert out.stat().st_size > 100
    assert [each.name for each in tmp_path.iterdir()] == [out.name]


def test_what_is_not_there_and_what_cannot_be_written_is_refused(held: Publication, tmp_path: Path):
    for arguments, key in (
        (("show", "GK-1"), "publications.none"),
        (("export", held.number, str(tmp_path / "notice.pdf")), "publication_cli.form"),
    ):
        with pytest.raises(InputError) as refused:
            run(*arguments)
        assert refused.value.key == key
    assert Publication.objects.get().revision == held.revision

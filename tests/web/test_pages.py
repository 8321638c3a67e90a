"""The status page: one file, its own figures, nothing from outside."""

import base64
import hashlib
import json
import re

import pytest

from huanzhi.errors import InputError
from huanzhi.web import pages

REPORT = {
    "title": "某市<环境>质量状况",
    "sections": [{"title": "</script><script>alert(1)</script>", "paragraphs": []}],
}


@pytest.fixture(autouse=True)
def built(monkeypatch):
    assets = {"status.js": "var a='</script>'", "status.css": "body{margin:0}"}
    monkeypatch.setattr(pages, "_asset", lambda name: assets[name])


def test_figures_survive_the_page_unchanged():
    block = re.search(r'id="figures">(.*?)</script>', pages.status_page({"zh": REPORT}), re.DOTALL)
    assert json.loads(block[1]) == {"zh": REPORT}


def test_no_text_of_a_report_can_end_the_script_or_the_title():
    page = pages.status_page({"zh": REPORT})
    assert page.count("</script>") == 2
    assert "<title>某市&lt;环境>质量状况</title>" in page


def test_policy_allows_exactly_the_script_and_style_in_the_page():
    page = pages.status_page({"zh": REPORT})
    for element in ("script", "style"):
        body = re.search(rf"<{element}>(.*?)</{element}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in page


def test_page_asks_nothing_of_another_place():
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", pages.status_page({"zh": REPORT}))


def test_screens_that_were_not_built_are_named(monkeypatch, tmp_path):
    monkeypatch.undo()
    monkeypatch.setattr(pages, "_STATIC", tmp_path)
    with pytest.raises(InputError, match=r"status\.js"):
        pages.status_page({"zh": REPORT})

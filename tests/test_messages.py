"""Messages: both languages complete, placeholders alike, every key used and every used key there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from django.apps import apps

import huanzhi
from huanzhi.messages import catalogue, language, text, using

SOURCE = Path(huanzhi.__file__).parent
AREAS = {key.partition(".")[0] for key in catalogue()}
FILES = (".toml", ".csv", ".json", ".log", ".sqlite", ".docx", ".xlsx", ".html")
KEY = re.compile(r"[a-z0-9_]+\.[A-Za-z0-9_]+")
TOML_KEY = re.compile(r'"([a-z0-9_]+\.[A-Za-z0-9_]+)"')


@cache
def sources() -> dict[Path, ast.Module]:
    written = (path for path in sorted(SOURCE.rglob("*.py")) if path.parent.name != "migrations")
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in written}


@cache
def tables() -> set[str]:
    """Return the names under which Django knows the tables: ``people.Person``."""
    return {model._meta.label for model in apps.get_models()} | {
        model._meta.label_lower for model in apps.get_models()
    }


def literals() -> Iterator[tuple[str, str]]:
    """Yield every string in the code that looks like the key of a message, with its place."""
    for path, tree in sources().items():
        inner = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in inner:
                continue
            if KEY.fullmatch(node.value):
                yield node.value, f"{path.relative_to(SOURCE)}:{node.lineno}"


def patterns() -> Iterator[re.Pattern[str]]:
    """Yield a pattern for every f-string that begins with the name of an area: keys put together in code."""
    for tree in sources().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    else "[A-Za-z0-9_]+"
                    for part in node.values
                ]
                if any(
                    parts[0].startswith(f"{area}\\.") or parts[0].startswith(f"{area}.") for area in AREAS
                ):
                    yield re.compile("".join(parts))


def data_keys() -> set[str]:
    """Return the keys of messages that stand in tables of package data."""
    files = (path for path in SOURCE.rglob("*.toml") if path.parent.name != "messages")
    return {key for path in files for key in TOML_KEY.findall(path.read_text(encoding="utf-8"))}


def calls(names: set[str]) -> Iterator[tuple[str, set[str], str]]:
    """Yield key, names of the values and place of every call of `names` whose values are all plain."""
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [keyword.arg for keyword in node.keywords]
            if called in names and None not in given and str(node.args[0].value) in catalogue():
                place = f"{path.relative_to(SOURCE)}:{node.lineno}"
                yield str(node.args[0].value), {str(name) for name in given}, place


def bare(sentence: str) -> set[str]:
    """Return the placeholders; ``{month_name}`` counts as ``{month}`` and ``{name_en}`` as ``{name}``."""
    return {name.removesuffix("_name").removesuffix("_en") for name in placeholders(sentence)}


def wanted(key: str) -> set[str]:
    return placeholders(catalogue()[key]["zh"]) | placeholders(catalogue()[key]["en"])


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_both_languages_say_the_same_with_the_same_values(key: str) -> None:
    texts = catalogue()[key]
    assert set(texts) == {"zh", "en"}
    assert all(sentence.strip() for sentence in texts.values())
    assert bare(texts["zh"]) == bare(texts["en"])
    words = [re.sub(r"\{[^}]*\}", "", sentence) for sentence in texts.values()]
    assert not any(mark in sentence for sentence in words for mark in "!！")
    assert len(re.findall("[\u4e00-\u9fff]", texts["en"])) <= len(texts["en"]) / 2


def test_every_key_in_the_code_exists() -> None:
    missing = [
        f"{key} ({place})"
        for key, place in literals()
        if key.partition(".")[0] in AREAS
        and key not in catalogue()
        and not key.endswith(FILES)
        and key not in tables()
    ]
    assert missing == []


def test_every_key_is_used() -> None:
    used = {key for key, _ in literals()} | data_keys()
    built = list(patterns())
    unused = [key for key in catalogue() if key not in used and not any(one.fullmatch(key) for one in built)]
    assert unused == []


def test_every_message_gets_the_values_that_it_names() -> None:
    places = {"file", "row", "column", "value", "expected", "seconds"}
    errors = {"InputError", "StandardError", "StoreError", "HuanzhiError"}
    wrong = [
        f"{key} ({place})"
        for names, extra in ((errors, places), ({"text", "say"}, set()))
        for key, given, place in calls(names)
        if not wanted(key) <= given <= wanted(key) | extra
    ]
    assert wrong == []


def test_the_language_is_chosen_by_the_block_then_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HUANZHI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert language() == "zh"
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert language() == "en"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language() == "zh"
    monkeypatch.setenv("HUANZHI_LANG", "en")
    assert language() == "en"
    with using("zh"):
        assert text("errors.row", row=7) == "第 7 行"
    assert text("errors.row", row=7) == "row 7"

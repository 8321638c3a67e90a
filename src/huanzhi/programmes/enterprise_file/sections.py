"""Sections 栏目: the declared parts of the file, with words and columns, and which of them a reader gets."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from typing import Any

from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import Table, table_of
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.library.rights.decision import rules_held

Words = tuple[str, str]
KINDS = ("text", "number", "time", "date", "truth")
_SHOWN = {
    Kind.INTEGER: "number",
    Kind.NUMBER: "number",
    Kind.DECIMAL: "number",
    Kind.DATE: "date",
    Kind.MOMENT: "time",
    Kind.TRUTH: "truth",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a section; `choices` are the words of what may stand there."""

    name: str
    title: Words
    kind: str = "text"
    choices: tuple[tuple[str, Words], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        choices = [{"value": code, "zh": zh, "en": en} for code, (zh, en) in self.choices]
        return {
            "name": self.name,
            "zh": self.title[0],
            "en": self.title[1],
            "kind": self.kind,
            "choices": choices,
        }


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the file; the fields are those that ``data/sections.toml`` tells of."""

    id: str
    title: Words
    group: str
    api: str
    right: str
    columns: tuple[Shown, ...]
    link: str = ""
    sort: str = ""
    query: tuple[tuple[str, str], ...] = ()
    todo: tuple[tuple[str, str], ...] = ()
    due: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "id": self.id,
            "zh": self.title[0],
            "en": self.title[1],
            "group": self.group,
            "api": f"/api/v1{self.api}",
            "columns": [column.as_dict() for column in self.columns],
            "link": self.link,
            "sort": self.sort,
            "query": dict(self.query),
            "todo": dict(self.todo),
            "due": self.due,
        }


@cache
def sections() -> tuple[Section, ...]:
    """Return all declared sections in their order."""
    file = resources.files("huanzhi.programmes.enterprise_file") / "data" / "sections.toml"
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(section_of(identity, row) for identity, row in told.items())


def section_of(identity: str, told: Mapping[str, Any]) -> Section:
    """Return a section as it is declared; a missing field or an unknown column is a fault of the table."""
    table = _table(told["table"]) if told.get("table") else None
    return Section(
        id=identity,
        title=_words(told["title"]),
        group=told["group"],
        api=told["api"],
        right=told["right"],
        columns=tuple(_column(table, each) for each in told["columns"]),
        link=told.get("link", ""),
        sort=told.get("sort", ""),
        query=_query(told.get("query", {})),
        todo=_query(told.get("todo", {})),
        due=told.get("due", ""),
    )


def _query(told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value).lower() if value is True else str(value)) for name, value in told.items())


def _words(told: Sequence[str]) -> Words:
    zh, en = told
    return zh, en


def _table(named: str) -> Table:
    module, _, name = named.partition(":")
    if not name:
        return table_of(named)
    found = getattr(import_module(module), name)
    table: Table = found() if callable(found) else found
    return table


def _column(table: Table | None, told: Any) -> Shown:
    if isinstance(told, str):
        if table is None:
            raise ValueError(told)
        return _declared(table.column(told))
    name, zh, en, *more = told
    last = more[0] if more else "text"
    if isinstance(last, str):
        return Shown(name, (zh, en), last)
    return Shown(name, (zh, en), choices=tuple((code, _words(words)) for code, words in last.items()))


def _declared(column: Column) -> Shown:
    known = column.choices or tuple(column.choice_titles)
    choices = tuple((one, (column.word(one, "zh"), column.word(one, "en"))) for one in known)
    title = (column.heading("zh"), column.heading("en"))
    return Shown(column.name, title, _SHOWN.get(column.kind, "text"), choices)


def open_to(actor: Actor, answers: Callable[[str], bool]) -> list[Section]:
    """Return the sections that somebody may read and whose address answers.

    Parameters
    ----------
    answers : callable
        Whether anything is there at an address such as ``/permits``.
    """
    return [section for section in sections() if _may_read(actor, section.right) and answers(section.api)]


def _may_read(actor: Actor, kind: str) -> bool:
    return actor == SYSTEM or any(rules_held(actor, "read", kind))

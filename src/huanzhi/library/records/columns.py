"""Columns 字段: what a table declares about each of its fields, once, for lists, forms, sheets and the API.

Headings stand in ``messages/columns.toml`` and the words of choices in ``messages/choices.toml``; a register
that a city declares brings its own in :class:`Column.titles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from huanzhi import messages


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    TRUTH = "truth"
    CHOICE = "choice"
    CODE = "code"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a table.

    Attributes
    ----------
    name : str
        Its name in addresses, answers and forms.
    path : str
        Where the value lies in the record, with ``__`` between steps as in Django; `name` by default.
    choices : tuple of str
        Words that may stand there, of a CHOICE.
    words : str
        What the words of the choices begin with in ``messages/choices.toml``; `name` by default.
    target : str
        Kind of record that a CODE names.
    least, most : float, optional
        Smallest and largest number, or longest text for `most`.
    editable : bool
        False for what is shown but never given.
    sheet : bool
        Whether the column is in templates and sheets.
    filter, sort, search : bool
        What lists may do with it.
    heading_key : str
        Key of the heading in ``messages/columns.toml``; `name` by default.
    titles : mapping
        Heading by language, where it stands in no message file.
    choice_titles : mapping
        Words of the choices: choice → language → text.
    """

    name: str
    kind: Kind = Kind.TEXT
    path: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    words: str = ""
    target: str = ""
    least: float | None = None
    most: float | None = None
    editable: bool = True
    sheet: bool = True
    filter: bool = False
    sort: bool = False
    search: bool = False
    heading_key: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    choice_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Return where the value lies in the record."""
        return self.path or self.name

    def heading(self, language: messages.Language | None = None) -> str:
        """Return the heading in the reader's language, or in `language`."""
        language = language or messages.language()
        if self.titles:
            return self.titles.get(language) or next(iter(self.titles.values()))
        texts = messages.catalogue().get(f"columns.{self.heading_key or self.name}")
        return texts[language] if texts else self.name

    def word(self, choice: str, language: messages.Language | None = None) -> str:
        """Return a choice in words; the choice itself where it has none."""
        language = language or messages.language()
        own = self.choice_titles.get(choice)
        found = own or messages.catalogue().get(f"choices.{self.words or self.name}_{choice}") or {}
        return found.get(language) or choice

    def expectation(self) -> str:
        """Return in the reader's words what may stand here."""
        if self.kind is Kind.CHOICE:
            shown = [self.word(choice) for choice in self.choices]
            return messages.text("tables.expect_choice", choices=messages.text("tables.or").join(shown))
        if self.least is not None and self.most is not None and self.kind in NUMBERS:
            least, most = (int(bound) if bound == int(bound) else bound for bound in (self.least, self.most))
            return messages.text("tables.expect_between", least=least, most=most)
        if self.kind is Kind.TEXT and self.most is not None:
            return messages.text("tables.expect_text_most", most=int(self.most))
        if self.kind is Kind.CODE:
            return messages.text("tables.expect_code", kind=kind_name(self.target))
        return messages.text(f"tables.expect_{self.kind}")

    def as_dict(self) -> dict[str, Any]:
        """Return the declaration as plain values, for forms and tables on the screen."""
        return {
            "name": self.name,
            "kind": str(self.kind),
            "zh": self.heading("zh"),
            "en": self.heading("en"),
            "required": self.required,
            "editable": self.editable,
            "filter": self.filter,
            "sort": self.sort,
            "search": self.search,
            "target": self.target,
            "least": self.least,
            "most": self.most,
            "choices": [
                {"value": one, "zh": self.word(one, "zh"), "en": self.word(one, "en")} for one in self.choices
            ],
        }


NUMBERS = (Kind.INTEGER, Kind.NUMBER, Kind.DECIMAL)


def both(zh: str, en: str) -> dict[str, str]:
    """Return a title in both languages."""
    return {"zh": zh, "en": en}


def told(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    """Return a field that lists show and nobody gives, unless `more` says otherwise."""
    return Column(name, path=path, titles=both(zh, en), **{"editable": False, **more})


def told_choice(name: str, zh: str, en: str, words: Mapping[str, Any], path: str = "", **more: Any) -> Column:
    """Return a choice that lists show, filter and sort by; `words` gives each its ``zh`` and ``en``."""
    words = {code: both(one["zh"], one["en"]) for code, one in words.items()}
    given = {"choices": tuple(words), "choice_titles": words, "filter": True, "sort": True, **more}
    return told(name, zh, en, path, kind=Kind.CHOICE, **given)


def told_moment(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    """Return a moment that lists show, filter and sort by."""
    return told(name, zh, en, path, kind=Kind.MOMENT, **{"filter": True, "sort": True, **more})


def told_truth(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    """Return a yes or no that lists show and filter by."""
    return told(name, zh, en, path, kind=Kind.TRUTH, **{"filter": True, **more})


def kind_name(kind: str, language: messages.Language | None = None) -> str:
    """Return what a kind of record is called; the kind itself where it has no name."""
    texts = messages.catalogue().get(f"tables.kind_{kind}")
    return texts[language or messages.language()] if texts else kind

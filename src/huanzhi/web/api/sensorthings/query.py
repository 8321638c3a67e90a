"""The query options 查询参数 of a request, and those inside ``$expand(…)``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote_plus

from huanzhi.errors import InputError
from huanzhi.web.api.sensorthings.grammar import Tree, parse_filter

DEFAULT_TOP = 100
"""Entities of a page. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_TOP = 1_000
"""Entities of a page at most, whatever is asked for. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_SKIP = 1_000_000
"""Entities skipped at most. DEFAULT, NOT FROM THE DOCUMENTS."""

DEEPEST = 4
"""Levels of ``$expand``. DEFAULT, NOT FROM THE DOCUMENTS."""


_SAFE = "$=(),;:/'"


@dataclass(frozen=True, slots=True)
class Expand:
    """One relation that is expanded, with the options inside."""

    relation: str
    options: Options


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asks for.

    Attributes
    ----------
    order : tuple of (Tree, bool)
        Expressions and whether from the top down.
    text : str
        Inside ``$expand``: the options as they were written, joined as in an address.
    select : tuple of str
        Properties and relations; empty for all.
    top : int, optional
        As asked; None where nothing was said.
    """

    where: Tree | None = None
    order: tuple[tuple[Tree, bool], ...] = ()
    select: tuple[str, ...] = ()
    expand: tuple[Expand, ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    text: str = ""

    @property
    def size(self) -> int:
        """Return the entities of a page."""
        return DEFAULT_TOP if self.top is None else min(self.top, MOST_TOP)


@dataclass(slots=True)
class _Draft:
    options: Options = field(default_factory=Options)
    seen: set[str] = field(default_factory=set)


def parse_query(query: str) -> Options:
    """Read the query of an address, still in its percent encoding.

    Raises
    ------
    InputError
        Naming the option and what it should be.
    """
    pairs = (part.partition("=") for part in query.split("&") if part)
    return _read((unquote_plus(name), unquote_plus(value)) for name, _, value in pairs)


def _read(pairs: Iterator[tuple[str, str]], depth: int = 0) -> Options:
    draft = _Draft()
    for name, value in pairs:
        reader = _READERS.get(name)
        if reader is None:
            raise InputError("sensorthings.no_option", value=name, expected=", ".join(_READERS))
        if name in draft.seen:
            raise InputError("sensorthings.twice", value=name)
        draft.seen.add(name)
        draft.options = reader(draft.options, value.strip(), depth)
    return draft.options


def _filter(options: Options, value: str, _: int) -> Options:
    return replace(options, where=parse_filter(value))


def _order(options: Options, value: str, _: int) -> Options:
    return replace(options, order=tuple(_one_order(part.strip()) for part in split(value, ",")))


def _one_order(text: str) -> tuple[Tree, bool]:
    expression, _, way = text.rpartition(" ")
    if way in ("asc", "desc"):
        return parse_filter(expression), way == "desc"
    return parse_filter(text), False


def _select(options: Options, value: str, _: int) -> Options:
    return replace(options, select=tuple(part.strip() for part in value.split(",") if part.strip()))


def _expand(options: Options, value: str, depth: int) -> Options:
    if depth >= DEEPEST:
        raise InputError("sensorthings.deep_expand", expected=f"≤ {DEEPEST}")
    found: dict[str, Expand] = {}
    for part in split(value, ","):
        one = _one_expand(part.strip(), depth)
        before = found.get(one.relation)
        found[one.relation] = one if before is None else _merged(before, one)
    return replace(options, expand=tuple(found.values()))


def _merged(first: Expand, second: Expand) -> Expand:
    """Join ``A/B,A/C`` into one expansion of A."""
    options = replace(first.options, expand=(*first.options.expand, *second.options.expand))
    return Expand(first.relation, options)


def _one_expand(text: str, depth: int) -> Expand:
    """Read ``A/B($select=…)``: the options belong to the last name."""
    head, bracket, rest = text.partition("(")
    if bracket and not rest.endswith(")"):
        raise InputError("sensorthings.bad_expand", value=text[:60])
    names = [name.strip() for name in head.split("/")]
    if not all(names) or depth + len(names) > DEEPEST:
        raise InputError("sensorthings.bad_expand", value=text[:60], expected=f"≤ {DEEPEST}")
    parts = [part.strip() for part in split(rest[:-1], ";") if part.strip()]
    inside = (part.partition("=") for part in parts)
    options = _read(((name.strip(), value) for name, _, value in inside), depth + len(names))
    one = Expand(names[-1], replace(options, text="&".join(quote(part, safe=_SAFE) for part in parts)))
    for name in reversed(names[:-1]):
        one = Expand(name, Options(expand=(one,)))
    return one


def _number(name: str, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit()) or len(value) > 18 or int(value) > most:
            raise InputError("sensorthings.bad_number", column=name, value=value[:40], expected=f"0…{most}")
        return int(value)

    return read


_top, _skip = _number("$top", 10**18), _number("$skip", MOST_SKIP)


def _count(options: Options, value: str, _: int) -> Options:
    if value not in ("true", "false"):
        raise InputError("sensorthings.bad_number", column="$count", value=value[:40], expected="true, false")
    return replace(options, count=value == "true")


_READERS: dict[str, Callable[[Options, str, int], Options]] = {
    "$filter": _filter,
    "$orderby": _order,
    "$select": _select,
    "$expand": _expand,
    "$top": lambda options, value, _: replace(options, top=_top(value)),
    "$skip": lambda options, value, _: replace(options, skip=_skip(value)),
    "$count": _count,
}


def split(text: str, separator: str) -> list[str]:
    """Split at a separator that stands outside quotes and brackets."""
    parts, depth, quoted, begin = [], 0, False, 0
    for place, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
            if letter == separator and depth == 0:
                parts.append(text[begin:place])
                begin = place + 1
    return [*parts, text[begin:]]

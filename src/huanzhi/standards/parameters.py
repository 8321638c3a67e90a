"""Parameters 监测因子: the national codes with their names, aliases, units and decimals.

The rows stand in the code lists HJ 524 (air), HJ 525 (water), HJ 212 annex B (noise) and, where the nation
has no code or none that is confirmed, in Huanzhi's own list, whose codes begin with ``hz-``.

>>> find("PM２．５").code
'a34004'
>>> find("镉", "soil").code
'hz-soil-cadmium'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from huanzhi.errors import StandardError
from huanzhi.standards.loader import all_standards
from huanzhi.standards.model import Confidence, Provenance, Row, Table

CODE_LISTS = {"HJ 524": "air", "HJ 525": "water", "HJ 212 CODES": "noise", "HZ CODES": ""}
"""The code lists with the medium of their rows; national lists first."""

OWN = "hz-"
"""How codes of our own begin."""

_DECIMAL_NOUGHT = re.compile(r"(?<=\d)[._]0(?!\d)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One measured quantity.

    Attributes
    ----------
    code : str
        National code, e.g. ``a34004``; codes of our own begin with ``hz-``.
    name, name_en : str
        Official Chinese name and English name.
    symbol : str
        Short form for columns and charts, e.g. ``PM2.5``, ``CODMn``.
    unit : str
        The one unit in which the platform keeps it.
    decimals : int
        Decimals shown; stored values keep the decimals they were reported with.
    medium : str
        ``air``, ``water``, ``noise``, ``soil``.
    aliases : tuple of str
        Other spellings that importers accept.
    provenance : Provenance
        Confidence of the code, with its note.
    old_code : str
        Code of HJ/T 212-2005, empty where there was none.
    wire_unit, wire_type : str
        Unit and number format (``N3.1``) in frames of HJ 212-2017, empty where annex B gives none.
    cas : str
        CAS number, empty where none is known.
    """

    code: str
    name: str
    name_en: str
    symbol: str
    unit: str
    decimals: int
    medium: str
    aliases: tuple[str, ...]
    provenance: Provenance
    old_code: str = ""
    wire_unit: str = ""
    wire_type: str = ""
    cas: str = ""

    @property
    def national(self) -> bool:
        """Whether the code is the nation's, not one of our own."""
        return not self.code.startswith(OWN)

    def spellings(self) -> frozenset[str]:
        """Return every spelling of the parameter in the form by which names are compared."""
        return frozenset(map(plain, (self.code, self.name, self.name_en, self.symbol, *self.aliases)))


@cache
def all_parameters() -> Mapping[str, Parameter]:
    """Return every parameter by its code, in the order of the code lists."""
    return MappingProxyType({found.code: found for found in _read()})


def parameter(code: str) -> Parameter:
    """Return the parameter with a code.

    Raises
    ------
    StandardError
        If the code is unknown.
    """
    try:
        return all_parameters()[code]
    except KeyError:
        raise StandardError("standards.no_parameter", code=code) from None


def find(name: str, medium: str = "") -> Parameter | None:
    """Return the parameter that a heading means, by code, name, symbol or alias; None if there is none.

    Full-width letters, case, spaces, dots, underscores and subscripts do not matter: ``ＰＭ２．５``,
    ``pm2_5`` and ``PM25`` are the same. A unit in brackets does: see `units.split_heading`.

    Parameters
    ----------
    name : str
        Heading of a column, or a code.
    medium : str
        ``air``, ``water``, ``noise`` or ``soil``. Within a medium a name means one parameter. Without one, a
        name that several media use means the only one of them with a national code, and otherwise nothing:
        ``铅`` is lead in air, in water or in soil, and is not guessed.
    """
    fitting = matches(name, medium)
    if len(fitting) > 1:
        fitting = tuple(found for found in fitting if found.national)
    return fitting[0] if len(fitting) == 1 else None


def matches(name: str, medium: str = "") -> tuple[Parameter, ...]:
    """Return every parameter that a heading may mean, one a medium, national codes first."""
    found = _by_name().get(plain(name), ())
    return tuple(candidate for candidate in found if not medium or candidate.medium == medium)


def plain(name: str) -> str:
    """Return a heading in the form by which names are compared: letters, digits and plus signs.

    A decimal nought is dropped first, so that ``PM1.0`` is not taken for ``PM10``.

    >>> plain("ＰＭ２．５"), plain("NH₃-N"), plain("1,1-二氯乙烷"), plain("PM1.0")
    ('pm25', 'nh3n', '11二氯乙烷', 'pm1')
    """
    folded = _DECIMAL_NOUGHT.sub("", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in folded if letter.isalnum() or letter == "+")


@cache
def _by_name() -> Mapping[str, tuple[Parameter, ...]]:
    index: dict[str, tuple[Parameter, ...]] = {}
    for found in all_parameters().values():
        for spelling in found.spellings():
            index[spelling] = (*index.get(spelling, ()), found)
    return MappingProxyType(index)


def _read() -> Iterator[Parameter]:
    for identity, medium in CODE_LISTS.items():
        for edition in all_standards()[identity].editions:
            for tables in edition.tables.values():
                for table in tables:
                    yield from (_parameter(row, table, medium) for row in table.rows)


def _parameter(row: Row, table: Table, medium: str) -> Parameter:
    return Parameter(
        code=row["code"],
        name=row["name"],
        name_en=row["en"],
        symbol=row["symbol"],
        unit=row["unit"],
        decimals=row["decimals"],
        medium=row.get("medium", medium),
        aliases=tuple(row.get("aliases", ())),
        provenance=_provenance(row, table.provenance),
        old_code=row.get("old", ""),
        wire_unit=row.get("wire_unit", ""),
        wire_type=row.get("wire_type", ""),
        cas=row.get("cas", ""),
    )


def _provenance(row: Row, table: Provenance) -> Provenance:
    word = row.get("confidence")
    return Provenance(
        Confidence(word) if word else table.confidence, table.sources, row.get("note", table.note)
    )

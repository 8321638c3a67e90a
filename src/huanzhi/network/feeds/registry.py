"""The importers 导入格式: which there are, which one fits a file, and the reading of a file with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.feeds import city_day, cnemc, quotsoft, surface_water, template, uci_beijing
from huanzhi.network.feeds.reading import Note, Options, Reading
from huanzhi.network.feeds.records import json_sheet, xml_sheet
from huanzhi.network.feeds.sheets import Sheet, parse_sheet, read_bytes, unpack

Container = str
"""``table``, ``json`` or ``xml``."""


@dataclass(frozen=True, slots=True)
class Importer:
    """One accepted layout.

    Attributes
    ----------
    name : str
        Word for ``--as``.
    container : str
        ``table`` (CSV, XLSX, Parquet), ``json`` or ``xml``.
    recognise : callable
        Sheet → how surely it has the layout, 0 to 100.
    read : callable
        Sheet and options → reading.
    """

    name: str
    container: Container
    recognise: Callable[[Sheet], int]
    read: Callable[[Sheet, Options], Reading]

    def title(self) -> str:
        """Return the name of the layout in the reader's language."""
        return text(f"feeds.title_{self.name}")

    def convention(self) -> str:
        """Return its time label and units in the reader's language."""
        return text(f"feeds.convention_{self.name}")


def _records(name: str) -> Callable[[Sheet, Options], Reading]:
    return lambda sheet, options: cnemc.read(sheet, options, name)


IMPORTERS = {
    importer.name: importer
    for importer in (
        Importer("cnemc_csv", "table", cnemc.recognise, cnemc.read),
        Importer("cnemc_json", "json", cnemc.recognise, _records("cnemc_json")),
        Importer("cnemc_xml", "xml", cnemc.recognise, _records("cnemc_xml")),
        Importer("quotsoft", "table", quotsoft.recognise, quotsoft.read),
        Importer("uci_beijing", "table", uci_beijing.recognise, uci_beijing.read),
        Importer("surface_water", "table", surface_water.recognise, surface_water.read),
        Importer("city_day", "table", city_day.recognise, city_day.read),
        Importer("template", "table", template.recognise, template.read),
    )
}


def read_file(file: Path, format_name: str = "", options: Options | None = None) -> Reading:
    """Read a file with the importer that is named, or with the one that fits.

    Parameters
    ----------
    file : Path
    format_name : str
        Name of an importer; recognised where empty.

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        If the file is broken, no importer or more than one fits, or the format is unknown.
    """
    return read_data(read_bytes(file), file, format_name, options)


def read_data(data: bytes, file: Path, format_name: str = "", options: Options | None = None) -> Reading:
    """Read the bytes of `file`; see `read_file`."""
    container, sheet = open_data(data, file)
    importer = named(format_name, container, file) if format_name else recognise(sheet, container)
    try:
        reading = importer.read(sheet, options or Options())
    except InputError as error:
        error.place["file"] = error.place["file"] or file
        raise
    return reading if reading.rows else replace(reading, notes=(*reading.notes, Note("feeds.no_rows")))


def open_data(data: bytes, file: Path) -> tuple[Container, Sheet]:
    """Return what the bytes hold, told from their beginning, as a sheet."""
    data = unpack(data, file)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return "json", json_sheet(data, file)
    if start == b"<":
        return "xml", xml_sheet(data, file)
    return "table", parse_sheet(data, file)


def recognise(sheet: Sheet, container: Container = "table") -> Importer:
    """Return the one importer that fits a sheet best.

    Raises
    ------
    InputError
        If none fits, or two fit equally well.
    """
    scores = {i.name: i.recognise(sheet) for i in IMPORTERS.values() if i.container == container}
    best = max(scores.values(), default=0)
    fitting = [name for name, score in scores.items() if score == best and score > 0]
    if not fitting:
        headings = ", ".join(sheet.columns[:12])
        raise InputError("feeds.no_format", file=sheet.file, headings=headings, formats=", ".join(IMPORTERS))
    if len(fitting) > 1:
        raise InputError("feeds.two_formats", file=sheet.file, formats=", ".join(fitting))
    return IMPORTERS[fitting[0]]


def named(name: str, container: Container, file: Path) -> Importer:
    """Return the importer `name`; InputError if there is none or it reads other kinds of files."""
    importer = IMPORTERS.get(name)
    if importer is None:
        raise InputError("feeds.unknown_format", value=name, expected=", ".join(IMPORTERS))
    if importer.container != container:
        raise InputError("feeds.other_container", file=file, format=name, container=container)
    return importer

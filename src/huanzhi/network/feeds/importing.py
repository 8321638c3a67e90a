"""Importing 导入: one file into the store. Read whole, refused rows set aside, then written in one batch."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from huanzhi.errors import InputError
from huanzhi.library.home import home_folder
from huanzhi.library.series import Feature, Receipt, Source, Store
from huanzhi.network.feeds.reading import Options, Reading
from huanzhi.network.feeds.refused import write_rejects
from huanzhi.network.feeds.registry import read_data
from huanzhi.network.feeds.sheets import read_bytes

Known = Mapping[str, Feature]
"""Code → place, as the store has it."""

_WORDS = ("region", "province", "basin", "region_code")


@dataclass(frozen=True, slots=True)
class Plan:
    """How files are imported.

    Attributes
    ----------
    format : str
        Importer; recognised where empty.
    options : Options
    strict : bool
        Whether one refused row refuses the file.
    rejects : Path, optional
        Folder of the reject files; beside each file where None.
    simulated : bool
        Whether all values are simulated, whatever the files say.
    """

    format: str = ""
    options: Options = field(default_factory=Options)
    strict: bool = False
    rejects: Path | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file: its reading, the store's receipt (None in a trial) and the reject file."""

    reading: Reading
    receipt: Receipt | None
    rejects: Path | None


def import_file(file: Path, plan: Plan, store: Store | None) -> Imported:
    """Read a file and write it into the store.

    Parameters
    ----------
    store : Store, optional
        Where None, the file is read and checked only, and nothing is written anywhere.

    Raises
    ------
    InputError
        If the file cannot be read as a whole, is refused by `strict`, or mixes simulated with real values.
    """
    data, reading = read_for(file, plan)
    return Imported(reading, None, None) if store is None else write_reading(reading, data, plan, store)


def read_for(file: Path, plan: Plan) -> tuple[bytes, Reading]:
    """Return the bytes of a file and what they say; nothing is written.

    Raises
    ------
    InputError
        If the file cannot be read as a whole, or is refused by `strict`.
    """
    data = read_bytes(file)
    reading = read_data(data, file, plan.format, plan.options)
    if plan.simulated:
        reading = as_simulated(reading)
    if plan.strict and reading.rejects:
        raise _strict_refusal(reading)
    return data, reading


def write_reading(reading: Reading, data: bytes, plan: Plan, store: Store) -> Imported:
    """Write what `read_for` returned into the store, refused rows set aside.

    Raises
    ------
    InputError
        If simulated and real values would mix.
    """
    known = known_places([reading], store)
    refuse_mixture(reading, known)
    reading = replace(reading, features=with_what_is_known(reading.features, known))
    folder = reject_folder(reading.file, plan.rejects)
    rejects = write_rejects(reading, folder) if reading.rejects else None
    receipt = store.write(reading.table, reading.features, source_of(reading, data, plan))
    return Imported(reading, receipt, rejects)


def as_simulated(reading: Reading) -> Reading:
    """Mark a reading and its places as simulated."""
    places = tuple(replace(place, simulated=True) for place in reading.features)
    return replace(reading, features=places, simulated=True)


def known_places(readings: Iterable[Reading], store: Store) -> Known:
    """Return what the store knows of the places of some readings, by code."""
    codes = {place.code for reading in readings for place in reading.features}
    return {place.code: place for place in store.features(codes=list(codes))}


def refuse_mixture(reading: Reading, known: Known) -> None:
    """Refuse simulated values for a real place, and real values for a simulated one.

    Raises
    ------
    InputError
        Naming the first such place.
    """
    for place in reading.features:
        if known.get(place.code, place).simulated != reading.simulated:
            key = "feeds.simulated_for_real" if reading.simulated else "feeds.real_for_simulated"
            raise InputError(key, file=reading.file, place=place.code)


def with_what_is_known(places: tuple[Feature, ...], known: Known) -> tuple[Feature, ...]:
    """Fill what a file does not say about a place with what the store knows of it."""
    return tuple(_filled(place, known.get(place.code, place)) for place in places)


def _filled(place: Feature, known: Feature) -> Feature:
    words = {name: getattr(place, name) or getattr(known, name) for name in _WORDS}
    here = place if place.lon is not None and place.lat is not None else known
    name = known.name if place.name == place.code else place.name
    attributes = {**known.attributes, **place.attributes}
    return replace(place, name=name, lon=here.lon, lat=here.lat, attributes=attributes, **words)


def source_of(reading: Reading, data: bytes, plan: Plan) -> Source:
    """Return where a batch comes from, with the raw bytes and what shaped the reading."""
    return Source(
        name=reading.file.name,
        format=reading.format,
        sha256=hashlib.sha256(data).hexdigest(),
        note="; ".join(note.key for note in reading.notes),
        simulated=reading.simulated,
        raw=data,
        options=f"year={plan.options.year or ''}",
    )


def reject_folder(file: Path, chosen: Path | None) -> Path:
    """Return the folder of a reject file: the chosen one, else beside the file, else in the data folder."""
    if chosen is not None:
        return chosen
    beside = file.absolute().parent
    return beside if os.access(beside, os.W_OK) else home_folder() / "refused"


def _strict_refusal(reading: Reading) -> InputError:
    first = reading.rejects[0]
    return InputError(
        "feeds.strict",
        file=reading.file,
        row=first.row,
        column=first.column or None,
        value=first.value or None,
        number=len(reading.rejects),
        reason=first.reason(),
    )

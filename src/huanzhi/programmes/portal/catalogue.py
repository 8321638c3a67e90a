"""Catalogue of open data 开放数据目录: data sets with their dictionary, rows, versions; one archive of all.

Every row comes from what two people published, or from what a register holds as public: both are asked for as
somebody who is nobody, so that what is not public cannot be among them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from django.db.models import Q

from huanzhi.center.enforcement.records import Announcement
from huanzhi.errors import InputError
from huanzhi.library.places.models import Section, Station
from huanzhi.library.publications.models import Publication
from huanzhi.library.publications.settings import settings
from huanzhi.library.rights import ANYONE, visible
from huanzhi.messages import language
from huanzhi.standards.periods import CHINA

Row = dict[str, Any]
RECKONED = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a data set; `missing` says what an empty cell of it means."""

    name: str
    type: str
    zh: str
    en: str
    unit: str = ""
    missing: Mapping[str, str] | None = None

    def told(self) -> dict[str, Any]:
        """Return the field as the dictionary tells it."""
        empty = self.missing or _declared()["missing"]
        title = self.zh if language() == "zh" else self.en
        return {
            "name": self.name,
            "type": self.type,
            "unit": self.unit,
            "title": title,
            "missing": empty[language()],
        }


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set."""

    code: str
    zh: str
    en: str
    words: Mapping[str, str]
    edition: Mapping[str, str]
    sorts: tuple[str, ...]
    part: str
    register: str
    fields: tuple[Field, ...]

    @property
    def placed(self) -> bool:
        """Whether its rows have a place."""
        return any(one.name == "lon" for one in self.fields)

    def rows(self, today: date) -> list[Row]:
        """Return its rows, by the names of its fields."""
        found = REGISTERS[self.register](today) if self.register else _published_rows(self)
        return [{one.name: row.get(one.name) for one in self.fields} for row in found]


@cache
def _declared() -> Mapping[str, Any]:
    file = resources.files("huanzhi.programmes.portal") / "data" / "catalogue.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def datasets() -> Mapping[str, Dataset]:
    """Return the data sets by code."""
    told = _declared()
    return {
        code: Dataset(
            code,
            row["zh"],
            row["en"],
            row["words"],
            row.get("edition", {"zh": "", "en": ""}),
            tuple(row.get("publications", ())),
            row.get("part", ""),
            row.get("register", ""),
            tuple(Field(**one) for one in told["fields"][row["fields"]]),
        )
        for code, row in told.items()
        if code not in ("missing", "fields")
    }


def dataset(code: str) -> Dataset:
    """Return a data set; InputError ``publications.no_dataset`` if there is none of that code."""
    found = datasets().get(code)
    if found is None:
        raise InputError("publications.no_dataset", value=code.replace("\x00", ""))
    return found


def public_rows() -> Any:
    """Return what is public now: the version that holds of each subject."""
    rows = Publication.objects.filter(state="published").select_related("region")
    return visible(ANYONE, Publication.KIND, rows).order_by("-published", "-pk")


def _published_rows(held: Dataset) -> Iterator[Row]:
    for one in public_rows().filter(sort__in=held.sorts):
        data = one.content.get("data", {})
        head = {
            "publication": one.number,
            "version": one.version,
            "published": stamp(one.published),
            "simulated": one.simulated,
        }
        if held.part == "data":
            pollutants = {_column(name): value for name, value in data.get("pollutants", {}).items()}
            name = one.region.name if one.region else ""
            yield {**data, **pollutants, "region_name": name, **head}
            continue
        about = {name: data.get(name) for name in ("period", "by", "ranked_on")}
        yield from ({**about, **row, **head} for row in data.get("rows", ()))


def _column(pollutant: str) -> str:
    return pollutant.lower().replace(".", "")


def stamp(moment: datetime | None) -> str | None:
    """Return a moment in China time."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None


def _places(_: date) -> Iterator[Row]:
    for model in (Station, Section):
        rows = visible(ANYONE, model.KIND, model.objects.select_related("region"))
        for one in rows.filter(valid_to__isnull=True).order_by("code"):
            told = {name: getattr(one, name) for name in ("code", "name", "control_level", "lon", "lat")}
            kind = one.kind if model is Station else "section"
            more = {"region": one.region_id, "region_name": one.region.name, "simulated": one.simulated}
            yield {**told, **more, "kind": kind, "target": getattr(one, "target", "") or None}


def _penalties(today: date) -> Iterator[Row]:
    rows = visible(ANYONE, Announcement.KIND, Announcement.objects.all())
    names = ("document", "party", "party_code", "cause", "basis", "decision", "authority", "simulated")
    for one in rows.filter(Q(ends=None) | Q(ends__gt=today)).order_by("-published", "-pk"):
        days = {"decided": one.decided.isoformat(), "published": one.published.isoformat()}
        fine = None if one.fine is None else str(one.fine)
        yield {**{name: getattr(one, name) for name in names}, **days, "fine": fine}


def log() -> list[Row]:
    """Return every correction and withdrawal of what was public, the newest first, with all that changed."""
    every = Publication.objects.filter(published__isnull=False)
    rows = visible(ANYONE, Publication.KIND, every.select_related("corrects", "region"))
    found = [_correction(one) for one in rows if one.version > 1 and one.corrects_id]
    found += [_withdrawal(one) for one in rows if one.withdrawn]
    return sorted(found, key=lambda row: str(row["at"]), reverse=True)


def _head(one: Publication) -> Row:
    told = {"publication": one.number, "title": one.title, "title_en": one.title_en, "version": one.version}
    return {**told, "sort": one.sort, "simulated": one.simulated}


def _correction(one: Publication) -> Row:
    before = one.corrects.number if one.corrects else None
    told = {"at": stamp(one.published), "why": one.reason, "corrects": before, "changes": one.changes}
    return {**_head(one), "kind": "correction", **told}


def _withdrawal(one: Publication) -> Row:
    told = {"at": stamp(one.withdrawn), "why": one.withdrawal, "corrects": None, "changes": []}
    return {**_head(one), "kind": "withdrawal", **told}


def _corrections(_: date) -> Iterator[Row]:
    for row in log():
        for change in row["changes"] or [{}]:
            told = {"where": change.get("where"), "was": change.get("was"), "now_is": change.get("is")}
            yield {**row, **told}


REGISTERS: Mapping[str, Callable[[date], Iterator[Row]]] = {
    "places": _places,
    "penalties": _penalties,
    "corrections": _corrections,
}
"""What gives the rows of data sets that are of no publication."""


def entry(held: Dataset, today: date) -> Row:
    """Return a data set as the catalogue tells it."""
    spoken = language()
    source = public_rows().filter(sort__in=held.sorts) if held.sorts else None
    newest = source.first() if source is not None else None
    number = len(held.rows(today))
    forms = ["csv", "json", *(["geojson"] if held.placed else [])]
    return {
        "code": held.code,
        "title": held.zh if spoken == "zh" else held.en,
        "words": held.words[spoken],
        "edition": held.edition[spoken],
        "missing": _declared()["missing"][spoken],
        "licence": settings()["licence"][spoken],
        "rows": number,
        "updated": stamp(newest.published) if newest else None,
        "version": newest.number if newest else None,
        "fields": [one.told() for one in held.fields],
        "downloads": {form: f"/api/v1/open/data/{held.code}?format={form}" for form in forms},
    }


def as_csv(held: Dataset, rows: list[Row], *, bom: bool = False) -> bytes:
    """Return rows as CSV; what a spreadsheet program would reckon with is guarded by a quote."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([one.name for one in held.fields])
    texts = {one.name for one in held.fields if one.type == "text"}
    for row in rows:
        writer.writerow([_csv_cell(value, name in texts) for name, value in row.items()])
    return stream.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _csv_cell(value: Any, is_text: bool) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if is_text and str(value).startswith(RECKONED) else value


def as_json(held: Dataset, rows: list[Row], today: date) -> bytes:
    """Return rows with the entry of the catalogue."""
    told = {**entry(held, today), "items": rows}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def as_geojson(rows: list[Row]) -> bytes:
    """Return rows that have a place as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
            if row.get("lon") is not None
            else None,
            "properties": {name: value for name, value in row.items() if name not in ("lon", "lat")},
        }
        for row in rows
    ]
    told = {"type": "FeatureCollection", "features": features}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def archive(now: datetime) -> bytes:
    """Return every data set as CSV in one archive, with a manifest, its dictionary and SHA-256 sums.

    The same data make the same bytes: times within the archive are those of the newest publication.
    """
    today, files = now.astimezone(CHINA).date(), dict[str, bytes]()
    entries = []
    for held in datasets().values():
        files[f"{held.code}.csv"] = as_csv(held, held.rows(today))
        entries.append(entry(held, today))
    licence = settings()["licence"][language()]
    newest = public_rows().first()
    told = {"datasets": entries, "licence": licence, "updated": stamp(newest.published) if newest else None}
    files["manifest.json"] = json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()
    files["LICENCE.txt"] = f"{licence}\n".encode()
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files["SHA256SUMS"] = sums.encode()
    return _zipped(files)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in files.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, body)
    return stream.getvalue()

"""Alerts 告警: what the duty desk should look at now: values beyond a limit, devices lost, doubtful data.

They are computed from the newest values and go by themselves when their reason goes; nobody is made
responsible by them yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.atlas.seen import REVIEWED_FIRST
from huanzhi.library.series import Feature
from huanzhi.messages import catalogue
from huanzhi.network.gateway.status import DeviceStatus
from huanzhi.network.quality.held import is_main
from huanzhi.programmes.live.cells import Cell, iso, limit_form, plain, unit_of, written
from huanzhi.standards.parameters import all_parameters

EXCEEDANCE, LOST, SUSPECT = "exceedance", "device_lost", "suspect"

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `since` is when its reason was first seen [s UTC], by the time of the value or device.

    ``region`` is the GB/T 2260 code of the region of its place.
    """

    kind: str
    feature: str
    name: str
    subject: str
    period: str
    since: int
    simulated: bool
    cell: Cell | None = None
    flags: tuple[str, ...] = ()
    region: str = ""

    @property
    def key(self) -> Key:
        """Return what makes it one and the same."""
        return self.kind, self.feature, self.subject, self.period

    def form(self, *, over: bool = False) -> dict[str, Any]:
        """Return it for programs; `over` says that its reason is gone."""
        row = self.cell.newest if self.cell else None
        return {
            "topic": "alerts",
            "kind": self.kind,
            "feature": self.feature,
            "name": self.name,
            "region": self.region,
            "subject": self.subject,
            "parameter": row.parameter if row else "",
            "period": self.period,
            "since": iso(self.since),
            "value": written(row.value, row.decimals) if row else None,
            "unit": unit_of(row.parameter) if row else "",
            "limit": limit_form(self.cell.limit) if self.cell else None,
            "flags": list(self.flags),
            "why": self._words("zh"),
            "why_en": self._words("en"),
            "simulated": self.simulated,
            "over": over,
        }

    def _words(self, language: str) -> str:
        row, limit = (self.cell.newest, self.cell.limit) if self.cell else (None, None)
        known = all_parameters().get(row.parameter) if row else None
        named = (known.name_en if language == "en" else known.symbol) if known else self.subject
        return catalogue()[f"events.alert_{self.kind}"][language].format(
            what=named,
            value=written(row.value, row.decimals) if row else "",
            unit=unit_of(row.parameter) if row else "",
            limit=plain(limit.value) if limit else "",
            standard=f"{limit.standard} {limit.clause}".strip() if limit else "",
            flags=("、" if language == "zh" else ", ").join(_flag(name, language) for name in self.flags),
        )


def _flag(name: str, language: str) -> str:
    words: dict[str, str] = dict(catalogue().get(f"series_api.flag_{name}", {}))
    return words.get(language, name)


class Alerts:
    """The alerts that stand; they belong to the thread of the loop."""

    def __init__(self) -> None:
        self.standing: dict[Key, Alert] = {}

    def renew(self, found: Iterable[Alert]) -> list[tuple[Key, dict[str, Any]]]:
        """Take over what is found now; return the events of what is new and of what is over."""
        now = {alert.key: self._kept(alert) for alert in found}
        gone = [alert for key, alert in self.standing.items() if key not in now]
        new = [alert for key, alert in now.items() if key not in self.standing]
        self.standing = now
        return [(one.key, one.form()) for one in new] + [(one.key, one.form(over=True)) for one in gone]

    def _kept(self, alert: Alert) -> Alert:
        """Return an alert with the moment at which it was first seen."""
        before = self.standing.get(alert.key)
        if before is None or before.since >= alert.since:
            return alert
        return replace(alert, since=before.since)


def of_cells(cells: Iterable[Cell]) -> Iterator[Alert]:
    """Go through the alerts of the newest values: those beyond a limit, and hours that devices doubt."""
    for cell in cells:
        row, place = cell.newest, cell.feature
        if not is_main(row.parameter):
            continue
        if cell.exceeds:
            yield Alert(
                EXCEEDANCE,
                row.feature,
                place.name,
                row.parameter,
                row.period,
                row.time,
                place.simulated,
                cell,
                region=place.region_code,
            )
        elif row.period == "hour" and (doubt := DeviceFlag(row.flag) & REVIEWED_FIRST):
            words = tuple(str(flag.name).lower() for flag in DeviceFlag if flag and flag in doubt)
            yield Alert(
                SUSPECT,
                row.feature,
                place.name,
                row.parameter,
                row.period,
                row.time,
                place.simulated,
                cell,
                words,
                place.region_code,
            )


def of_devices(
    devices: Iterable[DeviceStatus], outlets: Mapping[str, str], features: Mapping[str, Feature]
) -> Iterator[Alert]:
    """Go through the alerts of devices that were heard and are no longer on line."""
    for device in devices:
        if device.online or not device.last_seen or device.state != "registered":
            continue
        code = outlets.get(device.mn, device.mn)
        place = features.get(code)
        yield Alert(
            LOST,
            code,
            place.name if place else code,
            device.mn,
            "",
            int(device.last_seen),
            bool(place and place.simulated),
            region=place.region_code if place else "",
        )

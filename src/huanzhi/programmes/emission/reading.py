"""Hours of an outlet from the store 小时核算: content, flow, what holds, what was put in by which standard.

Content and flow are taken as the device sends them, dry and in the standard state, unless the outlet says
otherwise (``attributes.gas``: ``flow`` = ``wet`` or ``actual``, ``content`` = ``wet``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from huanzhi import standards
from huanzhi.assess.emission.gas import StandardState, dry_concentration, dry_flow, standard_flow
from huanzhi.assess.emission.hours import Hours, Origin, gas_hours, water_hours, with_detection
from huanzhi.assess.emission.hours import products as multiplied
from huanzhi.assess.exact import MISSING, Ints, round_fraction
from huanzhi.assess.quality_flags import DeviceFlag, Effect
from huanzhi.assess.quality_series import Mask
from huanzhi.assess.quality_substitution import Step
from huanzhi.assess.states import State
from huanzhi.ecocode.permits.settings import settings
from huanzhi.errors import StandardError
from huanzhi.library.reviews import Ledger, Reviewed, reviewed
from huanzhi.library.series import Store
from huanzhi.programmes.place.limits import NOT_JUDGED
from huanzhi.standards.model import Edition, Row
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR, Period, china_date
from huanzhi.standards.units import factor

LOOK_BACK = 120 * DAY
"""How far back values are read for the ladder [s]: its longest step looks at 2160 valid hours."""
FLOW = {"water": ("w00000", "L/s", "mg/L"), "gas": ("a00000", "m³/s", "mg/m³")}
MOISTURE, TEMPERATURE, PRESSURE = "a01014", "a01012", "a01013"
OF_ANALYSER = DeviceFlag.CALIBRATION | DeviceFlag.STANDARD_CHECK
"""Flags that are of the analyser and not of the meter of waste water, whose flow counts under them. Ours."""
FINER = 4
"""Decimals that a converted value has more than what was measured. Ours."""


@dataclass(frozen=True)
class Reckoned:
    """The hours of one outlet and parameter.

    Attributes
    ----------
    times : ndarray of int64, shape (n,)
        Starts of the hours [s UTC].
    milligrams : Fraction
        Mass of one unit of the products.
    standard : str
        Number of the standard by which hours were put in; empty where there is none for the parameter.
    """

    outlet: str
    parameter: str
    times: Ints
    hours: Hours
    milligrams: Fraction
    standard: str


def medium_of(parameter: str) -> str:
    """Return ``water``, ``gas`` or nothing by the code of a parameter."""
    return {"w": "water", "a": "gas"}.get(parameter[:1], "")


def has_mass(parameter: str) -> bool:
    """Return whether a parameter is a mass in a volume, so that a quantity of it can be reckoned."""
    known, medium = all_parameters().get(parameter), medium_of(parameter)
    if known is None or not medium or not known.unit:
        return False
    try:
        factor(known.unit, FLOW[medium][2])
    except StandardError:
        return False
    return True


def reckon(
    store: Store,
    ledger: Ledger | None,
    outlet: str,
    parameters: Sequence[str],
    start: int,
    end: int,
    gas: Mapping[str, str] | None = None,
    *,
    look_back: int = LOOK_BACK,
) -> list[Reckoned]:
    """Return the hours of [`start`, `end`) of an outlet, from the first hour that ever came on.

    Parameters
    ----------
    gas : mapping
        What the outlet says of the state of its gas.
    look_back : int
        How far back hours are read from which others are put in [s]; 0 where only what was measured counts.
    """
    found = []
    for medium, (flow, _, _) in FLOW.items():
        wanted = [one for one in parameters if medium_of(one) == medium and has_mass(one)]
        if wanted:
            aside = [MOISTURE, TEMPERATURE, PRESSURE] if medium == "gas" and gas else []
            codes = list(dict.fromkeys([flow, *wanted, *aside]))
            window = store.window([outlet], codes, Period.HOUR, start - look_back, end)
            view = reviewed(window, ledger)
            found += [one for code in wanted for one in _one(view, code, medium, start, gas or {})]
    return found


def _one(
    view: Reviewed, parameter: str, medium: str, start: int, gas: Mapping[str, str]
) -> Sequence[Reckoned]:
    window = view.window
    places = [window.parameters.index(FLOW[medium][0]), window.parameters.index(parameter)]
    came: Mask = np.logical_or.accumulate(view.received[0, places].any(axis=0))
    inside = window.times >= start
    if not came[inside].any():
        return ()
    stopped = stopped_of(view, places)
    content, content_decimals = _content(view, places[1], gas)
    flow, flow_decimals = _flow(view, places[0], gas)
    share = Fraction(settings()["ours"]["detection_share"])
    below = window.states[0, places[1]] == State.BELOW_DETECTION
    content = with_detection(content, below, share)
    operating = ~stopped & came
    if medium == "gas":
        hours, standard = _gas(parameter, content, flow, operating, window.times)
    else:
        hours, standard = _water(parameter, content, flow, operating, window.times)
    hours = _cut(hours, came | stopped, inside)
    scale = share.denominator * 10 ** (content_decimals + flow_decimals)
    mass = _milligrams(parameter, medium) * HOUR / scale
    return (Reckoned(window.features[0], parameter, window.times[inside], hours, mass, standard),)


def stopped_of(view: Reviewed, places: Sequence[int]) -> Mask:
    """Return the hours in which the outlet stood still by a flag of its device or a mark of a review."""
    flags = (view.window.flags[0, places] & int(DeviceFlag.STOPPED)) != 0
    stopped: Mask = (flags | view.has(Effect.SHUTDOWN)[0, places]).any(axis=0)
    return stopped


def good_of(view: Reviewed, place: int, against: int = int(NOT_JUDGED)) -> Ints:
    """Return the reviewed values that hold: received, not unfit, no flag of the device `against` them."""
    flagged = (view.window.flags[0, place] & against) != 0
    holds = view.substituted[0, place] | (view.valid[0, place] & ~flagged)
    return np.where(holds, view.units[0, place], MISSING)


def _content(view: Reviewed, place: int, gas: Mapping[str, str]) -> tuple[Ints, int]:
    units, decimals = good_of(view, place), view.window.decimals[place]
    if gas.get("content") != "wet":
        return units, decimals
    water = _aside(view, MOISTURE)
    return _each([units, water], lambda c, x: dry_concentration(c, x), decimals), decimals + FINER


def _flow(view: Reviewed, place: int, gas: Mapping[str, str]) -> tuple[Ints, int]:
    water = view.window.parameters[place] == FLOW["water"][0]
    against = int(NOT_JUDGED & ~OF_ANALYSER) if water else int(NOT_JUDGED)
    units, decimals = good_of(view, place, against), view.window.decimals[place]
    how = gas.get("flow", "")
    if how not in ("wet", "actual"):
        return units, decimals
    table: Mapping[str, Any] = settings()["gas_state"]
    state = StandardState(Fraction(table["kelvin"]), Fraction(table["pressure"]))
    ambient = Fraction(gas.get("ambient") or table["ambient"])
    if how == "wet":
        return _each([units, _aside(view, MOISTURE)], dry_flow, decimals), decimals + FINER
    asides = [_aside(view, code) for code in (MOISTURE, TEMPERATURE, PRESSURE)]

    def dry_standard(flow: Any, water: Any, temperature: Any, pressure: Any) -> Fraction:
        return standard_flow(dry_flow(flow, water), temperature, pressure, ambient, state)

    return _each([units, *asides], dry_standard, decimals), decimals + FINER


def _aside(view: Reviewed, code: str) -> tuple[Ints, int]:
    place = view.window.parameters.index(code)
    return good_of(view, place), view.window.decimals[place]


def _each(given: Sequence[Any], work: Any, decimals: int) -> Ints:
    """Work hour by hour in fractions, rounded once; missing where anything is missing."""
    first, *others = given
    columns = [first.tolist(), *(units.tolist() for units, _ in others)]
    scales = [10**decimals, *(10**places for _, places in others)]
    rows = []
    for row in zip(*columns, strict=True):
        if MISSING in row:
            rows.append(MISSING)
        else:
            parts = [Fraction(unit, scale) for unit, scale in zip(row, scales, strict=True)]
            rows.append(round_fraction(work(*parts), decimals + FINER))
    return np.array(rows, dtype=np.int64)


def _gas(parameter: str, content: Ints, flow: Ints, operating: Mask, times: Ints) -> tuple[Hours, str]:
    edition = _edition("HJ 75", times)
    listed = edition is not None and any(
        row["parameter"] == parameter for row in edition.table("substituted").rows
    )
    ladder = [_step(row) for row in edition.table("substitution").rows] if edition and listed else []
    found = multiplied(content, flow)
    hours = gas_hours(found, found != MISSING, operating, quarters_of(times), ladder)
    return hours, edition.number if edition and listed else ""


def _water(parameter: str, content: Ints, flow: Ints, operating: Mask, times: Ints) -> tuple[Hours, str]:
    edition = _edition("HJ 356", times)
    rows = edition.table("substitution").rows if edition else ()
    rule = next((str(row["rule"]) for row in rows if row["parameter"] == parameter), "")
    hours = water_hours(content, flow, content != MISSING, operating, rule)
    return hours, edition.number if edition and rule else ""


def _cut(hours: Hours, told: Mask, inside: Mask) -> Hours:
    """Leave the hours inside; those before anything came are missing, neither stopped nor put in."""
    origins = np.where(told, hours.origins, Origin.MISSING).astype(np.int8)
    found = np.where(told, hours.products, MISSING)
    first = int(np.argmax(inside))
    gaps = tuple(gap for gap in hours.gaps if gap.last > first)
    return Hours(found[inside], origins[inside], gaps)


def _milligrams(parameter: str, medium: str) -> Fraction:
    """Return mg/s in one unit of content times one unit of flow, as the store keeps both."""
    flow, volume, content = FLOW[medium]
    known, carried = all_parameters()[parameter], all_parameters()[flow]
    return Fraction(factor(known.unit, content)) * Fraction(factor(carried.unit, volume))


def _step(row: Row) -> Step:
    least, under = (Fraction(row[n]) / 100 if n in row else None for n in ("capture_min", "capture_under"))
    return Step(row["name"], least, under, row.get("gap_over"), row.get("gap_max"), row.get("hours"))


def _edition(identity: str, times: Ints) -> Edition | None:
    """Return the edition in force on the last day, None where there is none."""
    day = china_date(int(times[-1])) if times.size else date.min
    return next((one for one in standards.standard(identity).editions if day in one.interval), None)


def quarters_of(times: Ints) -> npt.NDArray[np.int64]:
    """Return year x 4 + quarter of each hour, in China time."""
    return months_of(times) // 3


def months_of(times: Ints) -> npt.NDArray[np.int64]:
    """Return year x 12 + month - 1 of each hour, in China time."""
    months = (np.asarray(times) + CHINA_OFFSET).astype("datetime64[s]").astype("datetime64[M]")
    counted: npt.NDArray[np.int64] = months.astype(np.int64) + 1970 * 12
    return counted


def days_of(times: Ints) -> npt.NDArray[np.int64]:
    """Return days since 1970 of each hour, in China time."""
    counted: npt.NDArray[np.int64] = (np.asarray(times) + CHINA_OFFSET) // DAY
    return counted

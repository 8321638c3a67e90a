"""Drawing 抽取: objects by weight with exact chances, then teams without conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from huanzhi.rules.draws.stream import Stream

Weighted = tuple[str, int]
Row = Mapping[str, Any]


def draw(terms: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the result of a draw.

    Parameters
    ----------
    terms : mapping
        What was committed to; see `paper.commit`. The order of its lists does not matter.
    key : str
        Key of the draw; see `paper.key_of`.

    Returns
    -------
    dict
        ``objects`` (drawn, by stratum and id), ``reserve``, ``teams`` in the order of the visits; a team that
        lacks inspectors says by how many in ``short``.
    """
    objects, reserve = [], []
    for stratum in sorted(terms["strata"], key=lambda one: str(one["id"])):
        name = str(stratum["id"])
        rows = [(str(one["id"]), int(one["weight"])) for one in terms["objects"] if one["stratum"] == name]
        drawn = select(rows, stratum["take"], Stream(key, f"objects/{name}"))
        rest = [row for row in rows if row[0] not in drawn]
        objects += [{"object": one, "stratum": name} for one in sorted(drawn)]
        spare = select(rest, stratum["reserve"], Stream(key, f"reserve/{name}"))
        reserve += [{"object": one, "stratum": name} for one in sorted(spare)]
    teams = assign(terms, [one["object"] for one in objects], key)
    return {"objects": objects, "reserve": reserve, "teams": teams}


def select(items: Iterable[Weighted], take: int, stream: Stream) -> set[str]:
    """Draw exactly `take` of the items without replacement, the chance of each as its weight.

    What has ``take * weight >= total`` is certain; then the rest is laid end to end in random order, each as
    long as ``take * weight``, and marked every ``total`` from a random start (systematic sampling). The
    chance of an item is exactly ``take * weight / total`` of those not certain.
    """
    certain, rest, take = _certain(items, take)
    if take == 0:
        return certain
    total = sum(weight for _, weight in rest)
    order = stream.shuffled(sorted(rest))
    mark, end, drawn = stream.below(total), 0, set(certain)
    for name, weight in order:
        end += take * weight
        if mark < end:
            drawn.add(name)
            mark += total
    return drawn


def chances(items: Iterable[Weighted], take: int) -> dict[str, Fraction]:
    """Return the exact chance of each item to be drawn by `select`."""
    items = list(items)
    certain, rest, left = _certain(items, take)
    total = sum(weight for _, weight in rest)
    found = {name: Fraction(left * weight, total) for name, weight in rest}
    return found | dict.fromkeys(certain, Fraction(1))


def _certain(items: Iterable[Weighted], take: int) -> tuple[set[str], list[Weighted], int]:
    """Return what is certain, what is not, and how many are still to be drawn."""
    rest, certain = list(items), set()
    while take:
        total = sum(weight for _, weight in rest)
        sure = {name for name, weight in rest if take * weight >= total}
        if not sure:
            break
        certain |= sure
        take -= len(sure)
        rest = [row for row in rest if row[0] not in sure]
    return certain, rest, take


def assign(terms: Mapping[str, Any], drawn: Iterable[str], key: str) -> list[dict[str, Any]]:
    """Give every drawn object a team: the objects with the fewest free inspectors first."""
    stream = Stream(key, "teams")
    rows = {str(one["id"]): one for one in terms["objects"]}
    barred = {(str(one["inspector"]), str(one["object"])) for one in terms["conflicts"]}
    inspectors = sorted(terms["inspectors"], key=lambda one: str(one["id"]))
    rules = terms["rules"]
    free = {
        name: [one for one in inspectors if may_visit(one, rows[name], rules, barred)] for name in set(drawn)
    }
    order = Stream(key, "visits").shuffled(sorted(free))
    load = {str(one["id"]): 0 for one in inspectors}
    teams = {name: _team(rows[name], rules, free[name], load, stream) for name in _hardest(order, free)}
    return [{"object": name, **teams[name]} for name in order]


def _hardest(order: list[str], free: Mapping[str, list[Row]]) -> list[str]:
    return sorted(order, key=lambda name: len(free[name]))


def may_visit(inspector: Row, thing: Row, rules: Row, barred: set[tuple[str, str]]) -> bool:
    """Return whether no conflict keeps an inspector from an object, and the certificate holds long enough."""
    if (str(inspector["id"]), str(thing["id"])) in barred:
        return False
    if rules["avoid_region"] and inspector["region"] and inspector["region"] == thing["region"]:
        return False
    return not inspector["until"] or str(inspector["until"]) >= str(rules["until"])


def _team(thing: Row, rules: Row, free: list[Row], load: dict[str, int], stream: Stream) -> dict[str, Any]:
    team: list[str] = []
    short = 0
    for seat in rules["seats"]:
        for place in range(seat["count"]):
            skilled = seat["skilled"] and place == 0 and bool(thing["needs"])
            chosen = _one(_fit(free, seat, thing if skilled else None, team, load), load, stream)
            if chosen:
                team.append(chosen)
                load[chosen] += 1
            else:
                short += 1
    return {"inspectors": sorted(team), "short": short}


def _fit(
    free: list[Row], seat: Row, thing: Row | None, team: list[str], load: Mapping[str, int]
) -> list[str]:
    """Return who may take a seat; `thing` is given where the seat asks for expertise."""
    found = []
    for one in free:
        name = str(one["id"])
        of_body = not seat["body"] or one["body"] == seat["body"]
        room = not one["most"] or load[name] < one["most"]
        able = thing is None or not set(thing["needs"]).isdisjoint(one["skills"])
        if of_body and room and able and name not in team:
            found.append(name)
    return found


def _one(names: list[str], load: Mapping[str, int], stream: Stream) -> str:
    """Return one of those with the fewest visits so far, by chance; empty where there is none."""
    if not names:
        return ""
    least = min(load[name] for name in names)
    idle = [name for name in names if load[name] == least]
    return idle[stream.below(len(idle))]

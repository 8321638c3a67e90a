"""A rulebook as people read it: conditions, results and clauses in words, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huanzhi.rules.model import TOTAL, Field, Result, Row, Rulebook, Sort, Value, bare, plain
from huanzhi.rules.reading import digest


def shown(rulebook: Rulebook) -> dict[str, Any]:
    """Return a rulebook as JSON has it, in words."""
    return {
        **line(rulebook),
        "digest": digest(rulebook),
        "note": rulebook.provenance.note.text(),
        "sources": [each.text() for each in rulebook.provenance.sources],
        "policy": rulebook.policy.value,
        "inputs": [field(each) for each in rulebook.inputs],
        "outputs": [field(each) for each in rulebook.outputs],
        "table": [_row(rulebook, row, number) for number, row in enumerate(rulebook.rows, start=1)],
        "bands": [_band(rulebook, number) for number in range(len(rulebook.bands))],
        "base": plain(rulebook.base),
    }


def line(rulebook: Rulebook) -> dict[str, Any]:
    """Return a rulebook as a list names it."""
    confidence = rulebook.provenance.confidence
    end = rulebook.interval.end
    return {
        "id": rulebook.id,
        "title": rulebook.title.text(),
        "kind": rulebook.sort.value,
        "version": rulebook.version,
        "place": rulebook.place,
        "start": rulebook.interval.start.isoformat(),
        "end": end.isoformat() if end else None,
        "basis": rulebook.basis.text(),
        "confidence": confidence.value,
        "confidence_words": confidence.text(),
        "law": rulebook.law,
        "rows": len(rulebook.rows),
        "examples": len(rulebook.examples),
    }


def field(given: Field) -> dict[str, Any]:
    """Return an input or output as a form needs it."""
    return {
        "name": given.name,
        "type": given.type.value,
        "title": given.title.text(),
        "unit": given.unit.text(),
        "optional": given.optional,
        "choices": [{"code": code, "title": said.text()} for code, said in given.choices.items()],
        "least": None if given.least is None else plain(given.least),
        "most": None if given.most is None else plain(given.most),
    }


def _row(rulebook: Rulebook, row: Row, number: int) -> dict[str, Any]:
    cells = [(each, row.when.get(each.name)) for each in rulebook.inputs]
    confidence = rulebook.confidence_of(row)
    return {
        "number": number,
        "group": row.group,
        "group_title": _group(rulebook, row.group),
        "when": ["" if cell is None or cell.always else cell.words(each) for each, cell in cells],
        "then": results(rulebook, row.then),
        "points": plain(row.then["points"]) if rulebook.sort is Sort.SCORE else None,
        "clause": row.clause.text(),
        "note": row.note.text(),
        "confidence": confidence.value,
        "confidence_words": confidence.text(),
    }


def _group(rulebook: Rulebook, group: str) -> str:
    """Return the title of the input that a group is named after, else the group itself."""
    named = [each for each in rulebook.inputs if each.name == group]
    return named[0].title.text() if named else group


def _band(rulebook: Rulebook, position: int) -> dict[str, Any]:
    band = rulebook.bands[position]
    return {"when": band.when.words(TOTAL), "then": results(rulebook, band.then)}


def results(rulebook: Rulebook, values: Mapping[str, Value]) -> list[str]:
    """Return the value of each output in words, empty where there is none."""
    return [each.word(values[each.name]) if each.name in values else "" for each in rulebook.outputs]


def answer(rulebook: Rulebook, result: Result) -> dict[str, Any]:
    """Return a result as JSON has it, with its outputs in words too."""
    words = [
        {"name": each.name, "title": each.title.text(), "value": each.word(result.outputs[each.name])}
        for each in rulebook.outputs
        if each.name in result.outputs
    ]
    titles = {each.name: each.title.text() for each in rulebook.inputs}
    return {
        **result.as_dict(),
        "outputs": bare(result.outputs),
        "words": words,
        "unknown_words": [titles[name] for name in result.unknown],
    }

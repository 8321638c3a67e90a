"""Why a judgement is what it is 为什么: inputs, edition, clause and arithmetic, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from huanzhi.messages import text
from huanzhi.standards import Confidence, Edition, Table


def cautions(tables: Iterable[Table]) -> tuple[str, ...]:
    """Return a sentence for every table that is not confirmed, each once."""
    weak = (table for table in tables if not table.provenance.confidence.confirmed)
    return tuple(dict.fromkeys(map(_caution, weak)))


def _caution(table: Table) -> str:
    confidence, note = table.provenance.confidence, table.provenance.note
    if confidence is Confidence.DEFAULT:
        return text("explain.caution_default", table=table.heading, note=note).rstrip()
    return text("explain.caution", table=table.heading, confidence=confidence.text(), note=note).rstrip()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic: a message key with its values, and the clause that asks for it."""

    key: str
    values: Mapping[str, object]
    clause: str = ""

    def sentence(self) -> str:
        """Return the step in the reader's language."""
        return text(self.key, **self.values)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A judged value with everything it was judged from.

    Attributes
    ----------
    inputs : mapping
        Name → value as given, with unit.
    editions : tuple of Edition
        Editions of the standards applied.
    steps : tuple of Step
        In the order of the calculation.
    result : mapping
        Name → judged value.
    tables : tuple of Table
        Tables used; those not confirmed are named as cautions.
    """

    inputs: Mapping[str, object]
    editions: tuple[Edition, ...]
    steps: tuple[Step, ...]
    result: Mapping[str, object]
    tables: tuple[Table, ...] = field(default=())

    def cautions(self) -> tuple[str, ...]:
        """Return a sentence for every table used that is not confirmed."""
        return cautions(self.tables)

    def as_dict(self) -> dict[str, Any]:
        """Return the machine form."""
        return {
            "inputs": dict(self.inputs),
            "editions": [edition.number for edition in self.editions],
            "steps": [{"text": step.sentence(), "clause": step.clause} for step in self.steps],
            "result": dict(self.result),
            "cautions": list(self.cautions()),
        }

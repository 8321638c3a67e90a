"""The engine: zen-engine, given our rows as its decision graph and never an officer's text.

Every cell becomes a list of ranks (`huanzhi.rules.cells`), every result the number of its row. So
the graph holds nothing but integers: no float can blur a limit, and no written condition can become
an expression.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import zen

from huanzhi.rules.cells import Cell, Column, columns_of
from huanzhi.rules.model import Field, Policy, Value

_TYPE = "application/vnd.gorules.decision"


@dataclass(frozen=True, slots=True)
class Decision:
    """A table ready to be asked."""

    columns: tuple[Column, ...]
    policy: Policy
    engine: Any

    def hits(self, values: Mapping[str, Value]) -> list[int]:
        """Return the positions of the rows that hit: the first alone, or all."""
        ranks = {f"c{i}": column.rank(values.get(column.field.name)) for i, column in enumerate(self.columns)}
        result = self.engine.evaluate(ranks)["result"]
        found = result if isinstance(result, list) else [result]
        return [int(each["row"]) for each in found if each and each.get("row") is not None]


def decision(fields: Sequence[Field], rows: Sequence[Mapping[str, Cell]], policy: Policy) -> Decision:
    """Make a decision of rows of conditions."""
    columns = columns_of(fields, rows)
    graph = json.dumps(graph_of(columns, rows, policy))
    return Decision(columns, policy, zen.ZenEngine().create_decision(graph))


def graph_of(columns: Sequence[Column], rows: Sequence[Mapping[str, Cell]], policy: Policy) -> dict[str, Any]:
    """Return the decision graph of the engine: an input, one table, an output."""
    names = [f"c{i}" for i in range(len(columns))]
    table = {
        "hitPolicy": policy.value,
        "inputs": [{"id": name, "name": name, "field": name} for name in names],
        "outputs": [{"id": "row", "name": "row", "field": "row"}],
        "rules": [_rule(i, row, columns) for i, row in enumerate(rows)],
    }
    nodes = [("in", "inputNode", None), ("table", "decisionTableNode", table), ("out", "outputNode", None)]
    return {
        "contentType": _TYPE,
        "nodes": [_node(*each) for each in nodes],
        "edges": [_edge("in", "table"), _edge("table", "out")],
    }


def _rule(position: int, row: Mapping[str, Cell], columns: Sequence[Column]) -> dict[str, str]:
    cells = {f"c{i}": _ranks(column, row.get(column.field.name)) for i, column in enumerate(columns)}
    return {"_id": str(position), **cells, "row": str(position)}


def _ranks(column: Column, cell: Cell | None) -> str:
    if cell is None or cell.always:
        return ""
    return ", ".join(str(rank) for rank in sorted(column.held(cell))) or "-2"


def _node(identity: str, kind: str, content: Any) -> dict[str, Any]:
    node = {"id": identity, "type": kind, "name": identity, "position": {"x": 0, "y": 0}}
    return node | ({"content": content} if content else {})


def _edge(source: str, target: str) -> dict[str, str]:
    return {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}

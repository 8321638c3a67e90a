"""Words of warnings in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from huanzhi.center.warnings.models import Warning
from huanzhi.messages import catalogue
from huanzhi.standards.parameters import all_parameters


def title(rule: str, language: str) -> str:
    """Return what a rule is called."""
    return str(catalogue()[f"warnings.rule_{rule}"][language])


def why(row: Warning, language: str) -> str:
    """Return why a warning stands: what was seen, with its figures."""
    figures = {name: f"{value:.6g}" for name, value in row.facts.items() if isinstance(value, int | float)}
    words = catalogue()[f"warnings.why_{row.rule}"][language]
    return str(words).format_map(_Figures({**figures, **_item(row.parameter, language)}))


def _item(parameter: str, language: str) -> Mapping[str, str]:
    known = all_parameters().get(parameter)
    if known is None:
        return {"item": parameter, "unit": ""}
    return {"item": known.name_en if language == "en" else known.name, "unit": known.unit}


class _Figures(dict[str, str]):
    """Figures by name; a dash where a warning does not have one."""

    def __missing__(self, name: str) -> str:
        return "—"

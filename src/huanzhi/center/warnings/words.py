"""Words of warnings in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from huanzhi.center.warnings.models import Warning
from huanzhi.center.warnings.settings import own_rule
from huanzhi.messages import catalogue
from huanzhi.standards.parameters import all_parameters


def title(rule: str, language: str) -> str:
    """Return what a rule is called."""
    known = catalogue().get(f"warnings.rule_{rule}")
    if known is not None:
        return str(known[language])
    own = own_rule(rule)
    if own is None:
        return rule
    return (own.name_en or own.name) if language == "en" else own.name


def why(row: Warning, language: str) -> str:
    """Return why a warning stands: what was seen, with its figures."""
    figures = {name: f"{value:.6g}" for name, value in row.facts.items() if isinstance(value, int | float)}
    known = catalogue()
    words = (known.get(f"warnings.why_{row.rule}") or known[f"warnings.why_own_{_sort(row)}"])[language]
    written = {name: str(value) for name, value in row.judged.get("words", {}).get(language, {}).items()}
    return str(words).format_map(_Figures({**figures, **_item(row.parameter, language), **written}))


def _sort(row: Warning) -> str:
    """Return what a rule of the city looks at: its warnings are told by that."""
    return str(row.judged.get("sort", "compare"))


def _item(parameter: str, language: str) -> Mapping[str, str]:
    known = all_parameters().get(parameter)
    if known is None:
        return {"item": parameter, "unit": ""}
    return {"item": known.name_en if language == "en" else known.name, "unit": known.unit}


class _Figures(dict[str, str]):
    """Figures by name; a dash where a warning does not have one."""

    def __missing__(self, name: str) -> str:
        return "—"

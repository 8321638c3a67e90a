"""Drawing 图: a chart of a publication as SVG, without script, so that any page may show it; pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from huanzhi.library.documents.blocks import Chart, Series

WIDTH, ROW, TOP, LEFT, RIGHT = 720, 24, 48, 160, 72
HEIGHT, BASE, SIDE = 320, 256, 56
MOST = 60
"""Sizes [px], and the most bars or points that are drawn. Ours."""

INK, SOFT, LINE, BAR, PAPER = "#1F2937", "#4B5563", "#D1D5DB", "#0F766E", "#FFFFFF"
STROKES = (BAR, "#B45309", "#4338CA", "#BE123C")
"""Ink and strokes, dark enough on white for WCAG AA. Ours, none of an official scale."""


def drawn(chart: Chart, source: str = "") -> str:
    """Return a chart as SVG with title and description for readers who do not see it.

    Parameters
    ----------
    source : str
        What stands below: who published it, when, under which number.
    """
    bars = chart.kind == "bar" or len(chart.categories) > MOST or _long(chart.categories)
    body, height = _bars(chart) if bars else _columns(chart)
    told = "; ".join(_said(chart, n) for n in range(min(len(chart.categories), MOST)))
    foot = _text(16, height + 16, source, SOFT, size=11)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height + 28}" role="img" '
        f'aria-labelledby="t d" font-family="Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif">'
        f'<title id="t">{escape(chart.caption)}</title><desc id="d">{escape(told)}</desc>'
        f'<rect width="{WIDTH}" height="{height + 28}" fill="{PAPER}"/>'
        f"{_text(16, 24, chart.caption, INK, size=15)}{body}{foot}</svg>"
    )


def _long(categories: Sequence[str]) -> bool:
    return any(len(one) > 6 for one in categories) and len(categories) > 4


def _said(chart: Chart, place: int) -> str:
    values = ", ".join("—" if one.values[place] is None else str(one.values[place]) for one in chart.series)
    return f"{chart.categories[place]} {values}"


def _bars(chart: Chart) -> tuple[str, int]:
    series, names = chart.series[0], chart.categories[:MOST]
    most = _most([series]) or 1.0
    room, pieces = WIDTH - LEFT - RIGHT, []
    for n, name in enumerate(names):
        y, value = TOP + n * ROW, series.values[n]
        pieces.append(_text(LEFT - 8, y + 16, name[:14], INK, anchor="end"))
        if value is None:
            pieces.append(_text(LEFT + 4, y + 16, "—", SOFT))
            continue
        long = max(0.0, float(value)) / most * room
        pieces.append(f'<rect x="{LEFT}" y="{y + 4}" width="{long:.1f}" height="{ROW - 8}" fill="{BAR}"/>')
        pieces.append(_text(LEFT + long + 6, y + 16, str(value), INK))
    return "".join(pieces), TOP + len(names) * ROW + 8


def _columns(chart: Chart) -> tuple[str, int]:
    most = _most(chart.series) or 1.0
    step = (WIDTH - SIDE - 24) / max(1, len(chart.categories))
    pieces = [f'<line x1="{SIDE}" x2="{WIDTH - 24}" y1="{BASE}" y2="{BASE}" stroke="{LINE}"/>']
    for share in (0.5, 1.0):
        y = BASE - share * (BASE - TOP - 16)
        pieces.append(f'<line x1="{SIDE}" x2="{WIDTH - 24}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINE}"/>')
        pieces.append(_text(SIDE - 6, y + 4, f"{most * share:g}", SOFT, anchor="end", size=11))
    for n, name in enumerate(chart.categories):
        if n % max(1, chart.label_step, len(chart.categories) // 15) == 0:
            pieces.append(_text(SIDE + (n + 0.5) * step, BASE + 18, name[:8], SOFT, anchor="middle", size=11))
    for k, series in enumerate(chart.series):
        pieces.append(_text(SIDE + k * 160, BASE + 42, series.name, STROKES[k % 4], size=12))
        pieces.append(
            _line(series, step, most, STROKES[k % 4])
            if chart.kind == "line"
            else _upright(chart, k, step, most)
        )
    return "".join(pieces), HEIGHT


def _upright(chart: Chart, k: int, step: float, most: float) -> str:
    wide = step * 0.7 / len(chart.series)
    return "".join(
        f'<rect x="{SIDE + (n + 0.15) * step + k * wide:.1f}" y="{_y(value, most):.1f}" width="{wide:.1f}" '
        f'height="{BASE - _y(value, most):.1f}" fill="{STROKES[k % 4]}"/>'
        for n, value in enumerate(chart.series[k].values)
        if value is not None
    )


def _line(series: Series, step: float, most: float, colour: str) -> str:
    """Return the line of a series; a missing value is a gap."""
    path, lifted = [], True
    for n, value in enumerate(series.values):
        if value is None:
            lifted = True
            continue
        path.append(f"{'M' if lifted else 'L'}{SIDE + (n + 0.5) * step:.1f} {_y(value, most):.1f}")
        lifted = False
    return f'<path d="{" ".join(path)}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _y(value: object, most: float) -> float:
    return BASE - max(0.0, float(str(value))) / most * (BASE - TOP - 16)


def _most(series: Sequence[Series]) -> float:
    return max((float(value) for one in series for value in one.values if value is not None), default=0.0)


def _text(x: float, y: float, words: str, colour: str, *, anchor: str = "start", size: int = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )

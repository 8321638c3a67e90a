"""Native charts 图表: chart parts with their workbook, editable in any word processor, without pictures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lxml import etree
from pptx.chart.chart import Chart as ChartObject
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.util import Pt

from huanzhi.library.documents.blocks import Chart, Series
from huanzhi.library.documents.layout import Font, Layout

KINDS = {
    "line": XL_CHART_TYPE.LINE,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
}
GAP_WIDTH = {"column": 40, "bar": 60}
EXTERNAL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def chart_parts(chart: Chart, layout: Layout) -> tuple[bytes, bytes]:
    """Return the chart XML and the workbook that stands behind it.

    The XML points to the workbook as relationship ``rId1``. Missing values stay gaps.
    """
    data = CategoryChartData(number_format=chart.number_format)
    data.categories = list(chart.categories)
    for series in chart.series:
        data.add_series(series.name, [_plain(value) for value in series.values])
    space: Any = parse_xml(ChartXmlWriter(KINDS[chart.kind], data).xml.encode())
    _format(ChartObject(space, None), chart, layout)
    _point_to_workbook(space)
    return etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True), (
        CategoryWorkbookWriter(data).xlsx_blob
    )


def _plain(value: Decimal | int | None) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value


def _format(target: Any, chart: Chart, layout: Layout) -> None:
    font = layout.fonts["chart"]
    target.font.size = Pt(font.size)
    target.font.name = font.west
    _east_font(target, font)
    target.has_title = False
    target.has_legend = len(chart.series) > 1
    if target.has_legend:
        target.legend.position = XL_LEGEND_POSITION.TOP
        target.legend.include_in_layout = False
    _axes(target, chart, layout)
    for number, (drawn, series) in enumerate(zip(target.plots[0].series, chart.series, strict=True)):
        default = layout.chart["palette"][number % len(layout.chart["palette"])]
        (_line if chart.kind == "line" else _bars)(drawn, series, default, layout)
    if chart.kind != "line":
        target.plots[0].gap_width = GAP_WIDTH[chart.kind]
    if chart.labels:
        target.plots[0].has_data_labels = True
        target.plots[0].data_labels.show_value = True


def _axes(target: Any, chart: Chart, layout: Layout) -> None:
    values = target.value_axis
    values.major_gridlines.format.line.color.rgb = RGBColor.from_string(layout.chart["grid"])
    values.minimum_scale = 0
    values.tick_labels.number_format = chart.number_format
    values.tick_labels.number_format_is_linked = False
    if chart.axis:
        values.has_title = True
        values.axis_title.text_frame.text = chart.axis
        paragraph = values.axis_title.text_frame.paragraphs[0]
        paragraph.font.size, paragraph.font.bold = Pt(layout.fonts["chart"].size), False
    names = target.category_axis
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.has_major_gridlines = False
    if chart.kind == "bar":
        names.reverse_order = True
    if chart.label_step > 1:
        _label_step(names, chart.label_step)


def _label_step(axis: Any, step: int) -> None:
    """Print every `step`-th label; the schema wants the two elements before ``noMultiLvlLbl``."""
    element = axis._element
    last = element.find(_chart_name("noMultiLvlLbl"))
    for name in ("tickLblSkip", "tickMarkSkip"):
        child = etree.SubElement(element, _chart_name(name))
        child.set("val", str(step))
        if last is not None:
            last.addprevious(child)


def _line(drawn: Any, series: Series, default: str, layout: Layout) -> None:
    thick = "thin_line" if series.stroke in ("thin", "dashed") else "line"
    drawn.format.line.width = Pt(layout.chart[thick] * (2 if series.stroke == "dashed" else 1))
    drawn.format.line.color.rgb = RGBColor.from_string(series.colours[0] if series.colours else default)
    if series.stroke == "dashed":
        drawn.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    drawn.smooth = False


def _bars(drawn: Any, series: Series, default: str, layout: Layout) -> None:
    drawn.invert_if_negative = False
    drawn.format.fill.solid()
    single = series.colours[0] if len(series.colours) == 1 else default
    drawn.format.fill.fore_color.rgb = RGBColor.from_string(single)
    if len(series.colours) > 1:
        for position, colour in enumerate(series.colours):
            if series.values[position] is not None:
                fill = drawn.points[position].format.fill
                fill.solid()
                fill.fore_color.rgb = RGBColor.from_string(colour)


def _east_font(target: Any, font: Font) -> None:
    """Name the Chinese font beside the western one, which python-pptx has no word for."""
    for properties in target._chartSpace.iter(_drawing_name("defRPr")):
        east = etree.SubElement(properties, _drawing_name("ea"))
        east.set("typeface", font.east)


def _point_to_workbook(space: Any) -> None:
    external = etree.SubElement(space, _chart_name("externalData"))
    external.set(EXTERNAL, "rId1")
    etree.SubElement(external, _chart_name("autoUpdate")).set("val", "0")


def _chart_name(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/drawingml/2006/chart}}{name}"


def _drawing_name(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{name}"

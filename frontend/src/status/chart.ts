import type { FigureChart, FigureSeries } from './figures'

export interface Palette {
  ink: string
  soft: string
  line: string
  limit: string
  series: string[]
}

/** Turns a chart of the report into an ECharts option. Gaps stay gaps; limits are stepped, dashed lines. */
export function chartOption(chart: FigureChart, palette: Palette, narrow: boolean): Record<string, unknown> {
  const crowded = narrow && chart.categories.join('').length > 40
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { color: palette.ink, fontFamily: 'inherit' },
    color: palette.series,
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    legend: { show: chart.series.length > 1, type: 'scroll', top: 0, textStyle: { color: palette.soft }, data: chart.series.map((s) => s.name) },
    grid: { left: 8, right: 16, top: 56, bottom: 8, containLabel: true },
    xAxis: {
      type: 'category',
      data: chart.categories,
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.soft, hideOverlap: true, rotate: crowded ? 45 : 0 },
    },
    yAxis: {
      type: 'value',
      name: chart.unit,
      nameTextStyle: { color: palette.soft, align: 'left' },
      axisLabel: { color: palette.soft },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: chart.series.map((series) => (chart.kind === 'line' || series.stroke === 'dashed' ? line(series, chart, palette) : bar(series, chart, palette))),
  }
}

function line(series: FigureSeries, chart: FigureChart, palette: Palette): Record<string, unknown> {
  const limit = series.stroke === 'dashed'
  const colour = limit ? palette.limit : series.stroke === 'thin' ? palette.soft : series.colours?.[0]
  return {
    name: series.name,
    type: 'line',
    data: series.values,
    connectNulls: false,
    showSymbol: series.stroke !== 'thin' && !limit && chart.categories.length <= 31,
    step: limit ? 'middle' : false,
    lineStyle: { width: series.stroke === 'thin' ? 1 : limit ? 1.5 : 2, type: limit ? 'dashed' : 'solid', color: colour },
    itemStyle: { color: colour },
  }
}

function bar(series: FigureSeries, chart: FigureChart, palette: Palette): Record<string, unknown> {
  const each = (series.colours?.length ?? 0) > 1
  const colour = each ? undefined : series.colours?.[0]
  return {
    name: series.name,
    type: 'bar',
    barMaxWidth: 32,
    itemStyle: { color: each ? palette.soft : colour },
    data: series.values.map((value, at) => ({ value, itemStyle: each ? { color: series.colours?.[at], borderColor: palette.soft, borderWidth: 1 } : {} })),
    label: { show: chart.labels === true, position: 'top', color: palette.ink },
  }
}

/** Reads the colours of the theme in force from the token table. */
export function themePalette(root: Element): Palette {
  const style = getComputedStyle(root)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  return {
    ink: token('--ink'),
    soft: token('--ink-soft'),
    line: token('--line'),
    limit: token('--limit'),
    series: [1, 2, 3, 4, 5, 6].map((n) => token(`--series-${n}`)),
  }
}

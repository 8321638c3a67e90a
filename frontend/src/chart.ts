import type { FigureChart } from './figures'

export interface Palette {
  ink: string
  soft: string
  line: string
  limit: string
  series: string[]
}

/** Turns a chart of the report into an ECharts option. Gaps stay gaps; limits are stepped, dashed lines. */
export function chartOption(chart: FigureChart, palette: Palette, narrow: boolean): Record<string, unknown> {
  const measured = chart.series.filter((series) => !series.limit)
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { color: palette.ink, fontFamily: 'inherit' },
    color: palette.series,
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    legend: { type: 'scroll', top: 0, textStyle: { color: palette.soft }, data: chart.series.map((s) => s.name) },
    grid: { left: 8, right: 16, top: 48, bottom: 8, containLabel: true },
    xAxis: {
      type: 'category',
      data: chart.categories,
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.soft, hideOverlap: true, rotate: narrow && chart.categories.length > 8 ? 45 : 0 },
    },
    yAxis: {
      type: 'value',
      name: chart.unit,
      nameTextStyle: { color: palette.soft, align: 'left' },
      axisLabel: { color: palette.soft },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: chart.series.map((series) => {
      const colour = series.limit ? palette.limit : series.colour
      if (series.limit || chart.kind === 'line') {
        return {
          name: series.name,
          type: 'line',
          data: series.values,
          connectNulls: false,
          showSymbol: !series.limit && chart.categories.length <= 31,
          step: series.limit ? 'middle' : false,
          lineStyle: { width: series.limit ? 1.5 : 2, type: series.limit ? 'dashed' : 'solid', color: colour },
          itemStyle: { color: colour },
        }
      }
      return {
        name: series.name,
        type: 'bar',
        stack: chart.kind === 'stack' ? 'all' : undefined,
        data: series.values,
        barMaxWidth: 32,
        itemStyle: { color: colour, borderColor: palette.line, borderWidth: colour ? 1 : 0 },
        label: { show: chart.categories.length <= 12 && measured.length === 1, position: 'top', color: palette.ink },
      }
    }),
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

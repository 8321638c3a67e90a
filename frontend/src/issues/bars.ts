import type { Option } from '@/parts/charts/engine'
import type { Palette } from '@/parts/charts/palette'

export interface Bars {
  name: string
  values: (number | null)[]
}

/** Bars beside one another over named groups; one unit on the axis, numbers upon the bars of a single series. */
export function barsOption(names: string[], series: Bars[], colours: Palette, unit: string): Option {
  return {
    animation: false,
    color: colours.series,
    textStyle: { color: colours.ink, fontFamily: colours.font },
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    legend: { show: series.length > 1, top: 0, textStyle: { color: colours.soft } },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    xAxis: { type: 'category', data: names, axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false }, axisLabel: { color: colours.soft, hideOverlap: true } },
    yAxis: { type: 'value', name: unit, minInterval: 1, nameTextStyle: { color: colours.soft, align: 'left' }, axisLabel: { color: colours.soft }, splitLine: { lineStyle: { color: colours.line } } },
    series: series.map((one) => ({
      name: one.name,
      type: 'bar',
      barMaxWidth: 40,
      data: one.values,
      label: { show: series.length === 1 && names.length <= 12, position: 'top', color: colours.ink },
    })),
  }
}

import type { Option } from '@/parts/charts/engine'
import type { Table } from '@/parts/charts/model'
import type { Palette } from '@/parts/charts/palette'

export const PHASES = ['before', 'during', 'after'] as const
export type Phase = (typeof PHASES)[number]
export interface EffectDay {
  day: string
  phase: Phase
  aqi: number | null
  primary: string
  emission?: Record<string, string | null>
}
/** A span of a pollutant [kg/h], and how many of its hours are known. */
export interface Amount {
  mean: string | null
  known: number
  hours: number
}
export interface EffectItem extends Record<Phase, Amount> {
  parameter: string
  symbol: string
  change: string | null
}
export interface Effect {
  episode: string
  level: string
  spans: Record<Phase, { start: string | null; end: string | null }>
  aqi: Record<Phase, { mean: string | null; known: number; days: number }>
  days: EffectDay[]
  enterprises: number
  needed: number
  simulated: boolean
  enterprise?: { enterprise: string; enterprise_name: string; share: number | null; words: string }
  items?: EffectItem[]
  outlets?: string[]
  silent?: string[]
}

/** Bars of the AQI, one colour a phase, and lines of what an enterprise let go; a day that is not known is a gap. */
export function effectOption(effect: Effect, names: Record<Phase, string>, unit: string, colours: Palette): Option {
  const items = effect.items ?? []
  const axis = (align: 'left' | 'right') => ({ axisLabel: { color: colours.soft }, nameTextStyle: { color: colours.soft, align } })
  return {
    animation: false,
    textStyle: { color: colours.ink, fontFamily: colours.font },
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    legend: { top: 0, type: 'scroll', textStyle: { color: colours.soft } },
    grid: { left: 8, right: 8, top: 56, bottom: 8, containLabel: true },
    xAxis: { type: 'category', data: effect.days.map((one) => one.day.slice(5)), axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } }, axisLabel: { color: colours.soft, hideOverlap: true } },
    yAxis: [
      { type: 'value', name: 'AQI', minInterval: 1, splitLine: { lineStyle: { color: colours.line } }, ...axis('left') },
      { type: 'value', name: items.length ? unit : '', splitLine: { show: false }, ...axis('right') },
    ],
    series: [
      ...PHASES.map((phase, place) => ({
        name: `AQI ${names[phase]}`,
        type: 'bar',
        stack: 'aqi',
        barMaxWidth: 32,
        itemStyle: { color: phase === 'during' ? colours.series[0] : colours.none, opacity: place === 2 ? 0.6 : 1 },
        data: effect.days.map((one) => (one.phase === phase ? one.aqi : null)),
      })),
      ...items.map((item, place) => ({
        name: item.symbol,
        type: 'line',
        yAxisIndex: 1,
        connectNulls: false,
        itemStyle: { color: colours.series[(place + 1) % colours.series.length] },
        data: effect.days.map((one) => numberOf(one.emission?.[item.parameter])),
      })),
    ],
  }
}

const numberOf = (text: string | null | undefined): number | null => (text === null || text === undefined ? null : Number(text))

export function effectTable(effect: Effect, names: Record<Phase, string>, heads: { day: string; phase: string; primary: string; unit: string }): Table {
  const items = effect.items ?? []
  return {
    columns: [{ name: heads.day }, { name: heads.phase }, { name: 'AQI', numeric: true }, { name: heads.primary }, ...items.map((item) => ({ name: item.symbol, unit: heads.unit, numeric: true }))],
    rows: effect.days.map((one) => [one.day, names[one.phase], one.aqi === null ? null : String(one.aqi), one.primary || null, ...items.map((item) => one.emission?.[item.parameter] ?? null)]),
  }
}

import type { Option } from '@/parts/charts/engine'
import type { Parameter } from '@/parts/charts/model'
import type { Palette } from '@/parts/charts/palette'
import type { HourOfDay } from './model'

type Kind = 'mean' | 'weekdays' | 'weekends'
const KINDS: Kind[] = ['mean', 'weekdays', 'weekends']

/** Three lines over the 24 hours of the day; an hour without values is a gap. */
export function diurnalOption(hours: HourOfDay[], parameter: Parameter | undefined, names: Record<Kind, string>, colours: Palette, motion: number): Option {
  const value = (text: string | null): number | null => (text === null ? null : Number(text))
  return {
    animation: motion > 0,
    animationDuration: motion,
    textStyle: { fontFamily: colours.font, color: colours.ink },
    legend: { top: 0, left: 0, textStyle: { color: colours.ink, fontSize: 12 } },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      transitionDuration: 0,
      backgroundColor: colours.ground,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 12 },
      formatter: (given: unknown) => {
        const one = hours[(given as { dataIndex: number }[])[0]?.dataIndex ?? -1]
        if (!one) return ''
        return [`${String(one.hour).padStart(2, '0')}:00`, ...KINDS.map((kind) => `${names[kind]}  ${one[kind] ?? '—'} ${parameter?.unit ?? ''}`)].join('\n')
      },
    },
    grid: { left: 56, right: 24, top: 56, bottom: 32 },
    xAxis: { type: 'category', data: hours.map((one) => String(one.hour).padStart(2, '0')), axisLabel: { color: colours.soft }, axisLine: { lineStyle: { color: colours.soft } } },
    yAxis: { type: 'value', name: `${parameter?.symbol ?? ''} (${parameter?.unit ?? ''})`, nameTextStyle: { color: colours.soft, align: 'left', padding: [0, 0, 0, -48] }, axisLabel: { color: colours.soft }, splitLine: { lineStyle: { color: colours.line } } },
    series: KINDS.map((kind, number) => ({
      type: 'line',
      name: names[kind],
      data: hours.map((one) => value(one[kind])),
      connectNulls: false,
      symbol: ['circle', 'rect', 'triangle'][number],
      symbolSize: 5,
      lineStyle: { width: number ? 1 : 2, color: colours.series[number], type: ['solid', 'dashed', 'dotted'][number] },
      itemStyle: { color: colours.series[number] },
      emphasis: { disabled: true },
    })),
  }
}

import type { Option } from '@/parts/charts/engine'
import type { Palette } from '@/parts/charts/palette'
import type { Rose } from './model'

export const SECTORS = ['N', 'NNE', 'NE', 'ENE', 'E', 'ESE', 'SE', 'SSE', 'S', 'SSW', 'SW', 'WSW', 'W', 'WNW', 'NW', 'NNW']

/** A bar a sector, north at the top and clockwise; a sector without wind has none. */
export function roseOption(rose: Rose | undefined, colours: Palette, motion: number): Option {
  if (!rose) return {}
  return {
    animation: motion > 0,
    animationDuration: motion,
    textStyle: { fontFamily: colours.font, color: colours.ink },
    tooltip: {
      renderMode: 'richText',
      confine: true,
      transitionDuration: 0,
      backgroundColor: colours.ground,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 12 },
      formatter: (given: unknown) => {
        const k = (given as { dataIndex: number }).dataIndex
        return `${SECTORS[k]}  ${rose.means[k] ?? '—'} ${rose.parameter.unit}\n${rose.counts[k]} h`
      },
    },
    polar: { radius: '76%' },
    angleAxis: { type: 'category', data: SECTORS, startAngle: 90 + 180 / SECTORS.length, axisLabel: { color: colours.ink }, axisLine: { lineStyle: { color: colours.soft } }, axisTick: { show: false } },
    radiusAxis: { axisLabel: { color: colours.soft, fontSize: 11 }, axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: colours.line } } },
    series: [{ type: 'bar', coordinateSystem: 'polar', name: rose.parameter.symbol, data: rose.means.map((mean) => (mean === null ? null : Number(mean))), barCategoryGap: '8%', itemStyle: { color: colours.series[0] }, emphasis: { disabled: true } }],
  }
}

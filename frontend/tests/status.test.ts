import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { chartOption, type Palette } from '../src/status/chart'
import FigureTable from '../src/status/FigureTable.vue'
import { firstLanguage, readReports, type FigureChart, type FigureTable as TableFigure } from '../src/status/figures'
import { asCsv, numericColumns } from '../src/status/table'

const palette: Palette = { ink: '#000', soft: '#333', line: '#999', limit: '#b00', series: ['#123456'] }
const chart: FigureChart = {
  id: 'pm25',
  title: 'PM2.5',
  kind: 'line',
  unit: 'µg/m³',
  categories: ['2026-02-28', '2026-03-01', '2026-03-02'],
  series: [
    { name: 'PM2.5', values: [40, null, 61] },
    { name: 'limit', values: [75, 60, 60], stroke: 'dashed' },
  ],
}
const table: TableFigure = {
  id: 't',
  title: 'Ranking',
  columns: ['City', 'Index'],
  rows: [
    ['A, B', 3.21],
    ['say "C"', null],
  ],
}

describe('charts', () => {
  it('leaves a gap where a value is missing', () => {
    const series = chartOption(chart, palette, false)['series'] as Record<string, unknown>[]
    expect(series[0]).toMatchObject({ connectNulls: false, data: [40, null, 61] })
  })

  it('draws a limit as a stepped dashed line, because it changes with the edition', () => {
    const series = chartOption(chart, palette, false)['series'] as Record<string, unknown>[]
    expect(series[1]).toMatchObject({ step: 'middle', lineStyle: { type: 'dashed', color: '#b00' } })
  })

  it('gives every bar its own official colour where the report says so', () => {
    const levels: FigureChart = { ...chart, kind: 'bar', series: [{ name: 'days', values: [1, null, 3], colours: ['#00E400', '#FFFF00', '#FF7E00'] }] }
    const series = chartOption(levels, palette, false)['series'] as { data: { value: number | null; itemStyle: { color: string } }[] }[]
    expect(series[0]?.data.map((bar) => [bar.value, bar.itemStyle.color])).toEqual([
      [1, '#00E400'],
      [null, '#FFFF00'],
      [3, '#FF7E00'],
    ])
  })

  it('turns the labels only where they would not fit', () => {
    const turned = (figure: FigureChart, narrow: boolean): number =>
      (chartOption(figure, palette, narrow)['xAxis'] as { axisLabel: { rotate: number } }).axisLabel.rotate
    const long = { ...chart, categories: ['excellent', 'good', 'lightly polluted', 'moderately polluted'] }
    expect([turned(chart, true), turned(long, true), turned(long, false)]).toEqual([0, 45, 0])
  })
})

describe('tables', () => {
  it('aligns right only columns of numbers', () => {
    expect(numericColumns(table)).toEqual([false, true])
  })

  it('keeps a missing value empty in CSV and quotes what needs it', () => {
    expect(asCsv(table)).toBe('City,Index\r\n"A, B",3.21\r\n"say ""C""",')
  })

  it('shows a missing value as a dash, never as zero', () => {
    const shown = mount(FigureTable, { props: { table, language: 'zh' } })
    expect(shown.findAll('tbody td').map((cell) => cell.text())).toEqual(['A, B', '3.21', 'say "C"', '—'])
  })
})

describe('languages', () => {
  const report = { title: '', region: '', period: '', generated: '', simulated: false, keys: [], sections: [], cautions: [] }

  it('opens in Chinese unless the address asks for English', () => {
    expect(firstLanguage({ zh: report, en: report }, '')).toBe('zh')
    expect(firstLanguage({ zh: report, en: report }, '#lang=en')).toBe('en')
  })

  it('does not open in a language that is not there', () => {
    expect(firstLanguage({ en: report }, '#lang=zh')).toBe('en')
  })

  it('reads no figures from a page that has none', () => {
    document.body.innerHTML = '<div id="app"></div>'
    expect(readReports(document)).toEqual({})
  })
})

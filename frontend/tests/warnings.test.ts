import { describe, expect, it } from 'vitest'
import type { Palette } from '@/parts/charts/palette'
import { effectOption, effectTable, type Effect } from '@/warnings/effects'

const amount = { mean: '1.8', known: 120, hours: 120 }
const effect: Effect = {
  episode: 'ZWR-1',
  level: 'red',
  spans: { before: { start: null, end: null }, during: { start: null, end: null }, after: { start: null, end: null } },
  aqi: { before: { mean: null, known: 0, days: 1 }, during: { mean: '220.0', known: 1, days: 1 }, after: { mean: null, known: 0, days: 0 } },
  days: [
    { day: '2026-11-09', phase: 'before', aqi: null, primary: '' },
    { day: '2026-11-10', phase: 'during', aqi: 220, primary: 'PM2.5', emission: { a21026: '17.2800' } },
  ],
  enterprises: 1,
  needed: 75,
  simulated: true,
  items: [{ parameter: 'a21026', symbol: 'SO2', before: amount, during: amount, after: amount, change: '-60.0' }],
}
const names = { before: 'B', during: 'D', after: 'A' }
const colours = { series: ['1', '2', '3'], ink: '', soft: '', line: '', none: '0', font: '' } as unknown as Palette

describe('before and after of cuts', () => {
  it('leaves a gap where nothing is known, and never draws a nought', () => {
    const option = effectOption(effect, names, 'kg/d', colours) as { series: { name: string; data: (number | null)[] }[] }
    expect(option.series.map((one) => one.data)).toEqual([[null, null], [null, 220], [null, null], [null, 17.28]])
    expect(option.series.at(-1)?.name).toBe('SO2')
  })
  it('has the same days in the table behind it', () => {
    const table = effectTable(effect, names, { day: 'day', phase: 'span', primary: 'first', unit: 'kg' })
    expect(table.rows).toEqual([
      ['2026-11-09', 'B', null, null, null],
      ['2026-11-10', 'D', '220', 'PM2.5', '17.2800'],
    ])
  })
})

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Palette } from '@/parts/charts/palette'
import { effectOption, effectTable, type Effect } from '@/warnings/effects'
import { inWords } from '@/warnings/thresholds'

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

describe('thresholds in words', () => {
  const names = { nameOf: (code: string) => ({ w01018: '化学需氧量' })[code] ?? code }
  const read = (file: string): string => readFileSync(resolve('..', 'src/huanzhi/center', file), 'utf8')
  it('says names, shares, levels and items, and leaves out how a warning is filed', () => {
    const rows = inWords({ work: 'warn', production_share: 0.3, escalate: { 120: 'serious', 2880: 'warning' }, issue: true, parameters: ['w01018'], effects: ['suspect'], within_hours: 24 }, 'of', names)
    expect(rows.map((one) => [one.label, one.value])).toEqual([
      ['视为在生产的用电占额定功率', '30 %'],
      ['未解除时升级', '2 小时后升为严重；2 天 0 小时后升为预警'],
      ['自动立案', '是'],
      ['查看项目', '化学需氧量'],
      ['计入的审核结论', '存疑'],
      ['统计时段（小时）', '24'],
    ])
    expect(inWords({ escalate: {} }, 'of', names)[0]?.value).toBe('不升级')
  })
  it('takes the words of a rulebook before its own', () => {
    const fields = [{ name: 'level', title: '预警级别', unit: '', choices: [{ code: 'yellow', title: '黄色' }] }]
    expect(inWords({ level: 'yellow', unheard_of: 1 }, 'of', { ...names, fields }).map((one) => `${one.label} ${one.value}`)).toEqual(['预警级别 黄色', 'unheard_of 1'])
  })
  it('has a word for every threshold of the declared rules', () => {
    const watching = [...read('watching/data/watching.toml').matchAll(/^([a-z_]+) = /gm)].map((one) => one[1]!)
    const kept = [...read('warnings/data/warnings.toml').split('[rule.over_limit]')[1]!.matchAll(/^([a-z_]+) = /gm)].map((one) => one[1]!)
    const given = Object.fromEntries([...watching, ...kept].filter((name) => name !== 'escalate').map((name) => [name, 1]))
    expect(inWords(given, 'of', names).filter((one) => one.label === one.name)).toEqual([])
  })
})

import { createI18n } from 'vue-i18n'
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { messages } from '../src/app/words'
import ChartTable from '../src/parts/charts/ChartTable.vue'
import { bands, beyond, curvesOption, curvesTable, points, stepsOf, valueText, type Look } from '../src/parts/charts/curves'
import type { Curve, LimitStep } from '../src/parts/charts/model'
import type { Palette } from '../src/parts/charts/palette'
import { axisMoment, fromAxis, onAxis } from '../src/parts/charts/times'
import { bounds, parametersOf, periodsOf } from '../src/place/asked'
import { inkOn, monthsOf } from '../src/place/calendar'
import { diurnalOption } from '../src/place/diurnal'
import { words } from '../src/place/look'
import LastValues from '../src/place/LastValues.vue'
import type { DayCell, Held, HourOfDay, LastValue, Rose } from '../src/place/model'
import { roseOption, SECTORS } from '../src/place/rose'
import StandingMark from '../src/place/StandingMark.vue'
import { clockOff, hexLines, percent } from '../src/network/shown'

const i18n = createI18n({ legacy: false, locale: 'zh', messages: { zh: messages('zh'), en: messages('en') } })
const t = i18n.global.t as (key: string) => string
const look: Look = { words: words(t), motion: 0, narrow: false }
const colours: Palette = { ground: '#fff', ink: '#000', soft: '#444', line: '#ccc', veil: '#eee', limit: '#b00', warning: '#850', none: '#999', series: ['#0a0', '#00a', '#a0a', '#aa0', '#555', '#0aa'], font: 'sans-serif' }
const pm25 = { code: 'a34004', name: '细颗粒物', symbol: 'PM2.5', unit: 'µg/m³', decimals: 0 }

const limit = (from: string, to: string, value: string, applies = true): LimitStep => ({
  from, to, value, bound: 'upper', unit: 'µg/m³', standard: from < '2026-03' ? 'GB 3095-2012' : 'GB 3095-2026', edition: '', clause: '表1', grade: '二级',
  basis: 'area', basis_words: '', averaging: 'day', applies, confidence: 'CONFIRMED',
})
const FEB = '2026-02-27T00:00:00+08:00'
const MAR = '2026-03-01T00:00:00+08:00'
const END = '2026-03-03T00:00:00+08:00'
const curve: Curve = {
  feature: 'S1', name: '城东站', simulated: true, parameter: pm25, period: 'day', view: 'raw', start: FEB, end: END, against: '', revision: 1, of: 4, note: '',
  times: ['2026-02-27T00:00:00+08:00', '2026-02-28T00:00:00+08:00', '2026-03-01T00:00:00+08:00', '2026-03-02T00:00:00+08:00'],
  values: ['70', null, '70', '3'],
  below_detection: [3],
  substituted: [],
  flags: [{ start: '2026-02-28T00:00:00+08:00', end: '2026-03-01T00:00:00+08:00', flags: ['maintenance'], words: '维护' }],
  marks: [],
  limits: [limit(FEB, MAR, '75'), limit(MAR, END, '60')],
}
interface Series { type: string; name?: string; data: unknown[]; connectNulls?: boolean; sampling?: string; lineStyle?: { type?: unknown } }
const series = (option: object): Series[] => (option as { series: Series[] }).series

describe('curves', () => {
  it('leave a gap where a value is missing, never a zero', () => {
    const [line] = series(curvesOption([curve], colours, look))
    expect(points(curve).map(([, value]) => value)).toEqual([70, null, 70, 3])
    expect(line).toMatchObject({ connectNulls: false, sampling: 'minmax' })
  })

  it('have a limit that steps on 2026-03-01', () => {
    expect(stepsOf(curve.limits)).toEqual([[onAxis(FEB), 75], [onAxis(MAR), 75], [onAxis(MAR), 60], [onAxis(END), 60]])
  })

  it('judge each value by the limit of its own day', () => {
    expect(beyond(curve.limits, onAxis(FEB), 70)).toBeUndefined()
    expect(beyond(curve.limits, onAxis(MAR), 70)?.value).toBe('60')
    expect(beyond([limit(MAR, END, '60', false)], onAxis(MAR), 70)).toBeUndefined()
    const over = series(curvesOption([curve], colours, look)).find((one) => one.name === '超标')
    expect(over?.data).toEqual([[onAxis(MAR), 70]])
  })

  it('draw what is below detection as such', () => {
    const under = series(curvesOption([curve], colours, look)).find((one) => one.name === '未检出')
    expect(under?.data).toEqual([[onAxis(curve.times[3] ?? ''), 3]])
    expect(valueText(curve, 3, look)).toBe('<3 µg/m³')
    expect(valueText(curve, 1, look)).toBe('缺测')
  })

  it('put flags under the axis', () => {
    expect(bands(curve, look)).toEqual([{ from: onAxis('2026-02-28T00:00:00+08:00'), to: onAxis(MAR), words: '数据标记 维护', kind: 'flag' }])
  })

  it('lay the year before over this one as a line of its own', () => {
    const last: Curve = { ...curve, against: 'year', start: '2025-02-27T00:00:00+08:00', times: ['2025-02-27T00:00:00+08:00'], values: ['50'], below_detection: [] }
    const lines = series(curvesOption([curve, last], colours, look)).filter((one) => one.type === 'line')
    expect(lines[1]?.data).toEqual([[onAxis(FEB), 50]])
    expect(lines[1]?.name).toBe('PM2.5 上年同期')
  })

  it('have a table behind them with the limit of each row', () => {
    const table = curvesTable([curve], look, { time: '时间', limit: '限值', flags: '标记' })
    expect(table.rows).toEqual([
      ['2026-02-27 00:00', '70', '≤75', null],
      ['2026-02-28 00:00', null, '≤75', '数据标记 维护'],
      ['2026-03-01 00:00', '70', '≤60', null],
      ['2026-03-02 00:00', '<3', '≤60', null],
    ])
  })

  it('speak China time wherever the browser stands', () => {
    expect(axisMoment(onAxis(MAR), true)).toBe('2026-03-01 00:00')
    expect(fromAxis(onAxis(MAR))).toBe(MAR)
  })
})

describe('the table behind a chart', () => {
  it('shows a missing value as a dash and begins with the newest row', () => {
    const table = { columns: [{ name: '时间' }, { name: 'PM2.5', numeric: true }], rows: [['1', null], ['2', '3']] }
    const shown = mount(ChartTable, { props: { table, caption: '' }, global: { plugins: [i18n] } })
    expect(shown.findAll('tbody td').map((cell) => cell.text())).toEqual(['2', '3', '1', '—'])
  })
})

describe('what is looked at', () => {
  const held = { last: '2026-03-01T07:00:00+08:00', period: 'hour' }
  const live = { at: null, from: null, to: null }

  it('ends with the newest value unless the clock says otherwise', () => {
    expect(bounds(live, held, '24h')).toEqual({ start: '2026-02-28T08:00:00+08:00', end: '2026-03-01T08:00:00+08:00' })
    expect(bounds({ at: '2026-01-02T00:00', from: null, to: null }, held, '24h')?.end).toBe('2026-01-02T00:00:00+08:00')
    expect(bounds({ at: null, from: '2026-01-01T00:00', to: '2026-01-01T00:00' }, held, '24h')).toBeNull()
  })

  it('offers values before kinds of them, and hours before the rest', () => {
    const one = (code: string, period: string, main: boolean): Held => ({ parameter: { ...pm25, code }, period, main, last: '' })
    const all = [one('w01018-Max', 'hour', false), one('w01018', 'instant', true), one('w01018', 'hour', true)]
    expect(parametersOf(all).map((each) => each.code)).toEqual(['w01018', 'w01018-Max'])
    expect(periodsOf(all, 'w01018')).toEqual(['hour', 'instant'])
  })
})

describe('the calendar', () => {
  it('has a row a month with 31 places', () => {
    const day = { day: '2026-02-28', kind: 'aqi', value: '57' } as DayCell
    const months = monthsOf([day])
    expect(months).toHaveLength(12)
    expect(months[1]?.days[27]).toBe(day)
    expect(months[1]?.days[28]).toBeNull()
  })

  it('writes on every official colour in an ink that can be read', () => {
    expect(['#00E400', '#FFFF00', '#FF7E00', '#FF0000', '#99004C', '#7E0023'].map(inkOn)).toEqual(['dark', 'dark', 'dark', 'dark', 'light', 'light'])
  })
})

describe('rose and diurnal variation', () => {
  it('have no bar where no wind blew', () => {
    const rose = { parameter: pm25, means: SECTORS.map((_, k) => (k ? null : '5')), counts: SECTORS.map(() => 0) } as unknown as Rose
    expect(series(roseOption(rose, colours, 0))[0]?.data).toEqual([5, ...Array.from({ length: 15 }, () => null)])
  })

  it('tell three lines apart by more than colour', () => {
    const hour: HourOfDay = { hour: 0, mean: '1', lowest: '1', highest: '1', number: 1, weekdays: null, weekends: '2' }
    const lines = series(diurnalOption([hour], pm25, { mean: 'a', weekdays: 'b', weekends: 'c' }, colours, 0))
    expect(lines.map((one) => one.lineStyle?.type)).toEqual(['solid', 'dashed', 'dotted'])
    expect(lines.map((one) => one.data)).toEqual([[1], [null], [2]])
  })
})

describe('how a place stands', () => {
  const standing = { kind: 'aqi' as const, value: '57', level: 2, name: '良', colour: '黄', hex: '#FFFF00', primary: ['PM10'], time: MAR, basis: 'HJ 633-2026', averaging: 'hour' }

  it('shows the number with the official colour', () => {
    const shown = mount(StandingMark, { props: { standing }, global: { plugins: [i18n], stubs: { 'router-link': true } } })
    expect(shown.text()).toContain('57')
    expect(shown.find('.standing-mark').attributes('style')).toContain('background')
  })

  it('says of each parameter the newest value, and missing where it is missing', () => {
    const value = (period: string, time: string, text: string | null): LastValue => ({ parameter: pm25, period, time, age: 10, value: text, state: text === null ? 'missing' : 'value', flags: [], flag_words: '', limit: null, exceeds: false })
    const values = [value('hour', MAR, '20'), value('instant', '2026-03-01T00:05:00+08:00', null)]
    const shown = mount(LastValues, { props: { values, chosen: 'a34004' }, global: { plugins: [i18n] } })
    expect(shown.findAll('li')).toHaveLength(1)
    expect(shown.text()).toContain('缺测')
  })
})

describe('the network', () => {
  it('writes rates, clocks and bytes as people read them', () => {
    expect([percent(null), percent(0.98765), clockOff(null), clockOff(3.4), clockOff(-2)]).toEqual(['—', '98.77%', '—', '+3', '-2'])
    expect(hexLines('232330')).toEqual([`0000  ${'23 23 30'.padEnd(47)}  ##0`])
  })
})

describe('words', () => {
  it('are there in both languages', () => {
    const [zh, en] = [messages('zh'), messages('en')]
    for (const area of ['place', 'network'] as const) {
      expect(Object.keys(en[area] ?? {})).toEqual(Object.keys(zh[area] ?? {}))
      expect(Object.values(en[area] ?? {}).filter((text) => text.includes('!'))).toEqual([])
    }
  })
})

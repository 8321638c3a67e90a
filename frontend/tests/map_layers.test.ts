import { describe, expect, it } from 'vitest'
import { legendRows } from '@/map/legend'
import type { Layer, Legend } from '@/map/model'
import { roundLength } from '@/map/scale'
import { chosen } from '@/map/useLayers'
import { measured } from '@/map/useTools'
import { windAt } from '@/map/wind'

const layer = (code: string, more: Partial<Layer> = {}): Layer => ({
  code, theme: 'air', name: code, kind: 'mark', order: 1, opacity: 100, shown: true, judge: '',
  choices: [{ code: 'a34004', name: 'PM2.5', symbol: 'PM2.5', unit: 'µg/m³' }], minZoom: 0, maxZoom: 24, remark: '', ...more,
})

describe('layers as the reader wants them', () => {
  const declared = [layer('rivers'), layer('sections'), layer('air')]
  it('take order, opacity and colouring of the choice', () => {
    const { layers, picks } = chosen(declared, [
      { name: 'air', shown: true, opacity: 60, choice: 'a34004' },
      { name: 'rivers', shown: false, opacity: 100, choice: 'unknown' },
    ])
    expect(layers.map((one) => one.code)).toEqual(['air', 'sections', 'rivers'])
    expect(layers.map((one) => one.opacity)).toEqual([60, 100, 100])
    expect(layers.map((one) => one.shown)).toEqual([true, true, false])
    expect(picks).toEqual({ air: 'a34004' })
  })
  it('stay as declared where nothing was chosen, and forget layers that are gone', () => {
    expect(chosen(declared, []).layers).toEqual(declared)
    expect(chosen(declared, [{ name: 'gone', shown: true, opacity: 1, choice: '' }]).layers).toEqual(declared)
  })
})

it('the legend joins layers with the same classes and leaves out those not shown', () => {
  const grades = [1, 2].map((level) => ({
    level, name: `${level}级`, short: '', colour: '#00E400', low: level * 50, high: null, edition: 'HJ 633-2026', clause: '表1', ours: false,
  }))
  const legend = (code: string): Legend => ({ layer: code, remark: '', grades, states: [], controls: [] })
  const legends = new Map([['a', legend('a')], ['b', legend('b')], ['c', legend('c')]])
  const groups = legendRows([layer('a'), layer('b'), layer('c', { shown: false })], legends, false)
  expect(groups.map((group) => group.title)).toEqual(['b、a'])
  expect(groups[0]).toMatchObject({ edition: 'HJ 633-2026 表1', ours: false })
  expect(groups[0]!.rows.map((row) => row.span)).toEqual(['≥ 50', '≥ 100'])
})

it('the wind between stations leans to the nearest, and comes from where it is said to', () => {
  const [east, north] = windAt([120, 28], [{ at: [120, 28], speed: 3, direction: 90 }])
  expect(east).toBeCloseTo(-3)
  expect(north).toBeCloseTo(0)
  const [, up] = windAt([120.001, 28], [{ at: [120, 28], speed: 2, direction: 180 }, { at: [121, 28], speed: 9, direction: 0 }])
  expect(up).toBeGreaterThan(1.9)
  expect(windAt([120, 28], [])).toEqual([0, 0])
})

it('measures say length, or area and rim', () => {
  expect(measured('distance', [[120, 28]])).toBe('')
  expect(measured('distance', [[120, 0], [121, 0]])).toBe('111.3 km')
  expect(measured('area', [[0, 0], [1, 0], [1, 1], [0, 1]])).toMatch(/^12308\.\d\d km²，44\d\.\d km$/)
})

it('the scale bar has a round length', () => {
  expect([7.3, 18, 45, 300].map((each) => roundLength(each))).toEqual([500, 1000, 2000, 20_000])
})

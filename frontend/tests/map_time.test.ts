import { describe, expect, it } from 'vitest'
import { histogram, indexAt, iso, readTime } from '@/map/bins'
import { asAt, dress } from '@/map/dress'
import { instant, moments, short, together, type Frames } from '@/map/frames'
import type { Mark, MarkFeature } from '@/map/model'

const HOUR = 3_600_000
const START = Date.parse('2026-03-01T00:00:00+08:00')
const frames: Frames = {
  layer: 'air',
  times: [START, START + HOUR, START + 2 * HOUR],
  step: HOUR,
  codes: ['a', 'b'],
  levels: [
    [1, 3, 0],
    [2, 4, 5],
  ],
  numbers: [
    [30, 120.4, null],
    [60, 160, 0.1234],
  ],
}
const mark: Mark = {
  code: 'a', name: 'A', layer: 'air', kind: 'air_station', control: '国控', shape: 'circle', parameter: 'aqi', level: 1,
  colour: '#00e400', number: '30', by: '', state: 'value', simulated: true, time: null, age: 0,
}
const feature = (code: string): MarkFeature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [120, 28] },
  properties: { ...mark, code },
})

describe('the histogram of the time bar', () => {
  it('counts exceedances and gaps of the places that count', () => {
    expect(moments(frames, 3, () => true).map((one) => [one.exceeded, one.missing, one.total])).toEqual([[0, 0, 2], [2, 0, 2], [1, 1, 2]])
    expect(moments(frames, 3, (code) => code === 'a').map((one) => one.exceeded)).toEqual([0, 1, 0])
    expect(moments(frames, 0, () => true).map((one) => one.exceeded)).toEqual([0, 0, 0])
  })
  it('adds layers by time and loses nothing when binned', () => {
    const sum = together([moments(frames, 3, () => true), moments(frames, 3, () => true)])
    expect(sum.map((one) => one.exceeded)).toEqual([0, 4, 2])
    const bins = histogram(sum, HOUR, 2)
    expect(bins).toHaveLength(2)
    expect(bins.map((bin) => bin.exceeded)).toEqual([4, 2])
    expect(bins[1]).toMatchObject({ from: START + 2 * HOUR, to: START + 3 * HOUR })
    expect(histogram([], HOUR, 10)).toEqual([])
  })
})

describe('moments', () => {
  it('are found by time', () => {
    expect(indexAt(frames.times, START - 1)).toBe(-1)
    expect(indexAt(frames.times, START + HOUR + 5)).toBe(1)
    expect(indexAt(frames.times, START + 99 * HOUR)).toBe(2)
  })
  it('are China time where no zone is said', () => {
    expect(iso(START)).toBe('2026-03-01T00:00+08:00')
    expect(readTime('2026-03-01')).toBe(START)
    expect(readTime('2026-03-01T00:00')).toBe(START)
    expect(readTime('2026-02-28T16:00:00Z')).toBe(START)
  })
})

describe('marks as they were', () => {
  it('show level, colour and number of the moment, and gaps as gaps', () => {
    const grades = [{ level: 3, name: '', short: '', colour: '#ff7e00', low: null, high: null, edition: '', clause: '', ours: false }]
    const then = asAt([feature('a')], instant(frames, 1, () => ''), grades, iso(frames.times[1]!))
    expect(then[0]!.properties).toMatchObject({ level: 3, colour: '#ff7e00', number: '120', state: 'value' })
    const gap = asAt([feature('a')], instant(frames, 2, () => ''), grades, iso(frames.times[2]!))
    expect(gap[0]!.properties).toMatchObject({ level: 0, number: '', state: 'no_data', time: null })
  })
  it('show the class where the level has a word', () => {
    expect(instant(frames, 0, (level) => ['', 'Ⅰ', 'Ⅱ'][level] ?? '').get('b')).toEqual({ level: 2, sign: 'Ⅱ' })
  })
  it('are dressed for the map', () => {
    expect(dress([feature('a')], false).features[0]!.properties).toMatchObject({ code: 'a', sign: '30', ink: 'd', icon: 'mark|circle|#00e400||s|0' })
  })
  it('are short numbers', () => {
    expect([30, 120.4, 0.1234, 12.345].map(short)).toEqual(['30', '120', '0.12', '12.3'])
  })
})

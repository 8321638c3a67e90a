import { expect, it } from 'vitest'
import { bandOf } from '@/codes/history'
import type { Past } from '@/codes/shapes'

const level = { code: 'green', colour: 'green', paint: null, zh: '绿', en: 'green' }
const past = (day: string, until: string | null): Past => ({ day, until, level, score: null, reasons: [] })

it('lays the stretches of the last year side by side, the oldest at the left', () => {
  const band = bandOf([past('2026-11-20', null), past('2026-11-10', '2026-11-20')], '2026-11-22')
  expect(band.map((one) => [one.day, one.x, one.width])).toEqual([
    ['2026-11-10', 352, 10],
    ['2026-11-20', 362, 3],
  ])
})

it('cuts what began before the year, and leaves out what ended before it', () => {
  const band = bandOf([past('2020-01-01', null)], '2026-11-22')
  expect(band).toHaveLength(1)
  expect(band[0]).toMatchObject({ x: 0, width: 365 })
  expect(bandOf([past('2020-01-01', '2021-01-01')], '2026-11-22')).toEqual([])
})

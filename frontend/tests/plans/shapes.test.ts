import { describe, expect, it } from 'vitest'
import { bar, pieces, sharing, summary, type Item } from '@/plans/shapes'

const item = (start: number, end: number, more: Partial<Item> = {}): Item => ({
  code: `${start}`, place: start, category: 'target', words: '', review: 'open', damaged: '', quote: '', start, end, reason: '', reviewed_by: '', told: {}, revision: 1, ...more,
})

describe('pieces', () => {
  it('cuts a text at its items and loses nothing', () => {
    const cut = pieces('到2025年达到95%。', [item(6, 11), item(0, 6)])
    expect(cut.map((one) => one.text).join('')).toBe('到2025年达到95%。')
    expect(cut.map((one) => one.item?.start ?? null)).toEqual([0, 6, null])
  })
  it('counts characters, not halves of them', () => {
    expect(pieces('𠮷目标', [item(1, 3)]).map((one) => one.text)).toEqual(['𠮷', '目标'])
  })
  it('marks a shared quote once and knows who shares it', () => {
    const both = [item(0, 4, { code: 'a' }), item(0, 4, { code: 'b' })]
    expect(pieces('四字文本', both)).toHaveLength(1)
    expect(sharing(both, both[0]!)).toHaveLength(2)
  })
})

describe('summary', () => {
  it('says a lost value with a question mark', () => {
    expect(summary(item(0, 1, { told: { op: '≥', value: null, unit: '%', year: null, stretch: null } }))).toBe('?% · ?')
  })
  it('says value, stretch and year', () => {
    expect(summary(item(0, 1, { told: { op: '≤', value: 37, upper: null, unit: 'µg', year: 2020, stretch: 35 } }))).toBe('≤ 37µg (35) · 2020')
  })
})

describe('bar', () => {
  it('is nothing without a deadline and lies inside the axis', () => {
    expect(bar(null, null, '2020-01-01', '2025-12-31')).toBeNull()
    const found = bar('2018-01-01', '2025-12-31', '2020-01-01', '2025-12-31')
    expect(found).toEqual({ left: 0, width: 100 })
  })
})

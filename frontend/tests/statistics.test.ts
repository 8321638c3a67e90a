import { describe, expect, it } from 'vitest'
import { lasting, percent, signed, spans } from '@/statistics/shapes'

describe('figures of statistics', () => {
  it('tells durations in hours, then in days', () => {
    const words = { hours: 'h', days: 'd' }
    expect(lasting(null, words)).toBe('—')
    expect(lasting(5400, words)).toBe('1.5 h')
    expect(lasting(4 * 86400, words)).toBe('4.0 d')
  })
  it('tells shares, and what has no base', () => {
    expect(percent(null)).toBe('—')
    expect(percent(0.1234)).toBe('12.3%')
    expect(signed(null, 'none')).toBe('none')
    expect(signed(0.5, '')).toBe('+50.0%')
    expect(signed(-0.25, '')).toBe('-25.0%')
  })
  it('knows the usual periods over a turn of the year', () => {
    const found = spans('2026-01-15')
    expect(found.month).toEqual(['2026-01-01', '2026-01-15'])
    expect(found.last_month).toEqual(['2025-12-01', '2025-12-31'])
    expect(found.quarter).toEqual(['2025-11-01', '2026-01-15'])
    expect(found.year).toEqual(['2026-01-01', '2026-01-15'])
  })
})

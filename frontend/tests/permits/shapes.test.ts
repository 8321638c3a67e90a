import { describe, expect, it } from 'vitest'
import { bar, sure, turned, weeks } from '@/permits/shapes'

describe('permits', () => {
  it('draws used, forecast and permit on one scale', () => {
    expect(bar({ permitted: '10', used: '4', forecast: '6' })).toEqual({ used: 40, ahead: 20, permit: 100 })
    expect(bar({ permitted: '5', used: '4', forecast: '10' })).toEqual({ used: 40, ahead: 60, permit: 50 })
  })
  it('draws nothing of what is not known', () => {
    expect(bar({ permitted: '0', used: null, forecast: null })).toEqual({ used: 0, ahead: 0, permit: 0 })
    expect(bar({ permitted: '8', used: null, forecast: null })).toEqual({ used: 0, ahead: 0, permit: 100 })
  })
  it('lays a month out in weeks from Monday', () => {
    const found = weeks('2026-11')
    expect(found[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
    expect(found.flat().filter(Boolean)).toHaveLength(30)
    expect(found.every((week) => week.length === 7)).toBe(true)
  })
  it('says how sure a day is in words', () => {
    expect(sure('CONFIRMED (S1, S2)')).not.toMatch(/S1|CONFIRMED/)
    expect(sure('DEFAULT, NOT FROM THE DOCUMENTS')).not.toContain('DEFAULT')
  })
  it('turns months over the year', () => {
    expect(turned('2026-12', 1)).toBe('2027-01')
    expect(turned('2026-01', -1)).toBe('2025-12')
  })
})

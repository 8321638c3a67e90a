import { describe, expect, it } from 'vitest'
import { darkInk, lookOf, nameOf, readName, shapeOf, signOf } from '@/map/marks'

const good = { shape: 'square', colour: '#00E400', state: 'value', level: 1, simulated: false }

describe('how a mark looks', () => {
  it('takes shape and official colour from the API', () => {
    expect(lookOf(good, false)).toEqual({ shape: 'square', colour: '#00e400', review: false, simulated: false, pattern: 0 })
    expect(shapeOf('star')).toBe('hexagon')
  })
  it('is grey without data and when the value is too old', () => {
    expect(lookOf({ ...good, state: 'no_data' }, true)).toMatchObject({ colour: '', pattern: 0 })
    expect(lookOf({ ...good, state: 'stale' }, true)).toMatchObject({ colour: '', pattern: 0 })
    expect(lookOf({ ...good, colour: 'red' }, false).colour).toBe('')
  })
  it('is hatched under review, dashed when simulated', () => {
    expect(lookOf({ ...good, state: 'under_review' }, false)).toMatchObject({ review: true, colour: '#00e400' })
    expect(lookOf({ ...good, simulated: true }, false).simulated).toBe(true)
  })
  it('adds a pattern by level with the colour-blind switch', () => {
    expect(lookOf({ ...good, level: 4 }, true).pattern).toBe(4)
    expect(lookOf({ ...good, level: 9 }, true).pattern).toBe(6)
    expect(lookOf({ ...good, level: 4 }, false).pattern).toBe(0)
  })
  it('survives its name', () => {
    for (const state of ['value', 'under_review', 'no_data']) {
      const look = lookOf({ ...good, state, simulated: true, level: 3 }, true)
      expect(readName(nameOf(look))).toEqual(look)
    }
    expect(readName('something-else')).toBeNull()
  })
})

describe('what stands in a mark', () => {
  it('is dark on light colours and light on dark ones', () => {
    expect(darkInk('#ffff00')).toBe(true)
    expect(darkInk('#7e0023')).toBe(false)
    expect(darkInk('')).toBe(true)
  })
  it('is left out where it would not fit', () => {
    expect(signOf('劣Ⅴ')).toBe('劣Ⅴ')
    expect(signOf('123456')).toBe('')
  })
})

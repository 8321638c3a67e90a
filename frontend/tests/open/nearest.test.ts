import { describe, expect, it } from 'vitest'
import { distance, nearest } from '@/open/shapes'

describe('nearest', () => {
  const place = (code: string, lon: number | null, lat: number | null) => ({ code, name: code, kind: 'air_station', lon, lat, standing: null })
  it('orders by distance and leaves out what has no place', () => {
    const found = nearest(121, 28, [place('far', 122, 29), place('none', null, null), place('near', 121.01, 28)])
    expect(found.map((one) => one.code)).toEqual(['near', 'far'])
  })
  it('reckons a degree of latitude as about 111 km', () => {
    expect(distance(121, 28, 121, 29)).toBeCloseTo(111.2, 0)
  })
})

import { describe, expect, it } from 'vitest'
import { area, away, boundsOf, inMetres, inSquare, inside, inverse, length, sector, type Point } from '@/map/geodesy'

describe('distance on the ellipsoid', () => {
  it('is that of the meridian and the equator', () => {
    expect(inverse([0, 0], [1, 0]).metres).toBeCloseTo(111_319.491, 2)
    expect(inverse([0, 0], [0, 1]).metres).toBeCloseTo(110_574.389, 2)
  })
  it('knows north, east and no distance', () => {
    expect(inverse([120, 28], [120, 29]).azimuth).toBeCloseTo(0, 6)
    expect(inverse([120, 0], [121, 0]).azimuth).toBeCloseTo(90, 6)
    expect(inverse([120, 28], [120, 28])).toEqual({ metres: 0, azimuth: 0 })
  })
  it('adds up along a path and turns round at the drawn circle', () => {
    const path: Point[] = [[121, 28], [121.1, 28], [121.1, 28.1]]
    expect(length(path)).toBeCloseTo(inverse(path[0]!, path[1]!).metres + inverse(path[1]!, path[2]!).metres, 6)
    expect(inverse([121, 28], away([121, 28], 5000, 45)).metres).toBeGreaterThan(4975)
    expect(inverse([121, 28], away([121, 28], 5000, 45)).metres).toBeLessThan(5025)
  })
})

describe('area of a ring', () => {
  it('is that of a cell of one degree at the equator', () => {
    expect(area([[0, 0], [1, 0], [1, 1], [0, 1]]) / 1e6).toBeCloseTo(12_308.8, 0)
  })
  it('does not care for the turn or whether the ring is closed', () => {
    const ring: Point[] = [[120, 28], [120.2, 28], [120.1, 28.2]]
    expect(area([...ring].reverse())).toBeCloseTo(area(ring), 3)
    expect(area([...ring, ring[0]!])).toBeCloseTo(area(ring), 3)
  })
  it('covers the globe by eight octants', () => {
    expect((8 * area([[0, 0], [90, 0], [90, 90]])) / 1e6).toBeCloseTo(510_065_622, -2)
  })
})

describe('shapes for drawing', () => {
  it('tells inside from outside', () => {
    const ring: Point[] = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]]
    expect(inside([1, 1], ring)).toBe(true)
    expect(inside([2, 3], ring)).toBe(false)
    expect(inside([5, 1], ring)).toBe(false)
  })
  it('makes circles and sectors', () => {
    expect(sector([120, 28], 1000)).toHaveLength(65)
    const part = sector([120, 28], 1000, 30, 60)
    expect(part[0]).toEqual([120, 28])
    expect(part[part.length - 1]).toEqual([120, 28])
  })
  it('finds the bounds of any geometry', () => {
    const polygon = { type: 'Polygon' as const, coordinates: [[[120, 28], [121, 28.5], [120.5, 29], [120, 28]]] }
    expect(boundsOf(polygon)).toEqual([120, 28, 121, 29])
  })
})

it('says lengths and areas in words', () => {
  expect(inMetres(12.4)).toBe('12 m')
  expect(inMetres(1234)).toBe('1.23 km')
  expect(inMetres(45_678)).toBe('45.7 km')
  expect(inSquare(5000)).toBe('5000 m²')
  expect(inSquare(2_500_000)).toBe('2.50 km²')
})

import { describe, expect, it } from 'vitest'
import { BLANK, read, readLayers, write, writeLayers, type MapAddress } from '@/map/address'

const full: MapAddress = {
  centre: [121.12346, 28.65432],
  zoom: 11.25,
  layers: [
    { name: 'rivers', shown: true, opacity: 80, choice: '' },
    { name: 'air_stations', shown: true, opacity: 100, choice: 'a34004' },
    { name: 'wells', shown: false, opacity: 100, choice: '' },
  ],
  pick: 'SIMAQ01',
  area: [
    [121, 28],
    [122, 28],
    [121.5, 28.5],
  ],
  filtering: true,
  other: '2026-03-01T08:00',
  swipe: true,
  simple: true,
  wind: true,
}

describe('the address of the map', () => {
  it('gives back the whole state', () => {
    expect(read(write(full))).toEqual(full)
  })
  it('is empty for a map as it opens', () => {
    expect(write(BLANK)).toEqual({})
    expect(read({})).toEqual(BLANK)
  })
  it('writes layers in order with what colours them', () => {
    expect(writeLayers(full.layers)).toBe('rivers:80,air_stations@a34004,wells!off')
    expect(readLayers(writeLayers(full.layers))).toEqual(full.layers)
  })
  it('takes what cannot be read as not said', () => {
    const broken = read({ c: '500,95', z: 'x', layers: '<b>,ok:900', area: '1,1;2,2', filter: 'yes', pick: ['a', 'b'] })
    expect(broken).toEqual({ ...BLANK, layers: [{ name: 'ok', shown: true, opacity: 100, choice: '' }] })
    expect(read({ area: '1,1;2,2;x' }).area).toEqual([])
    expect(read({ z: '99' }).zoom).toBeNull()
  })
})

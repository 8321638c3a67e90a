/** What the address holds of the map: everything that makes two screens show the same picture. */
import type { Point } from './geodesy'

export interface LayerChoice {
  name: string
  shown: boolean
  /** Whole percent. */
  opacity: number
  /** The parameter that colours it; empty: the usual one. */
  choice: string
}

export interface MapAddress {
  centre: Point | null
  zoom: number | null
  /** Layers in the order of drawing, last on top; empty: as declared. */
  layers: LayerChoice[]
  /** The one place that is picked. */
  pick: string
  /** Corners of the selection; empty: none. */
  area: Point[]
  filtering: boolean
  /** The second moment, where two are compared. */
  other: string
  swipe: boolean
  simple: boolean
  wind: boolean
}

export const BLANK: MapAddress = {
  centre: null,
  zoom: null,
  layers: [],
  pick: '',
  area: [],
  filtering: false,
  other: '',
  swipe: false,
  simple: false,
  wind: false,
}

/** Names of the address that belong to the map; the clock holds its own beside them. */
export const NAMES = ['c', 'z', 'layers', 'pick', 'area', 'filter', 'other', 'swipe', 'simple', 'wind'] as const
export type Query = Partial<Record<(typeof NAMES)[number], string>>

const fixed = (value: number, digits: number): string => String(Number(value.toFixed(digits)))
const pair = ([lon, lat]: Point): string => `${fixed(lon, 5)},${fixed(lat, 5)}`

function readPair(text: string): Point | null {
  const [lon, lat, more] = text.split(',').map(Number)
  const good = more === undefined && Number.isFinite(lon) && Number.isFinite(lat)
  return good && Math.abs(lon!) <= 180 && Math.abs(lat!) <= 90 ? [lon!, lat!] : null
}

/** Layers as `air@a34004:80,water,noise!off`: name, what colours it, opacity where not 100, `!off` where hidden. */
export const writeLayers = (layers: LayerChoice[]): string =>
  layers
    .map(({ name, shown, opacity, choice }) =>
      [name, choice && `@${choice}`, opacity === 100 ? '' : `:${opacity}`, shown ? '' : '!off'].join(''),
    )
    .join(',')

export function readLayers(text: string): LayerChoice[] {
  return text.split(',').flatMap((part) => {
    const found = /^([\w.-]+)(?:@([\w.-]+))?(?::(\d{1,3}))?(!off)?$/.exec(part)
    if (!found) return []
    const opacity = Math.min(100, Number(found[3] ?? 100))
    return [{ name: found[1]!, opacity, choice: found[2] ?? '', shown: !found[4] }]
  })
}

/** Returns the address of a map; what is as by default is left out. */
export function write(map: MapAddress): Query {
  const flag = (on: boolean): string | undefined => (on ? '1' : undefined)
  const query: Query = {
    c: map.centre ? pair(map.centre) : undefined,
    z: map.zoom === null ? undefined : fixed(map.zoom, 2),
    layers: writeLayers(map.layers) || undefined,
    pick: map.pick || undefined,
    area: map.area.map(pair).join(';') || undefined,
    filter: flag(map.filtering),
    other: map.other || undefined,
    swipe: flag(map.swipe),
    simple: flag(map.simple),
    wind: flag(map.wind),
  }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
}

/** Returns the map of an address; what cannot be read is as by default. */
export function read(query: Record<string, unknown>): MapAddress {
  const text = (name: (typeof NAMES)[number]): string => (typeof query[name] === 'string' ? query[name] : '')
  const zoom = Number(text('z'))
  const corners = text('area').split(';').map(readPair)
  return {
    centre: readPair(text('c')),
    zoom: text('z') && zoom >= 0 && zoom <= 22 ? zoom : null,
    layers: readLayers(text('layers')),
    pick: text('pick'),
    area: corners.length > 2 && corners.every((corner) => corner !== null) ? (corners as Point[]) : [],
    filtering: text('filter') === '1',
    other: text('other'),
    swipe: text('swipe') === '1',
    simple: text('simple') === '1',
    wind: text('wind') === '1',
  }
}

/** The map's questions to the API. What the API answers becomes the map's own words here and nowhere else. */
import type { Feature, FeatureCollection } from 'geojson'
import { language, mark } from '@/app/i18n'
import { address, get, send, type Failure } from '@/api/client'
import { iso, readTime } from './bins'
import type { Frames } from './frames'
import { sector, type Point } from './geodesy'
import type { Grade, Layer, LayerState, Legend, Shapes, Theme } from './model'
import type { WindSample } from './wind'

const ROOT = '/api/v1/atlas'

interface Told {
  zh: string
  en: string
}
const said = (words: Told): string => words[language()] || words.zh

interface RoomOut {
  themes: (Told & { code: string })[]
  layers: (Told & {
    code: string
    theme: string
    kind: Layer['kind']
    order: number
    opacity: number
    shown: boolean
    judge: string
    parameters: (Told & { code: string; symbol: string; unit: string })[]
    min_zoom: number
    max_zoom: number
    remark: string
  })[]
  tiles_above: number
}

export interface Room {
  themes: Theme[]
  /** Lowest first. */
  layers: Layer[]
  /** Features from which on a layer comes as tiles. */
  tilesAbove: number
}

/** Themes and layers as declared. */
export async function fetchRoom(): Promise<Room> {
  const room = await get<RoomOut>(`${ROOT}/layers`)
  const layers = room.layers.map((layer) => ({
    code: layer.code,
    theme: layer.theme,
    name: said(layer),
    kind: layer.kind,
    order: layer.order,
    opacity: Math.round(layer.opacity * 100),
    shown: layer.shown,
    judge: layer.judge,
    choices: layer.parameters.map((one) => ({ code: one.code, name: said(one), symbol: one.symbol, unit: one.unit })),
    minZoom: layer.min_zoom,
    maxZoom: layer.max_zoom,
    remark: layer.remark,
  }))
  layers.sort((one, other) => one.order - other.order)
  return { themes: room.themes.map((theme) => ({ code: theme.code, name: said(theme) })), layers, tilesAbove: room.tiles_above }
}

type Sheet = 'boundaries' | 'rivers' | 'coast' | 'lakes' | 'parks'
interface BaseOut extends Record<Sheet, FeatureCollection> {
  sources: { name: string; source: string; day: string; approval: string; simulated: boolean }[]
  extent: [number, number, number, number] | null
  simulated: boolean
  labels: FeatureCollection
}

/** Base layers, each with its sheet and the kinds of features that it draws. */
const BASE: Record<string, [Sheet, string[]]> = {
  sea_area: ['coast', ['sea']],
  district: ['boundaries', ['province', 'city', 'district']],
  township: ['boundaries', ['township']],
  lakes: ['lakes', ['lake']],
  rivers: ['rivers', ['river']],
  coast: ['coast', ['coast', 'island']],
  parks: ['parks', ['park']],
}
export const isBase = (code: string): boolean => code in BASE

export interface Base {
  extent: [number, number, number, number] | null
  simulated: boolean
  /** Approval number of the map 审图号; empty where there is none. */
  approval: string
  sources: string
  shapes: Map<string, Shapes>
  names: Shapes
  empty: boolean
}

const only = (sheet: FeatureCollection, kinds: string[]): Shapes => ({
  type: 'FeatureCollection',
  features: sheet.features.filter((one: Feature) => kinds.includes(String(one.properties?.['kind']))),
})

/** The base map, by layer. */
export async function fetchBase(): Promise<Base> {
  const base = await get<BaseOut>(`${ROOT}/basemap`)
  const shapes = Object.entries(BASE).map(([code, [sheet, kinds]]) => [code, only(base[sheet], kinds)] as const)
  const unique = (texts: string[]): string => [...new Set(texts.filter(Boolean))].join(mark('，'))
  return {
    extent: base.extent,
    simulated: base.simulated,
    approval: unique(base.sources.map((one) => one.approval)),
    sources: unique(base.sources.map((one) => [one.source, one.day].filter(Boolean).join(' '))),
    shapes: new Map(shapes),
    names: base.labels,
    empty: shapes.every(([, found]) => found.features.length === 0),
  }
}

export interface Asked {
  parameter: string
  /** A moment; null: now. */
  at: string | null
}

/** The features of a layer. */
export const fetchFeatures = (code: string, { parameter, at }: Asked): Promise<Shapes> =>
  get<Shapes>(`${ROOT}/layers/${code}`, { parameter, at })

/** The address of a layer's tiles. */
export const tilesOf = (code: string, { parameter, at }: Asked): string =>
  location.origin + address(`${ROOT}/tiles/${code}/{z}/{x}/{y}`, { parameter, at })

/** Codes of what lies in a ring, asked of the API: for layers that come as tiles. */
export async function selectIn(ring: Point[], layers: string[]): Promise<string[]> {
  const polygon = { type: 'Polygon', coordinates: [[...ring, ring[0]!]] }
  const found = await send<{ layers: Record<string, { codes: string[] }> }>('POST', `${ROOT}/select`, { polygon, layers })
  return Object.values(found.layers).flatMap((one) => one.codes)
}

interface LegendOut {
  layer: string
  remark: string
  classes: (Omit<Grade, 'name'> & Told)[]
  states: (Told & { state: string })[]
  controls: (Told & { control: string; shape: string })[]
}

/** The legend of a layer on a day. */
export async function fetchLegend(code: string, at: string | null): Promise<Legend> {
  const found = await get<LegendOut>(`${ROOT}/legend`, { layer: code, day: at?.slice(0, 10) })
  return {
    layer: found.layer,
    remark: found.remark,
    grades: found.classes.map((one) => ({ ...one, name: said(one) })),
    states: found.states.map((one) => ({ state: one.state, name: said(one) })),
    controls: found.controls.filter((one) => one.control !== 'other').map((one) => ({ control: one.control, shape: one.shape, name: said(one) })),
  }
}

/** What went wrong, as the state of a layer and the API's own words. */
export function faultOf(fault: unknown): { state: LayerState; words: string } {
  const { status, message } = fault as Failure
  return { state: status === 401 || status === 403 ? 'no_right' : 'error', words: message }
}

export interface Near {
  code: string
  name: string
  layer: string
  metres: number
  azimuth: number | null
}
export interface Around {
  places: Near[]
  /** The wind used, for upwind. */
  wind: { speed: number; direction: number; time: number; stations: string[] } | null
  /** The buffer or the sector, as the API drew it; empty: none. */
  ring: Point[]
}
export interface AskedAround {
  spot: Point
  metres: number
  count: number
  layers: string[]
  at: string | null
}

interface AroundOut {
  layers: Record<string, { code: string; name: string; metres: number; bearing: number }[]>
  wind?: { speed: number; direction: number; time: string; stations: string[] }
  area?: { type: string; coordinates: Point[][] }
}

/** What lies around a point, nearest first, and the shape that was searched. */
export async function findAround(kind: 'buffer' | 'nearest' | 'upwind', asked: AskedAround): Promise<Around> {
  const [lon, lat] = asked.spot
  const found = await get<AroundOut>(`${ROOT}/${kind}`, {
    lon,
    lat,
    layers: asked.layers.join(','),
    ...(kind === 'nearest' ? { count: asked.count } : { metres: asked.metres }),
    ...(kind === 'upwind' ? { at: asked.at } : {}),
  })
  const places = Object.entries(found.layers).flatMap(([layer, some]) =>
    some.map(({ code, name, metres, bearing }) => ({ code, name, layer, metres, azimuth: bearing })),
  )
  places.sort((one, other) => one.metres - other.metres)
  const drawn = found.area?.coordinates[0] ?? (kind === 'buffer' ? sector(asked.spot, asked.metres) : [])
  return {
    places: kind === 'nearest' ? places.slice(0, asked.count) : places,
    wind: found.wind ? { ...found.wind, time: readTime(found.wind.time) } : null,
    ring: drawn,
  }
}

interface FramesOut {
  layer: string
  codes: string[]
  times: string[]
  levels: number[][]
  numbers: (number | null)[][]
}
const HOUR = 3_600_000
/** Spans that are tried, longest first, where a block would be too large for one answer. */
const SHARES = [1, 1 / 3, 1 / 12]

/** A layer at every hour of a span. */
export async function fetchFrames(code: string, asked: { parameter: string; from: number; to: number }): Promise<Frames> {
  let refusal: unknown
  for (const share of SHARES) {
    const from = iso(asked.to - (asked.to - asked.from) * share)
    try {
      const found = await get<FramesOut>(`${ROOT}/frames`, { layer: code, parameter: asked.parameter, from, to: iso(asked.to) })
      return { ...found, times: found.times.map(readTime), step: HOUR }
    } catch (fault) {
      refusal = fault
      if (![400, 413, 422].includes((fault as Failure).status)) throw fault
    }
  }
  throw refusal
}

interface WindOut {
  at: string | null
  arrows: { name: string; lon: number; lat: number; speed: number; direction: number; time: string }[]
}

/** The wind at the stations, and when it was measured [ms]; 0 where none was. */
export async function fetchWind(at: string | null): Promise<{ samples: WindSample[]; time: number }> {
  const { arrows } = await get<WindOut>(`${ROOT}/wind`, { at })
  return {
    samples: arrows.map(({ lon, lat, speed, direction }) => ({ at: [lon, lat], speed, direction })),
    time: Math.max(0, ...arrows.map((arrow) => readTime(arrow.time))),
  }
}

/** Shapes of the portal, and the nearest place, which is reckoned in the browser only. */
import type { Change, Paper, Version } from '@/publications/shapes'

export interface OpenRow extends Record<string, unknown> {
  number: string
  sort: string
  sort_title: string
  title: string
  period: string
  region_name: string | null
  version: number
  corrected: boolean
  published: string
  simulated: boolean
}
export interface Correction {
  publication: string
  title: string
  kind: 'correction' | 'withdrawal'
  version: number
  at: string
  why: string
  corrects: string | null
  simulated: boolean
  changes: Change[]
}
export interface Home {
  kinds: { sort: string; title: string; number: number; newest: OpenRow | null }[]
  recent: OpenRow[]
  corrections: Omit<Correction, 'changes'>[]
  datasets: number
  licence: string
}
export interface OpenPublication extends OpenRow {
  state: string
  digest: string
  reason: string
  withdrawn: string | null
  withdrawal: string
  licence: string
  versions: Version[]
  content?: Paper
  changes?: Change[]
}
export interface Field {
  name: string
  type: string
  unit: string
  title: string
  missing: string
}
export interface Dataset {
  code: string
  title: string
  words: string
  edition: string
  rows: number
  updated: string | null
  version: string | null
  fields: Field[]
  downloads: Record<string, string>
}
export interface Catalogue {
  items: Dataset[]
  archive: string
  licence: string
  licence_confidence: string
}
export interface Places {
  regions: { code: string; name: string; level: string }[]
  places: { code: string; name: string; region_name: string; lon: number | null; lat: number | null }[]
  total: number
}
export interface Near {
  code: string
  name: string
  kind: string
  standing: string | null
  km: number
}
interface Known {
  code: string
  name: string
  kind: string
  lon: number | null
  lat: number | null
  standing: string | null
}
const EARTH = 6371
const SHOWN = 3
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** The great-circle distance of two points, in kilometres. */
export function distance(lon: number, lat: number, toLon: number, toLat: number): number {
  const half = Math.sin(radians(toLat - lat) / 2) ** 2 + Math.cos(radians(lat)) * Math.cos(radians(toLat)) * Math.sin(radians(toLon - lon) / 2) ** 2
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** The nearest places that have coordinates, nearest first. */
export function nearest(lon: number, lat: number, places: Known[]): Near[] {
  return places
    .filter((one) => one.lon !== null && one.lat !== null)
    .map((one) => ({ code: one.code, name: one.name, kind: one.kind, standing: one.standing, km: distance(lon, lat, one.lon as number, one.lat as number) }))
    .sort((a, b) => a.km - b.km)
    .slice(0, SHOWN)
}

import type { Schema } from '@/parts/form/schema'
import type { Point } from '@/parts/drafts/device'
import type { Signed } from '@/parts/drafts/SignaturePad.vue'
import type { Geometry } from '@/parts/spots'
import { language } from '@/app/i18n'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface PatrolTask {
  code: string
  area: string
  area_name: string
  keeper: string
  per: string
  times: number
  owed: number
  done: number
  from: string
  until: string
  min_minutes: number | null
  min_metres: number | null
  min_gap_hours: number | null
  months: string
  basis: string
  confidence: string
  simulated: boolean
}
export interface AreaTask {
  code: string
  name: string
  category: string
  level: string
  region: string
  checklist: string
  geometry: Geometry | null
  lon: number | null
  lat: number | null
  simulated: boolean
}
export interface SpotTask {
  code: string
  name: string
  channel: string
  source: string
  category: string
  state: string
  seen_at: string | null
  due: string | null
  person: string | null
  words: string
  lon: number | null
  lat: number | null
  geometry: Geometry | null
  simulated: boolean
  revision: number
}
export interface IssueTask {
  number: string
  title: string
  state: string
  due: string | null
  lon: number | null
  lat: number | null
  simulated: boolean
}
export interface Tasks {
  day: string
  patrols: PatrolTask[]
  areas: AreaTask[]
  sightings: SpotTask[]
  issues: IssueTask[]
  checklists: Record<string, { zh: string; en: string; version: string; basis: string; schema: Schema }>
  words: Record<string, Named[]>
}

export interface FindingValues {
  id: string
  category: string
  title: string
  words: string
  level: 'general' | 'serious' | 'major'
  at: string
  lon: number | null
  lat: number | null
  handled: boolean
  measures: string
}
export interface PatrolValues {
  area: string
  plan: string
  started: string
  ended: string
  track: Point[]
  checklist: string
  answers: Record<string, string>
  words: string
  signed: Signed
  findings: FindingValues[]
}
export interface VisitValues {
  spot: string
  revision: number
  outcome: '' | 'confirmed' | 'dismissed'
  title: string
  category: string
  level: 'general' | 'serious' | 'major'
  words: string
  ground: string
  at: string
  lon: number | null
  lat: number | null
}

export const called = (one: { zh: string; en: string } | undefined, otherwise = ''): string => (one ? (language() === 'en' ? one.en : one.zh) : otherwise)
export const wordOf = (list: Named[] | undefined, value: string): string => called(list?.find((one) => one.value === value), value)
export const blankSigned = (): Signed => ({ way: '', name: '', statement: '' })

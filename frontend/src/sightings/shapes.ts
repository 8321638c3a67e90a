import { language } from '@/app/i18n'
import type { Geometry } from '@/parts/spots'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface Words {
  channel: Named[]
  state: Named[]
  ground: Named[]
  heading: Named[]
}
export interface Sighting {
  code: string
  name: string
  channel: string
  source: string
  ref: string
  category: string
  state: 'new' | 'assigned' | 'confirmed' | 'dismissed'
  region_name: string
  seen_at: string | null
  area_m2: number | null
  parameter: string
  value: string
  unit: string
  person_name: string | null
  due: string | null
  verified_at: string | null
  verified_by: string
  ground: string
  issue: string
  batch: string | null
  lon: number | null
  lat: number | null
  geometry: Geometry | null
  datum: string
  given: Record<string, unknown>
  words: string
  result: string
  visit: { at?: string; clock_s?: number; lon?: number | null; lat?: number | null }
  files: { client: string; name: string; sha256: string; sm3: string; taken_at: string | null; arrived: string | null; lon: number | null; lat: number | null; accuracy: number | null }[]
  may_verify: boolean
  may_assign: boolean
  simulated: boolean
  revision: number
}
export interface Preview {
  sha256: string
  spots: number
  known: number
  faults: { row: number; column?: string; value?: string; message: string }[]
  unused: string[]
  rows: { row: number; ref: string; name: string; category: string; seen_at: string | null; lon: number; lat: number; region: string }[]
}
export const TONES: Record<string, 'good' | 'bad' | 'warn' | 'none'> = { new: 'warn', assigned: 'warn', confirmed: 'bad', dismissed: 'none' }
export const named = (list: Named[] | undefined, value: string): string => {
  const found = list?.find((one) => one.value === value)
  return found ? (language() === 'en' ? found.en : found.zh) : value
}

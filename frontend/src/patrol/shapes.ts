import type { Geometry } from '@/parts/spots'

export interface Patrol {
  code: string
  client: string
  area: string
  area_name: string
  category: string
  region: string
  region_name: string
  person: string
  person_name: string
  plan: string | null
  started: string
  ended: string
  sent: string
  arrived: string
  clock_s: number
  minutes: number
  metres: number
  points: number
  verdict: 'valid' | 'invalid' | 'unjudged'
  reasons: { key: string; words: string }[]
  rule: {
    min_minutes?: number | null
    min_metres?: number | null
    min_gap_hours?: number | null
    months?: string
    times?: number
    per?: string
    basis?: string
    plan?: string
    confidence?: string
    source?: { rulebook?: string; version?: string; row?: number | null; confidence?: string }
  }
  track: [number, number, number, number][]
  geometry: Geometry | null
  checklist: string
  answers: Record<string, string>
  items: { code: string; name: string }[]
  words: string
  signed: { way?: string; name?: string; statement?: string }
  findings: { client: string; title: string; category: string; level: string; words: string; lon: number | null; lat: number | null; handled: boolean; measures: string; issue: string; at: string }[]
  files: { client: string; kind: string; name: string; sha256: string; sm3: string; size: number; taken_at: string | null; arrived: string | null; lon: number | null; lat: number | null; accuracy: number | null; finding: string }[]
  awaited: number
  simulated: boolean
}
export const TONES: Record<string, 'good' | 'bad' | 'none'> = { valid: 'good', invalid: 'bad', unjudged: 'none' }

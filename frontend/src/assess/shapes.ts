/** What the API gives of assessments, rankings and reasons; numbers are texts with the decimals they are published with. */
import type { Explanation } from '@/parts/WhyPanel.vue'

export interface Level {
  number: number
  name: string
  colour: string
  lowest?: number | null
  highest?: number | null
}
export interface PeriodShape {
  code: string
  kind: string
  words: string
  previous: string
  year_before: string
}
export interface Item {
  item: string
  value: string | null
  unit: string
  iaqi: number | null
  index: string | null
  limit: string | null
  within: boolean | null
  percentile: number | null
  valid_days: number | null
  needed: number | null
  previous: string | null
  year_before: string | null
}
export interface AirRow extends Record<string, unknown> {
  key: string
  name: string
  region: string
  simulated: boolean
  points: number
  source: string | null
  aqi: number | null
  level: Level | null
  primary: string[]
  missing: string[]
  flagged: string[]
  items: Item[]
  aqi_previous: number | null
  aqi_year_before: number | null
  valid_days: number | null
  good_days: number | null
  good_rate: string | null
  good_rate_previous: string | null
  good_rate_year_before: string | null
  levels: Record<string, number>
  primary_days: Record<string, number>
  index: string | null
  index_previous: string | null
  index_year_before: string | null
  change_previous: string | null
  change_year_before: string | null
  main: string[]
  reasons: string[]
}
export interface AirShape {
  period: PeriodShape
  by: string
  editions: string[]
  forced: boolean
  levels: Level[]
  rows: AirRow[]
  silent: string[]
  simulated: boolean
  cautions: string[]
}
export interface Limiting {
  item: string
  value: string
  unit: string
  multiple: string | null
}
export interface SectionRow extends Record<string, unknown> {
  key: string
  name: string
  region: string
  basin: string
  kind: string
  simulated: boolean
  samples: number
  level: Level | null
  grade: string
  limiting: Limiting[]
  skipped: string[]
  doubtful: string[]
  previous: string
  year_before: string
  change: string
  target: string
  target_met: boolean | null
}
export interface WaterShape {
  period: PeriodShape
  editions: string[]
  levels: Level[]
  shares: Record<string, number>
  shares_year_before: Record<string, number>
  verdict: string
  change: string
  exceeding: Record<string, number>
  rows: SectionRow[]
  silent: string[]
  simulated: boolean
  cautions: string[]
}
export interface RankItem {
  item: string
  heading: string
  unit: string
  value: string | null
  index: string | null
  limit: string
  weight: string
  valid_days: number
  needed: number
}
export interface RankRow extends Record<string, unknown> {
  name: string
  rank: number | null
  tied: boolean
  index: string | null
  main: string[]
  items: RankItem[]
  valid_days: number | null
  source: string
  rivers: number | null
  lakes: number | null
  number_of_items: number | null
  reasons: string[]
  before: string | null
  change: string | null
  change_rank: number | null
  compared_rank: number | null
  compared_index: string | null
  simulated: boolean
  air?: string | null
  water?: string | null
}
export interface RankingShape {
  ranking: 'air' | 'water' | 'composite'
  period: string
  words: string
  year_before: string
  compare: string | null
  compare_words: string | null
  by: string
  editions: string[]
  weights: string
  forced: boolean
  number: number
  rows: RankRow[]
  silent: string[]
  note: string
  simulated: boolean
  cautions: string[]
}
export interface Release {
  state: 'draft' | 'proposed' | 'published'
  proposal: number | null
  proposer: string
  proposed: string | null
  decider: string
  decided: string | null
  reason: string
  digest: string
  changed: boolean
  may_propose: boolean
}
export interface Origin extends Record<string, unknown> {
  feature: string
  item: string
  time: string
  value: string
  state: string
  state_name: string
  revision: number
  batch: string
  file: string
  row: number
  sha256: string
  at: string
  current: boolean
}
export interface Reasons extends Explanation {
  title: string
  origins: Origin[]
  origins_total: number
}

/** What the API gives of indicators, targets and assessments. */
export interface Words {
  themes: { value: string; zh: string; en: string }[]
  formulas: { name: string; needs: string[] }[]
  region: string
  regions: { code: string; name: string }[]
  may_add: boolean
  may_report: boolean
  may_target: boolean
}
export interface Definition {
  code: string
  name: string
  theme_name: string
  aliases: string[]
  definition: string
  basis: string
  confidence: string
  confidence_name: string
  unit: string
  direction: 'up' | 'down' | 'none'
  decimals: number | null
  cycle: string[]
  owner: string
  formula: { name: string } & Record<string, unknown>
  reported: boolean
  own: boolean
}
export interface Milestone {
  day: string
  value: string
}
export interface TargetLine {
  number: string
  region: string
  region_name: string
  year: number
  op: string
  value: string
  unit: string
  stretch: string
  path: Milestone[]
  path_state: string
  verdict: string | null
  simulated: boolean
}
export interface ValueLine {
  code: string
  region_name: string
  first: string
  last: string
  value: string
  unit: string
  state: string
  source: string
  simulated: boolean
}
export type Indicator = Definition & { values: ValueLine[]; targets: TargetLine[] }
export interface Point {
  month: string
  until: string
  value: string | null
  so_far: string | null
  simulated: boolean
}
export interface Curve {
  code: string
  unit: string
  year: number
  points: Point[]
  targets: TargetLine[]
}
export interface CitedFile {
  name: string
  sha256: string
  rows: number
  first_row: number
  last_row: number
  revision: number
}
export interface Basis {
  places: { code: string; name: string }[]
  left_out: { code: string; name: string }[]
  files: CitedFile[]
  editions: { standard: string; number: string; first: string; last: string }[]
  revision: number
  notes: string[]
  simulated: boolean
}
export interface Measured {
  value: string | null
  unit: string
  until: string
  first: string
  count: number
  part: number
  left: number
  needed: number
  sort: string
  reason: string
  basis: Basis
  rows: Record<string, unknown>[]
}
export interface Judged {
  verdict: string
  gap: string | null
  goal: string
  milestone: string | null
  stretch_verdict: string | null
  allowance: { words: string; number: string | null } | null
  outlook: { central: number; low: number; high: number; years: number; rest: number } | null
  reasons: string[]
  measured: Measured
  day: string
  as_of: string
  version: string
}
export interface Target {
  number: string
  indicator: string
  name: string
  definition: Definition
  region: string
  region_name: string
  year: number
  op: string
  value: string
  upper: string
  unit: string
  stretch: string
  organisation_name: string | null
  parent: string | null
  weight: string
  data_region: string
  basis: { document?: string; name?: string; title?: string; quote?: string; start?: number; end?: number; sha256?: string; item?: string; confirmed_by?: string }
  base_year: number | null
  base_value: string
  path: Milestone[]
  path_method: string
  path_state: string
  path_steps: { revision: number; at: string; proposer: string; decider: string; reason: string; path: Milestone[] }[]
  judged: Judged | null
  simulated: boolean
  may_change: boolean
  may_judge: boolean
  may_freeze: boolean
  revision: number
}
export interface Offer {
  place: number
  code: string
  words: string
  told: Record<string, unknown>
  quote: string
  review: string
  revision: number
  obstacle: string
  candidates: { code: string; name: string; unit: string; likeness: number; same: boolean; unit_fits: boolean }[]
  target: string | null
  indicator: string | null
}
export interface Desk {
  items: Offer[]
  indicators: { code: string; name: string; unit: string }[]
  region: string
  region_name: string
  may_bind: boolean
}
export interface ScoreItem {
  row: number
  group: string
  points: string
  reasons: string
  note?: string
  unknown?: boolean
  evidence: { number: string; name: string }[]
}
export interface Score {
  number: string
  name: string
  subject: string
  year: number
  day: string
  total: string
  grade: string
  state: string
  rulebook: string
  version: string
  basis: string
  confidence: string
  confidence_name: string
  sha256: string
  facts: Record<string, string | number | null>
  items: ScoreItem[]
  steps: { at: string; name: string; move: string; words: string }[]
  simulated: boolean
  may_publish: boolean
  revision: number
}
export interface ScoreWords {
  grades: { value: string; zh: string; en: string }[]
  subjects: { value: string; name: string }[]
  rulebooks: { id: string; title: string; version: string }[]
  confidence: string
  may_assess: boolean
}

/** How a verdict is toned. */
export const TONES: Record<string, 'good' | 'warn' | 'bad' | 'none'> = { met: 'good', on_track: 'good', at_risk: 'warn', not_met: 'bad', unknown: 'none' }
/** A target as it is read: ≤ 30 µg/m³. */
export const goalOf = (one: { op: string; value: string; upper?: string; unit: string }): string => `${one.op} ${one.value}${one.upper ? `~${one.upper}` : ''} ${one.unit}`
/** Where the number of a row that proves something leads. */
export const proofOf = (number: string): string | null => {
  const roots: Record<string, string> = { MB: '/targets', JC: '/plan-measures', ZG: '/rectification/tasks', HZ: '/issues' }
  const root = roots[number.slice(0, 2)]
  return root ? `${root}/${number}` : null
}

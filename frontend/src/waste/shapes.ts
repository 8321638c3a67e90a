import { language } from '@/app/i18n'
import type { Schema } from '@/parts/form/schema'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface Counted {
  code: string
  zh: string
  en: string
  number: number
}
export interface Own {
  code: string
  name: string
  lon: number | null
  lat: number | null
}
export interface Rule {
  days: number
  note_days: number
  zh: string
  en: string
  basis: string
  confidence: string
}
export interface Words {
  kind: Named[]
  source: Named[]
  way: Named[]
  plan_state: Named[]
  class: Named[]
  packaging: Named[]
  booking: Named[]
  route: Named[]
  finding: Named[]
  grade: Named[]
  check_state: Named[]
  object: Named[]
  manifest_state: Named[]
  manifest_move: Named[]
  party: Named[]
  rule: Record<string, string>
  storage: { operator: Rule; producer: Rule }
  small: { limit_t: number; confidence: string; basis: string }
  difference: { share: number; least_kg: number; confidence: string }
  balance: { share: number; least_kg: number; confidence: string }
  classes: { standard: string; confidence: string }
  licence: Named[]
  licence_state: Named[]
  finding_state: Named[]
  settlement: Named[]
  approval_state: Named[]
  terms: { paper: { number: number; confidence: string }; confirm: { number: number; confidence: string } }
  proof: { most: number; bytes: number; confidence: string }
  across: { title: string; number: string; confidence: string; valid_months: number; materials: string[]; clock: Clock[] }
  transport: { exempt_zh: string; exempt_en: string; basis: string; confidence: string }
  licence_ending: { days: number; confidence: string }
  own: Own[]
  may_enter: boolean
  may_assess: boolean
  may_settle: boolean
  may_license: boolean
  distance_note: string
}
export interface Clock {
  id: string
  number: number
  zh: string
  en: string
  by: string
  from: string
}
export interface Operator {
  code: string
  name: string
  province: string
  sort: string
  takes: boolean
  carries: boolean
  classes: string[]
  simulated: boolean
}
export interface Approval {
  number: string
  state: string
  enterprise: string
  enterprise_name: string
  receiver: string
  receiver_name: string
  from_province: string
  to_province: string
  waste: string
  name: { zh: string; en: string }
  kg: number
  left_kg: number
  way: string
  document: string
  reply_document: string
  applied: string
  decided: string | null
  due: string | null
  dues: Record<string, string | null>
  late: boolean
  wanted_from: string | null
  wanted_to: string
  valid_from: string | null
  last_day: string | null
  words: string
  title: string
  rule_number: string
  confidence: string
  valid_months: number
  materials: string[]
  clocks: Clock[]
  manifests: { number: string; state: string; kg: number; happened: string }[]
  steps: (Step & { document?: string; on?: string })[]
  moves: { name: string; zh: string; en: string; needs: string[] }[]
  simulated: boolean
  revision: number
}
export interface Proof {
  id: number
  name: string
  size: number
  received_at: string
  sm3: string
  actor_name: string
}
export interface Finding {
  code: string
  finding: string
  enterprise: string
  enterprise_name: string
  waste: string
  day: string
  until: string | null
  facts: Record<string, unknown>
  confidence: string
  issue: string
  state: string
  explanation: string
  basis: string
  settlement: string
  settled_by: string
  settled: string | null
  steps: (Step & { basis?: string; issue?: string })[]
  may_explain: boolean
  may_settle: boolean
  may_issue: boolean
  simulated: boolean
  revision: number
}
export interface Figures {
  from: string
  to: string
  generated_kg: number
  received_kg: number
  used_kg: number
  disposed_kg: number
  transferred_kg: number
  opening_kg: number
  stored_kg: number
  disposal_rate: number | null
  generators: Counted[]
  by_class: { code: string; zh: string; en: string; kg: number }[]
  manifests: Counted[]
  findings: Counted[]
  ours: string
}
export interface Step {
  at: string
  actor: string
  name: string
  organisation: string
  move: string
  words: string
  party?: string
  item?: string
}
export interface Line {
  line: number
  waste: string
  name: { zh: string; en: string }
  properties: string[]
  packaging: string
  pieces: number
  told_kg: number
  loaded_kg: number | null
  received_kg: number | null
}
export interface Difference {
  line: number
  waste: string
  loaded_kg: number
  received_kg: number
  gap_kg: number
  tolerance_kg: number
}
export interface ManifestMove {
  name: string
  zh: string
  en: string
  needs: string[]
  amount: string | null
  by: string
}
export interface Manifest {
  number: string
  state: string
  category: string
  generator: string
  generator_name: string
  carrier: string
  carrier_name: string
  receiver: string
  receiver_name: string
  vehicle: string
  continuous: boolean
  paper: boolean
  paper_late: boolean
  paper_number: string
  paper_reason: string
  paper_due: string | null
  proofs: Proof[]
  may_attach: boolean
  booking: string
  happened: string
  delivered: string | null
  confirm_due: string | null
  confirmed: string | null
  late: boolean
  way: string
  words: string
  approval: string | null
  lines: Line[]
  parts: { year: string; province: string; city: string; serial: string }
  difference: Difference[]
  tolerance: { share: number; least_kg: number; confidence: string }
  mismatch: string[]
  rule: { title: string; number: string; confidence: string; states_confidence: string; basis_note: string }
  terms: { confirm: { number: number; confidence: string } }
  days: { day: string; sent_kg: number; received_kg: number }[]
  steps: Step[]
  moves: ManifestMove[]
  simulated: boolean
  revision: number
}
export interface Booking {
  number: string
  state: string
  enterprise: string
  enterprise_name: string
  collector: string
  collector_name: string
  waste: string
  name: { zh: string; en: string }
  kg: number
  weighed_kg: number | null
  packaging: string
  pieces: number
  begins: string
  ends: string
  lon: number
  lat: number
  route: string
  manifest: string
  words: string
  steps: Step[]
  moves: string[]
  simulated: boolean
  revision: number
}
export interface Trip {
  vehicle: string
  kg: number
  metres: number
  begins: number
  ends: number
  stops: (Partial<Booking> & { number: string; at: number })[]
}
export interface Route {
  number: string
  day: string
  state: string
  enterprise: string
  enterprise_name: string
  metres: number
  seed: number
  depot: { lon: number; lat: number; name: string }
  trips: Trip[]
  left: { number: string; why: string; words: string }[]
  note: string
  table: { detour: number; speed_m_s: number; service_minutes: number; iterations: number; confidence: string }
  simulated: boolean
  revision: number
}
export interface Plan {
  number: string
  enterprise: string
  enterprise_name: string
  year: number
  version: number
  state: string
  management: string
  filed: string | null
  late: boolean
  words: string
  due: string
  basis: string
  confidence: string
  items: { waste: string; name: { zh: string; en: string }; way: string; receiver: string; made_kg: number; kg: number; generated_kg: number; per_kwh: number | null }[]
  reports: { period: string; due: string }[]
  reports_confidence: string
  may_file: boolean
  simulated: boolean
  revision: number
}
export interface Mending {
  words: string
  at: string | null
  accepted: boolean
}
export interface CheckItem {
  code: string
  zh: string
  en: string
  group: { zh: string; en: string }
  weight: number
  must?: boolean
  score?: number | null
  words?: string
  mending: Mending | null
}
export interface Check {
  number: string
  enterprise: string
  enterprise_name: string
  object: string
  day: string
  state: string
  score: number | null
  grade: string
  due: string | null
  closed: string | null
  list: { zh: string; en: string }
  version: string
  items: CheckItem[]
  answered: number
  preview: { score: number; grade: string } | null
  scheme: { title: string; number: string; confidence: string; thresholds_confidence: string; items_confidence: string }
  grades: { value: string; zh: string; en: string; least: number }[]
  steps: Step[]
  may_assess: boolean
  may_mend: boolean
  simulated: boolean
  revision: number
}
export interface Reason {
  reason: string
  what?: string
  expected_kg: number
  found_kg: number
  gap_kg: number
  tolerance_kg: number
  confidence: string
}

/** What a thing is called in the reader's language. */
export const called = (one: { zh: string; en: string } | null | undefined): string => (one ? (language() === 'en' ? one.en : one.zh) : '')
export const wordOf = (list: Named[] | undefined, value: string): string => {
  const found = list?.find((one) => one.value === value)
  return found ? called(found) : value
}
export const choicesOf = (list: Named[] | undefined) => (list ?? []).map((one) => ({ value: one.value, title: called(one) }))
/** A field of a form with choices. */
export const choiceField = (list: Named[] | undefined, titles: { 'x-zh': string; 'x-en': string }): Schema => ({
  ...titles,
  type: 'string',
  enum: (list ?? []).map((one) => one.value),
  'x-choices': Object.fromEntries((list ?? []).map((one) => [one.value, { zh: one.zh, en: one.en }])),
})

/** Firms of the operators that fit, each once, as choices. */
export const firmsOf = (list: Operator[] | undefined, fits: (one: Operator) => boolean): Named[] => [
  ...new Map((list ?? []).filter(fits).map((one) => [one.code, { value: one.code, zh: one.name, en: one.name }])).values(),
]

/** Rows of a form as fields that hold objects, `row_1` and on; only the first must be filled. */
export const rowFields = (count: number, row: Schema, title: (at: number) => { 'x-zh': string; 'x-en': string }): Record<string, Schema> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`row_${at + 1}`, { ...row, ...title(at + 1), type: 'object', required: at ? [] : (row.required ?? []) }]))
/** The rows that were filled, and the rest of what was given. */
export function rowsOf(given: Record<string, unknown>, key: string): { rows: Record<string, unknown>[]; rest: Record<string, unknown> } {
  const named = Object.entries(given)
  const rows = named.filter(([name]) => name.startsWith('row_')).map(([, value]) => value as Record<string, unknown>)
  return { rows: rows.filter((one) => one?.[key]), rest: Object.fromEntries(named.filter(([name]) => !name.startsWith('row_'))) }
}

/** Kilograms with at most three decimals and parted thousands. */
export const kilograms = (value: unknown): string => {
  if (typeof value !== 'number') return ''
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 })
}
/** Tonnes of kilograms, three decimals at most. */
export const tonnes = (value: number): string => (value / 1000).toLocaleString('en-US', { maximumFractionDigits: 3 })
/** A share in percent. */
export const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(1)} %`)
/** Time of the day of seconds after midnight. */
export const clockOf = (seconds: number): string =>
  `${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}`

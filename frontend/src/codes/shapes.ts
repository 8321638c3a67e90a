import { language } from '@/app/i18n'
import type { Schema } from '@/parts/form/schema'

export interface Both {
  zh: string
  en: string
}
export interface Named extends Both {
  value: string
}
export interface Level extends Both {
  code: string
  colour: string
  paint: string | null
}
export type Which = 'code' | 'credit'
export interface Words {
  kinds: Named[]
  levels: Named[]
  which: Named[]
  state: Named[]
  decision: Named[]
  grade: Named[]
  may: Record<'enter' | 'release' | 'decide' | 'by_hand', boolean>
}
export interface Reason {
  event: string
  kind: Both & { code: string }
  title: Both
  address: string
  published: boolean
  day: string
  end: string | null
  level: Level | null
  points: string | null
  steps: number
  clause: Both
  condition: Both
  confidence: string
  book: string
  row: number
  decisive: boolean
  progress: { done: number; needed: number } | null
}
export interface Scheme extends Both {
  id: string
  sort: Which
  number: string
  confidence: string
  basis: Both
  lacks: Both | null
  complete: boolean
  levels: Level[]
  levels_confidence: string
  start: string | null
  least: string | null
  most: string | null
  bands: { level: string; least: string }[]
  known: (Both & { value: string })[]
  book: string
  entry: { from: string; days: number; working: boolean }[]
  rows?: BookTable | null
}
export interface BookTable {
  id: string
  version: string
  from: string
  place: string
  title: Both
  basis: Both
  confidence: string
  note: Both | null
  row: { when: Record<string, string>; then: Record<string, string | number>; clause: Both | null; note: Both | null }[]
  input: { name: string; title: Both; choices: { code: string; zh: string; en: string }[] }[]
}
export interface Measure extends Both {
  scene: string
  value: string
  place: string
  confidence: string
  basis: Both
}
export interface Standing {
  which: Which
  day: string
  known: string | null
  scheme: Scheme
  level: Level
  score: string | null
  by_hand: boolean
  changes: string | null
  next: (Level & { day: string }) | null
  since: string | null
  reasons: Reason[] | null
  measures: Measure[]
  revision: number
}
export interface Code {
  code: string
  name: string
  region_name: string
  key_unit: boolean
  simulated: boolean
  standings: Standing[]
  sees: boolean
  may: Record<'appeal' | 'repair' | 'decide' | 'enter' | 'release' | 'by_hand', boolean>
}
export interface Past {
  day: string
  until: string | null
  level: Level
  score: string | null
  reasons: { event: string; day: string; end: string | null }[]
}
export interface Figures {
  which: Which
  total: number
  levels: (Level & { rank: number; count: number })[]
  regions: { region: string; name: string; total: number; levels: Record<string, number> }[]
}
export interface Event {
  code: string
  kind: string
  enterprise: string
  enterprise_name: string
  title_zh: string
  title_en: string
  day: string
  until: string | null
  state: string
  released: string | null
  repaired: string | null
  published: string | null
  facts: Record<string, unknown>
  address: string
  simulated: boolean
  revision: number
}
export interface Case {
  number: string
  state: string
  enterprise: string
  enterprise_name: string
  event_kind: string
  filed: string
  filed_by: string
  words?: string
  proof: string
  due?: string | null
  grade?: string
  duty_done?: string | null
  commitment?: boolean
  checked?: Conditions
  conditions: Conditions | null
  decided: string | null
  decided_by: string
  decision: string
  outcome: { before: { day: string; state: string }; after: { day: string; state: string }; first: string; written: number } | null
  event_row: Event
  may_decide: boolean
  may_withdraw: boolean
  simulated: boolean
  revision: number
}
export interface Conditions {
  granted: boolean
  reason: Both
  clause: Both
  confidence: string
  earliest: string
  ends: string
  published: string
  least_months: number
  most_months: number
}
export interface OpenCode {
  code: string
  name: string
  region_name: string
  simulated: boolean
  day: string
  levels: { which: Which; level: Level; since: string; scheme: Both & { confidence: string } }[]
  events: { title: Both; day: string; published: string; removal: string | null; longest?: string; grade: string; duties_open?: boolean }[]
  signed: { holds: boolean; genuine: boolean; content: { day: string; last: string; levels: Partial<Record<Which, { level: string; colour: string }>> } } | null
}

export const called = (one: Both | undefined | null, otherwise = ''): string => (one ? (language() === 'en' ? one.en : one.zh) : otherwise)
export const wordOf = (list: Named[] | undefined, value: string | null | undefined): string => called(list?.find((one) => one.value === value), value ?? '')
export const choices = (list: Named[] | undefined): { value: string; title: string }[] => (list ?? []).map((one) => ({ value: one.value, title: called(one) }))
export const choiceOf = (list: Named[] | undefined, zh: string, en: string): Schema => ({
  'x-zh': zh,
  'x-en': en,
  type: 'string',
  enum: (list ?? []).map((one) => one.value),
  'x-choices': Object.fromEntries((list ?? []).map((one) => [one.value, one])),
})

const CONFIDENCE: Record<string, string> = {
  CONFIRMED: 'confirmed',
  'ONE SOURCE': 'one_source',
  'MEMORY ONLY': 'memory',
  CONFLICT: 'conflict',
  'NOT CONFIRMED': 'not_confirmed',
  'NOT FOUND': 'not_found',
  'DEFAULT, NOT FROM THE DOCUMENTS': 'ours',
}
/** Key of the words that say how far something is confirmed. */
export const confidence = (word: string): string => `codes.confidence_${CONFIDENCE[word] ?? 'not_confirmed'}`
/** Whether something may be shown as what a document says. */
export const isLaw = (word: string): boolean => word === 'CONFIRMED' || word === 'ONE SOURCE'

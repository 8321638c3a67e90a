import { language } from '@/app/i18n'
import type { Clock, Move } from '@/issues/shapes'

export { called, formOf, namedIn } from '@/issues/shapes'

/** A word of a table, with how sure it is where the table says so. */
export interface Word {
  value: string
  zh: string
  en: string
  confidence?: string
  of?: string
  days?: number
}
export interface Words {
  states: { code: string; zh: string; en: string; open: boolean; clock: Clock | null }[]
  talk_states: { code: string; zh: string; en: string; open: boolean }[]
  level: Word[]
  origin: Word[]
  nature: Word[]
  term_class: Word[]
  item: Word[]
  use: Word[]
  letter: Word[]
  talk_trigger: Word[]
  talk_level: Word[]
  return_items: Word[]
  returns: { day: number; day_confidence: string; basis: string; confidence: string }
  categories: Word[]
  evidence: Word[]
  five: Word[]
  five_basis: string
  publication: { working_days: number; confidence: string; found: string; least_seen: number }
  late: { soon_days: number }
  talk_basis: { title: string; confidence: string; plan_working_days: number; plan_confidence: string }
}
export type Tone = 'done' | 'late' | 'relapsed' | 'missing' | 'soon' | 'checking' | 'working'
export const TONES: Tone[] = ['late', 'relapsed', 'missing', 'soon', 'working', 'checking', 'done']
export interface Tile {
  number: string
  serial: string
  title: string
  state: string
  nature: string
  term: string | null
  term_state: 'known' | 'standing' | 'missing' | 'open'
  term_words: string
  late_days: number
  days_left: number | null
  lead: string
  region: string
  reopened: number
  tone: Tone
}
export interface Figures {
  all: number
  done: number
  open: number
  overdue: number
  soon: number
  standing: number
  reopened: number
  missing: number
  checking: number
}
export interface Month {
  month: string
  planned: number
  done: number | null
  planned_sum: number
  done_sum: number | null
}
export interface Wall {
  day: string
  figures: Figures
  states: { state: string; zh: string; en: string; number: number }[]
  batches: { code: string; name: string; origin: string; expected: number | null; figures: Figures; units: { unit: string; tasks: Tile[] }[] }[]
  months: Month[]
  regions: (Figures & { code: string; name: string })[]
  units: (Figures & { code: string; name: string })[]
  unsettled: number
  returns_late: number
  talks_open: number
  simulated: boolean
}
export interface Exhibit {
  id: number
  evidence: number
  use: string
  step: number
  name: string
  kind: string
  size: number
  sha256: string
  sm3: string
  taken_at: string | null
  received_at: string
  actor_name: string
}
export interface Letter {
  id: number
  kind: string
  zh: string
  en: string
  state: 'proposed' | 'issued' | 'dropped'
  round: number
  proposed: string
  issued: string | null
  actor_name: string
  words: string
  reply: string
  auto: boolean
  why: { days: number; from: number; confidence: string }
}
export interface Return {
  code: string
  month: string
  items: Record<string, string>
  progress: number | null
  state: 'due' | 'submitted' | 'sent_back'
  due: string
  submitted: string | null
  submitted_by: string
  reminded: string | null
  comment: string
  late: boolean
  revision: number
}
export interface Publication {
  round: number
  channel: string
  state: string
  begun: string
  ends: string | null
  clock: Clock
  shown: { words: string; title: string; lead: string; target: string }
  objections: { at: string; words: string; outcome: string; answer: string; answered: string | null }[]
}
export interface Item {
  item: string
  zh: string
  en: string
  passed?: boolean
  words?: string
  by?: string
  at?: string
  exhibit: number | null
}
export interface Proposal {
  id: number
  state: string
  proposer: string
  organisation: string
  proposed: string
  conclusion: string
  decider: string
  decided: string | null
  reason: string
  may_decide: boolean
}
export interface Step {
  number: number
  at: string
  actor: string
  actor_name: string
  organisation: string
  transition: string
  zh: string
  en: string
  outputs: Record<string, unknown>
  reason: string
}
export interface Measure {
  number: number
  words: string
  unit: string
  due: string | null
  done_on: string | null
  result: string
}
export interface Task extends Tile {
  batch: string
  batch_name: string
  category: string
  level: string
  problem: string
  quote: string
  offset: number | null
  source: string
  target: string
  region_name: string
  enterprise: string
  enterprise_name: string
  organisation: string | null
  lead_name: string
  cooperating: string
  in_charge: string
  supervisor: string | null
  supervisor_name: string
  term_class: string
  term_class_told: { months: [number, number]; confidence: string } | null
  term_basis: string
  missing: string[]
  mechanism: string
  standing: boolean
  state_zh: string
  state_en: string
  open: boolean
  due: string | null
  due_words: Record<'zh' | 'en', string> | null
  clock: Clock
  round: number
  issue: string
  parent: string | null
  opened: string
  closed: string | null
  done_on: string | null
  simulated: boolean
  revision: number
  children: Tile[]
  measures: Measure[]
  exhibits: Exhibit[]
  items: Item[]
  item_basis: { basis: string; confidence: string }
  site_checks: { round: number; at: string; people: string; words: string; actor_name: string }[]
  publications: Publication[]
  letters: Letter[]
  letters_open: string[]
  ladder: string
  rung: string
  returns: Return[]
  papers: { id: number; at: string; name: string; sm3: string; sha256: string; size: number; task_revision: number; actor_name: string }[]
  talks: { number: string; trigger: string; level: string; state: string; day: string | null }[]
  sweeps: { code: string; title: string; state: string; due: string }[]
  signs: { number: string; title: string; state: string }[]
  verdict: { rulebook: string; version: string; inputs: Record<string, boolean | number> }
  unmet: string[]
  steps: Step[]
  steps_whole: boolean
  moves: (Move & { blocked: { zh: string; en: string }[] })[]
  may: { change: boolean; command: boolean; approve: boolean; export: boolean; talk: boolean }
  write_off: Proposal[]
}
export interface Line {
  code: string
  batch: string
  serial: string
  nature: string
  title: string
  problem: string
  target: string
  measures: string
  category: string
  organisation: string | null
  lead_name: string
  cooperating: string
  in_charge: string
  supervisor: string | null
  term_class: string
  term: string | null
  term_words: string
  standing: boolean
  source: string
  quote: string
  offset: number | null
  missing: string[]
  state: 'open' | 'confirmed' | 'dropped'
  task: string
  revision: number
}
export interface Batch {
  code: string
  name: string
  origin: string
  round: string
  region_name: string
  expected: number | null
  fed_back: string | null
  source: string
  tasks: number
  items_open: number
  revision: number
  may_work: boolean
  clues: {
    total?: number | null
    counted?: number
    agrees?: boolean
    groups?: { number: number; done: number; term_words: string; lost_year: boolean; offset: number }[]
    entries?: { chapter: string; number: number; title: string; words: string; offset: number; lost: string[] }[]
    losses?: { kind: string; quote: string; offset: number }[]
  }
}
export interface Talk {
  number: string
  organisation_name: string
  task: string | null
  task_title: string
  trigger: string
  trigger_zh: string
  trigger_en: string
  level: string
  state: string
  state_zh: string
  state_en: string
  matter: string
  region_name: string
  day: string | null
  due: string | null
  opened: string
  overdue: boolean
  why: Record<string, unknown>
  attendees: string
  record: string
  commitments: string
  clock: Clock
  basis: Words['talk_basis']
  steps: Step[]
  moves: Move[]
  may_refer: boolean
  referrals: { code: string; receiver: string; state: string }[]
  simulated: boolean
  revision: number
}
export interface Sweep {
  code: string
  title: string
  task: string
  category: string
  region_name: string
  state: string
  due: string
  scope: Record<string, string>
  checks: string[]
  conclusion: string
  confidence: string
  items: { enterprise: string; name: string; region: string; result: 'waiting' | 'clean' | 'found'; answers: boolean[]; words: string; actor_name: string; at: string | null; task: string; issue: string }[]
  may_work: boolean
  may_close: boolean
  simulated: boolean
  revision: number
}

/** How a confidence word of the facts is shown: what is ours, or not found, says so. */
export const ours = (confidence: string | undefined): boolean => Boolean(confidence && /PROPOSAL|NOT FOUND|MEMORY/.test(confidence))
export const held = (revision: number): Record<string, string> => ({ 'If-Match': `"${revision}"` })
export const both = (row: { zh: string; en: string }): string => (language() === 'en' ? row.en : row.zh)

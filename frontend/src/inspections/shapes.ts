import { language } from '@/app/i18n'
import type { Schema } from '@/parts/form/schema'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface Term {
  number: number
  unit: string
  basis: string
  confidence: string
}
export interface Words {
  sort: Named[]
  state: Named[]
  result: Named[]
  answer: Named[]
  class: Named[]
  credit: Named[]
  colour: Named[]
  risk: Named[]
  skill: Named[]
  conflict: Named[]
  plan_state: Named[]
  draw_state: Named[]
  evidence: Named[]
  moves: { name: string; zh: string; en: string }[]
  terms: Record<string, Term>
  team: { least: number; confidence: string }
  drawn: string[]
  may_plan: boolean
  may_pool: boolean
  checklists: (Named & { version: string; confidence: string })[]
}
export interface Item {
  code: string
  zh: string
  en: string
  group_zh: string
  group_en: string
  must: boolean
  category: string
}
export interface Answer {
  result: string
  words: string
  level: string
  issue?: string
}
export interface Piece {
  id: number
  item: string
  name: string
  kind: string
  size: number
  sha256: string
  sm3: string
  taken_at: string | null
  received_at: string
  actor_name: string
}
export interface TaskStep {
  at: string
  actor: string
  name: string
  move: string
  words: string
  before?: string[]
  after?: string[]
}
export interface Task {
  number: string
  title: string
  subject: string
  kind: string
  state: string
  enterprise: string | null
  plan: string
  draw: string | null
  looks_at: string
  region_name: string
  organisation_name: string
  made: string
  due: string | null
  due_note: { zh: string; en: string } | null
  visited: string | null
  confirmed: string | null
  published: string | null
  publish_due: string | null
  publish_note: { zh: string; en: string } | null
  overdue: boolean
  late_to_publish: boolean
  result: string
  findings: number
  conclusion: string
  public_words: string
  signed_by: string
  risk_score?: number | null
  risk_rank?: number | null
  listed?: number
  simulated: boolean
  checklist: string
  checklist_zh: string
  checklist_en: string
  checklist_version: string
  checklist_confidence: string
  items: Item[]
  answers: Record<string, Answer>
  team: { code: string; name: string; organisation: string; skills: string }[]
  evidence: Piece[]
  terms: Record<string, Term>
  steps: TaskStep[]
  moves: { name: string; zh: string; en: string; to: string }[]
  may_answer: boolean
  may_substitute: boolean
  revision: number
}
export interface Quota {
  class: string
  objects: number
  sum_of_shares: string
  take: number
  reserve: number
  rulebook: string
  version: string
  confidence: string
  floor: { number: number; share: string | null; objects_per_inspector: number | null; rulebook: string; version: string; confidence: string }
}
export interface Plan {
  number: string
  title: string
  kind: string
  state: string
  year: number
  begins: string
  ends: string
  region_name: string
  region: string
  organisation_name: string
  checklist: string
  secret: boolean
  words: string
  seats: { body: string; count: number; skilled: boolean }[]
  avoid_region: boolean
  simulated: boolean
  draws_objects: boolean
  quotas: Quota[]
  progress: { quarter: number; draws: { number: string; state: string }[]; tasks: number; visited: number; published: number }[]
  may_command: boolean
  revision: number
}
export interface Draw {
  number: string
  title: string
  plan: string
  quarter: number
  state: string
  beacon_source: string
  beacon_due: string
  beacon: string
  made: string
  made_by: string
  revealed: string | null
  revealed_by: string
  reason: string
  commitment: string
  simulated: boolean
  due_passed: boolean
  may_command: boolean
  counts: { objects: number; inspectors: number; conflicts: number }
  strata: { id: string; take: number; reserve: number }[]
  chances: Record<string, string>
  tasks: { number: string; subject: string; state: string; due: string | null; team: string[] }[]
  paper: {
    terms: { objects: { id: string; stratum: string; weight: number; region: string }[]; seed_digest: string; previous: string }
    commitment_sha256: string
    reveal?: { seed: string; beacon: string; at: string; key: string }
    result?: { objects: { object: string; stratum: string }[]; reserve: { object: string; stratum: string }[]; teams: { object: string; inspectors: string[]; short: number }[] }
    openings?: { id: string; sort: string; code: string; name: string }[]
  }
  revision: number
}
export interface Verdict {
  whole: boolean
  state: string
  message: string
  fault: string
  where: string
  expected: string
  found: string
}

/** What something is called in the reader's language. */
export const called = (one: { zh: string; en: string } | undefined | null, otherwise = ''): string => (one ? (language() === 'en' ? one.en : one.zh) : otherwise)
export const wordOf = (list: Named[] | undefined, value: string | null | undefined): string => called(list?.find((one) => one.value === value), value ?? '')

/** A choice of a form from a list of words. */
export const choiceOf = (list: Named[] | undefined, zh: string, en: string): Schema => ({
  'x-zh': zh,
  'x-en': en,
  type: 'string',
  enum: (list ?? []).map((one) => one.value),
  'x-choices': Object.fromEntries((list ?? []).map((one) => [one.value, one])),
})

const CONFIDENCE: Record<string, string> = { PROPOSAL: 'proposal', 'DEFAULT, NOT FROM THE DOCUMENTS': 'default', 'MEMORY ONLY': 'memory', 'ONE SOURCE': 'one', CONFIRMED: 'confirmed' }
/** Key of the words that say how far something is confirmed; empty where the word is not known. */
export const confidenceKey = (word: string): string => (CONFIDENCE[word] ? `inspections.confidence_${CONFIDENCE[word]}` : '')

import { language } from '@/app/i18n'
import type { Schema } from '@/parts/form/schema'
import type { Choice, Clock, Move, Step } from '@/issues/shapes'

export { called, namedIn, type Choice } from '@/issues/shapes'

export interface Missing {
  key: string
  zh: string
  en: string
}
export interface Term {
  id: number
  rule: string
  zh: string
  en: string
  number: number
  unit: string
  basis: string
  confidence: string
  rule_note: string
  party: boolean
  earliest: boolean
  by_hand: boolean
  suspended: boolean
  state: 'running' | 'met' | 'late' | 'void'
  started: string
  due: string | null
  due_words: { zh: string; en: string } | null
  ended: string | null
  over: boolean
  soon: boolean
  note: string
  clock: Clock & { stops?: { ground: string; from: string; to: string | null }[]; extensions?: { days: number; at: string }[] }
}
export interface Service {
  way: string
  day: string
  effective: string | null
  receiver: string
  note: string
  proof: number | null
  actor_name: string
}
export interface Paper {
  code: string
  template: string
  title: string
  en: string
  document: string
  version: number
  blanks: string[]
  values: Record<string, string>
  sm3: string
  sha256: string
  size: number
  state: 'draft' | 'issued' | 'served' | 'replaced'
  made: string
  made_by: string
  issued: string | null
  served: string | null
  to_serve: boolean
  services: Service[]
}
export interface Piece {
  id: number
  name: string
  kind: string
  size: number
  sm3: string
  sha256: string
  proves: string
  source: string
  taken_at: string | null
  received_at: string
  actor_name: string
}
export interface Finding {
  id: number
  sort: string
  result: string
  at: string
  by: string
  version: string
  place: string
  row: number | null
  confidence: string
  title: { zh: string; en: string }
  inputs: Record<string, unknown>
  words: { name: string; title: string; value: string }[]
  unknown_words: string[]
  hits: { row: number; reasons: string[]; clause: string; note: string; confidence_words: string }[]
}
export interface Question {
  sort: string
  absent: string
  message?: string
  title?: { zh: string; en: string }
  version?: string
  place?: string
  basis?: { zh: string; en: string }
  note?: { zh: string; en: string }
  confidence?: string
  inputs?: Field[]
  known?: Record<string, unknown>
  last: Finding | null
}
export interface Field {
  name: string
  type: 'number' | 'integer' | 'text' | 'truth'
  title: string
  unit: string
  optional: boolean
  choices: { code: string; title: string }[]
}
export interface Matter {
  code: string
  name: string
  name_en: string
  kind: string
  field: string
  law: string
  edition: string
  duty: string
  article: string
  least: string | null
  most: string | null
  more: Record<string, string>
  listed: string
  detention: boolean
  valid_from: string | null
  valid_to: string | null
  confidence: string
  source: string
  note: string
  shipped: boolean
}
export interface Referral {
  code: string
  case: string
  sort: string
  target: string
  grounds: string
  state: string
  log: { at: string; by: string; from: string; state: string; words: string }[]
  handlers: { code: string; name: string }[]
  terms: Term[]
  made: string
  made_by: string
  revision: number
  simulated: boolean
}
/** One case, as the API gives it. */
export interface Case {
  number: string
  title: string
  state: string
  state_zh: string
  state_en: string
  open: boolean
  overdue: boolean
  origin: string
  source_ref: string
  issue: string
  region: string
  region_name: string
  organisation_name: string | null
  enterprise: string
  party_kind: string
  party_name: string
  party_code: string | null
  party_person: string
  party_address: string
  party_phone: string | null
  matter: string
  matter_row: Matter | null
  act: string
  act_from: string | null
  act_to: string | null
  place: string
  law: string
  law_why: string
  law_plain: boolean
  law_question: { zh: string; en: string }
  limitation: { day: string | null; basis: string }
  facts: Record<string, unknown>
  opinion: string
  decision: string
  fine: string | null
  requirement: string
  decided_on: string | null
  opened: string
  closed: string | null
  due: string | null
  due_rule: string
  suspended: boolean
  simulated: boolean
  volume: string
  officers: { code: string; name: string; certificate: string; since: string }[]
  steps: Step[]
  evidence: Piece[]
  terms: Term[]
  papers: Paper[]
  replies: { code: string; sort: string; words: string; in_time: boolean | null; filed: string; actor_name: string }[]
  payments: { id: number; sort: string; amount: string; due: string | null; paid: string | null; receipt: string; added: string; days: number }[]
  late_fee: { percent_per_day: string; basis: string; confidence: string }
  findings: Finding[]
  referrals: Referral[]
  announcement: { code: string; published: string; party: string } | null
  moves: (Move & { missing: Missing[] })[]
  may: { change: boolean; command: boolean; approve: boolean; export: boolean }
  proposal: number | null
  revision: number
}
export interface Template {
  code: string
  zh: string
  en: string
  series: string
  served: boolean
  states: string[]
  inputs: { name: string; kind: 'text' | 'long'; most: number; zh: string; en: string }[]
}
export interface Words {
  states: { code: string; zh: string; en: string; open: boolean }[]
  templates: Template[]
  terms: (Choice & { number: number; unit: string; basis: string; confidence: string })[]
  origin: Choice[]
  party_kind: Choice[]
  law: Choice[]
  evidence: Choice[]
  service_way: (Choice & { proof?: boolean; consent?: boolean })[]
  reply: Choice[]
  referral: Choice[]
  referral_state: Choice[]
  decision: Choice[]
  fields: Choice[]
  sorts: Choice[]
}
export interface Board {
  states: { state: string; zh: string; en: string; open: boolean; number: number; overdue: number; soon: number }[]
  open: number
  overdue: number
  soon: number
  suspended: number
  unknown: number
  penalties: number
  exempt: number
  fines: string
  total: number
  screened: number
  terms: { code: string; zh: string; en: string; number: number; overdue: number }[]
}

export const both = (zh: string, en: string) => ({ 'x-zh': zh, 'x-en': en })

/** A choice field of a form. */
export const choiceField = (zh: string, en: string, list: Choice[]): Schema => ({
  ...both(zh, en),
  type: 'string',
  enum: list.map((one) => one.value),
  'x-choices': Object.fromEntries(list.map((one) => [one.value, one])),
})

/** The form of a rulebook's question: truths are asked as yes or no, so that what is not known stays open. */
export function questionForm(fields: Field[]): Schema {
  const properties: Record<string, Schema> = {}
  for (const one of fields) {
    const title = both(one.title, one.title)
    if (one.type === 'truth') properties[one.name] = { ...title, type: 'string', enum: ['true', 'false'], 'x-choices': { true: { zh: '是', en: 'yes' }, false: { zh: '否', en: 'no' } } }
    else if (one.choices.length) properties[one.name] = { ...title, type: 'string', enum: one.choices.map((each) => each.code), 'x-choices': Object.fromEntries(one.choices.map((each) => [each.code, each.title])) }
    else properties[one.name] = { ...title, type: one.type === 'text' ? 'string' : 'string', 'x-unit': one.unit }
  }
  return { type: 'object', properties, required: fields.filter((one) => !one.optional).map((one) => one.name) }
}

/** Answers of the form as the rulebook takes them. */
export function answersOf(fields: Field[], given: Record<string, unknown>): Record<string, string | boolean> {
  const found: Record<string, string | boolean> = {}
  for (const one of fields) {
    const value = given[one.name]
    if (value === undefined || value === null || value === '') continue
    found[one.name] = one.type === 'truth' ? value === 'true' || value === true : String(value)
  }
  return found
}

export const confidenceTone = (confidence: string): 'good' | 'warn' => (confidence === 'CONFIRMED' ? 'good' : 'warn')
export const inWords = (one: { zh: string; en: string } | null | undefined): string => (one ? (language() === 'en' ? one.en : one.zh) : '')
/** Yuan with thousands separated; empty where it is not known. */
export const yuan = (amount: string | null | undefined): string => (amount ? Number(amount).toLocaleString('en-US', { maximumFractionDigits: 2 }) : '')

import { language, mark } from '@/app/i18n'
import type { Schema } from '@/parts/form/schema'
import type { Warned } from '@/warnings/shapes'

export interface Choice {
  value: string
  zh: string
  en: string
}
export interface Output {
  name: string
  kind: 'choice' | 'text' | 'code' | 'integer' | 'date'
  zh: string
  en: string
  required: boolean
  target: string
  least: number | null
  most: number | null
  choices: Choice[]
}
/** A step that may be taken now, with the form of what it must bring. */
export interface Move {
  name: string
  zh: string
  en: string
  to: string
  two_people: boolean
  proof: boolean
  evidence: string[]
  outputs: Output[]
}
export interface Step {
  number: number
  at: string
  actor: string
  actor_name: string
  transition: string
  zh: string
  en: string
  before: string
  after: string
  outputs: Record<string, unknown>
  reason: string
  due: string | null
  digest: string
}
export interface Piece {
  id: number
  step: number
  name: string
  kind: string
  size: number
  sha256: string
  sm3: string
  taken_at: string | null
  received_at: string
  lon: number | null
  lat: number | null
  actor: string
  actor_name: string
}
export interface Alike {
  number: string
  title: string
  state: string
  score: number
  reasons: { place: number; time: number; category: number; text: number; metres: number | null }
  decided: 'proposed' | 'joined' | 'dismissed'
}
export interface Clock {
  number?: number
  unit?: string
  word?: string
  basis?: string
  confidence?: string
  note?: string
  started?: string
  stopped?: string
  extended?: number
  left?: [number, string] | null
}
/** One issue, as the API gives it. */
export interface Issue {
  number: string
  title: string
  words: string
  category: string
  channel: string
  level: string
  state: string
  state_zh: string
  state_en: string
  open: boolean
  overdue: boolean
  region: string
  region_name: string
  place: string
  place_name: string
  parameter: string
  enterprise: string
  enterprise_name: string
  organisation: string | null
  organisation_name: string | null
  person: string | null
  person_name: string | null
  opened: string
  since: string | null
  due: string | null
  due_words: Record<'zh' | 'en', string> | null
  closed: string | null
  supervised: boolean
  suspended: boolean
  sensor: boolean
  simulated: boolean
  lon: number | null
  lat: number | null
  facts: { value?: string; unit?: string; limit?: { value?: string } | string | null; period?: string; why?: string; why_en?: string }
  clock: Clock
  rung: string
  next_rung: string
  joined_to: string | null
  split_from: string | null
  reopened: number
  write_off: number | null
  source_ref: string
  source_link: string | null
  ladder: Rung[]
  outside: boolean
  steps: Step[]
  evidence: Piece[]
  alike: Alike[]
  moves: Move[]
  revision: number
}
export interface Words {
  states: { code: string; zh: string; en: string; open: boolean }[]
  transitions: (Move & { from: string[] })[]
  categories: Choice[]
  channels: Choice[]
  levels: Choice[]
  evidence: Choice[]
}
export interface Board {
  states: { state: string; zh: string; en: string; open: boolean; number: number; overdue: number }[]
  open: number
  overdue: number
  soon: number
  suspended: number
  supervised: number
  reopened: number
  ages: { from: number; to: number | null; number: number }[]
  categories: { code: string; zh: string; en: string; number: number }[]
  channels: { code: string; zh: string; en: string; number: number }[]
  defences: { code: string; zh: string; en: string; number: number }[]
}

/** A card of the board. */
export interface Card {
  number: string
  title: string
  level: string
  category: string
  region_name: string | null
  organisation_name: string | null
  due: string | null
  overdue: boolean
  supervised: boolean
  suspended: boolean
  reopened: number
  simulated: boolean
  revision: number
}
export interface Columns {
  columns: { state: string; zh: string; en: string; total: number; cards: Card[] }[]
}
/** A source that may have caused an issue, with the parts of its score. */
export interface Suspect {
  code: string
  name: string
  enterprise: string
  enterprise_name: string
  lon: number
  lat: number
  simulated: boolean
  metres: number
  seconds: number | null
  turn: number | null
  score: number
  parts: { place: number; data: number | null; load: number | null }
  reasons: string[]
  data: { parameter: string; symbol: string; unit: string; value: number | null; limit: number | null; usual: number | null; silent: boolean; start: string; end: string }
}
export interface Trace {
  method: 'own' | 'river' | 'wind' | 'around' | 'none'
  at: string
  searched: number
  facts: { river?: string; velocity?: number; speed?: number; direction?: number; stations?: string[]; metres?: number }
  area: { type: 'Polygon' | 'LineString'; coordinates: unknown } | null
  suspects: Suspect[]
  conclusion: string
  version: string
  confidence: string
  weights: Record<'place' | 'data' | 'load', number>
  /** Of warnings: proves later what was shown. */
  token?: string
}
/** What was shown of a warning when it was made this issue; `kept` is null where it came another way. */
export interface Shown {
  kept: string | null
  by: string
  by_name: string
  seen: boolean
  digest: string
  warning: Warned | null
  trace: Trace | null
}
export interface Rung {
  code: string
  zh: string
  en: string
  reached: boolean
  at: string | null
  open: boolean
  overdue_days: number
}

/** What something is called in the reader's language. */
export const called = (one: { zh: string; en: string } | undefined, otherwise = ''): string => (one ? (language() === 'en' ? one.en : one.zh) : otherwise)

export const namedIn = (list: Choice[] | undefined, value: string): string => called(list?.find((one) => one.value === value), value)

export interface Lead {
  organisation: string
  name: string
  reasons: string[]
}

/** The form of a step: its outputs as a JSON Schema; who could lead is offered by name. */
export function formOf(move: Move, leads: Lead[], reason: { zh: string; en: string }): Schema {
  const properties: Record<string, Schema> = {}
  for (const one of move.outputs) properties[one.name] = fieldOf(one, leads)
  properties.reason = { 'x-zh': reason.zh, 'x-en': reason.en, type: 'string', maxLength: 2000 }
  return { type: 'object', properties, required: move.outputs.filter((one) => one.required).map((one) => one.name) }
}

function fieldOf(one: Output, leads: Lead[]): Schema {
  const named = { 'x-zh': one.zh, 'x-en': one.en }
  if (one.kind === 'choice') return { ...named, type: 'string', enum: one.choices.map((each) => each.value), 'x-choices': Object.fromEntries(one.choices.map((each) => [each.value, each])) }
  if (one.name === 'lead' && leads.length)
    return { ...named, type: 'string', enum: leads.map((lead) => lead.organisation), 'x-choices': Object.fromEntries(leads.map((lead) => [lead.organisation, `${lead.name}${lead.reasons.length ? `${mark('（')}${lead.reasons.join(mark('；'))}${mark('）')}` : ''}`])) }
  if (one.kind === 'integer') return { ...named, type: 'integer', ...(one.least === null ? {} : { minimum: one.least }), ...(one.most === null ? {} : { maximum: one.most }) }
  if (one.kind === 'date') return { ...named, type: 'string', format: 'date' }
  return { ...named, type: 'string', ...(one.most === null ? {} : { maxLength: one.most }) }
}

/** Where the draft of a step is kept on this device, as the form of the step looks for it. */
export const draftName = (number: string, step: string): string => `issue.${number}.${step}`

/** Lays values into the draft of a step, beside what was written there. */
export function draftOf(number: string, step: string, values: Record<string, unknown>): void {
  const key = `huanzhi.draft.${draftName(number, step)}`
  const before = JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, unknown>
  localStorage.setItem(key, JSON.stringify({ ...before, ...values }))
}

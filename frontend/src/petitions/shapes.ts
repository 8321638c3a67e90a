import type { Choice, Move } from '@/issues/shapes'

export interface Told {
  zh: string
  en: string
  value: string
  value_en: string
}
export interface Step {
  number: number
  at: string
  actor: string
  actor_name: string
  transition: string
  zh: string
  en: string
  told: Told[]
  reason: string
}
export interface Term {
  step: string
  zh: string
  en: string
  days: number
  day_type: 'working' | 'calendar'
  started: string
  due: string | null
  met: string | null
  void: boolean
  late: boolean
  basis: string
  confidence: string
  note: string
}
export interface Petition {
  number: string
  title: string
  channel: string
  identity: string
  category: string
  level: string
  state: string
  state_zh: string
  state_en: string
  open: boolean
  overdue: boolean
  region: string
  region_name: string
  where: string
  target: string
  enterprise: string
  organisation: string | null
  organisation_name: string | null
  person: string | null
  person_name: string | null
  issue: string
  issue_state: { number: string; title: string; state: string; zh: string; en: string } | null
  joined_to: string | null
  joined: string[]
  again: number
  received: string
  due: string | null
  due_step: string
  due_words: Record<'zh' | 'en', string> | null
  words: string
  urgent: string
  reply: string
  verdict: string
  score: number | null
  solved: string
  called: string
  extended: number
  extension_most: number
  supervised: boolean
  escalation: string
  terms: Term[]
  steps: Step[]
  moves: Move[]
  proposals: { number: number; sort: string; payload: Record<string, unknown>; by: string }[]
  informant: { given: boolean; may_read: boolean }
  files: { code: string; media: string; size: number; passed: boolean; may_read: boolean }[]
  alike: { number: string; title: string; state: string; issue: string; score: number }[]
  draft: string
  lon: number | null
  lat: number | null
  simulated: boolean
  revision: number
}
export interface Words {
  states: { code: string; zh: string; en: string; open: boolean }[]
  transitions: Move[]
  channels: Choice[]
  identities: Choice[]
  categories: Choice[]
  levels: Choice[]
  urgent: Choice[]
  verdicts: Choice[]
  satisfaction: Choice[]
  escalations: (Choice & { hours: number })[]
  unsatisfied: number
}
export interface Board {
  open: number
  overdue: number
  soon: number
  supervised: number
  states: { state: string; zh: string; en: string; open: boolean; number: number; overdue: number }[]
}
interface Counted {
  code: string
  zh: string
  en: string
  number: number
}
export interface Figures {
  total: number
  named: number
  again: number
  joined: number
  answered: number
  called_back: number
  call_back_share: number
  rated: number
  satisfied: number
  score: number | null
  terms: { step: string; ended: number; on_time: number; rate: number | null }[]
  channels: Counted[]
  categories: Counted[]
  verdicts: Counted[]
  regions: (Counted & { again: number; score: number | null })[]
  scores: { score: number; number: number }[]
}
export interface Spot {
  category: string
  number: number
  open: number
  again: number
  region_name: string
  target: string
  lon: number
  lat: number
  petitions: string[]
}
/** Key of the words for how far something is confirmed: `DEFAULT, NOT FROM …` → `conf_default`. */
export const confidenceKey = (value: string): string => `petitions.conf_${(value.split(',')[0] ?? '').toLowerCase().replace(/ /g, '_') || 'none'}`
/** A share as per cent; a dash where nothing has ended. */
export const share = (part: number | null, whole = 1): string => (part === null || !whole ? '—' : `${((part / whole) * 100).toFixed(1)}%`)

import { language } from '@/app/i18n'
import type { Schema } from '@/parts/form/schema'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface Words {
  kind: Named[]
  source: Named[]
  grade: Named[]
  state: Named[]
  check: Named[]
  move: Named[]
  asked: Named[]
  book: { id: string; version: string; confidence: string }
  terms: Record<string, { number: number; confidence: string }>
  needs: Record<string, string[]>
  own: { code: string; name: string }[]
  may_report: boolean
}
export interface Hazard {
  number: string
  title: string
  grade: string
  state: string
  kind: string
  source: string
  enterprise: string
  enterprise_name: string
  region_name: string
  reported: string
  reported_by: string
  due: string | null
  due_note: { zh: string; en: string } | null
  term: { number: number; confidence: string; basis: string }
  extended: number
  overdue: boolean
  rectified: string | null
  closed: string | null
  responsible: string
  measure: string
  where: string
  words: string
  issue: string
  check: string | null
  simulated: boolean
  told: Record<string, boolean>
  why: { rulebook: string; version: string; row: number | null; unknown: string[]; hits: { reasons: string[]; note: string; confidence_words: string }[] }
  steps: { at: string; actor: string; name: string; move: string; words: string }[]
  evidence: { id: number; name: string; sm3: string; taken_at: string | null; received_at: string; actor_name: string }[]
  moves: { name: string; zh: string; en: string; needs: string[] }[]
  may_attach: boolean
  revision: number
}
export interface Counted {
  code: string
  zh: string
  en: string
  number: number
}
export interface Figures {
  total: number
  open: number
  overdue: number
  major_open: number
  issues: number
  in_time: number | null
  median_days: number | null
  grade: Counted[]
  state: Counted[]
  kind: Counted[]
  source: Counted[]
  checks: { month: string; number: number }[]
  late_checks: { code: string; name: string; check: string; last: string | null; simulated: boolean }[]
  guide: { zh: string; en: string }
}

export const called = (one: { zh: string; en: string } | undefined | null, otherwise = ''): string => (one ? (language() === 'en' ? one.en : one.zh) : otherwise)
export const wordOf = (list: Named[] | undefined, value: string | null | undefined): string => called(list?.find((one) => one.value === value), value ?? '')
export const choiceOf = (list: Named[] | undefined, zh: string, en: string): Schema => ({
  'x-zh': zh,
  'x-en': en,
  type: 'string',
  enum: (list ?? []).map((one) => one.value),
  'x-choices': Object.fromEntries((list ?? []).map((one) => [one.value, one])),
})

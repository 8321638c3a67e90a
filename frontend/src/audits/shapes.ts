import { language } from '@/app/i18n'

export interface Both {
  zh: string
  en: string
}
export interface Named extends Both {
  value: string
}
export interface FormItem extends Named {
  section: string
  key: boolean
  basis: Both
  confidence: string
}
export interface AuditForm {
  section: Named[]
  finding: Named[]
  grade: Named[]
  state: Named[]
  standing: Named[]
  item: FormItem[]
  edition: { name: string; basis: Both; confidence: string }
  terms: { months: number; rectify_days: number; most_days: number }
  may_begin: boolean
}
export type Finding = 'compliant' | 'failed' | 'unknown' | 'not_applicable'
export interface Fact extends Both {
  day: string | null
  until: string | null
  address: string
}
export interface AuditItem {
  code: string
  item: string
  section: string
  suggested: Finding
  looked: number
  told: Fact[]
  finding: Finding | ''
  reason: string
  demand: string
  days: number | null
  due: string | null
  issue: string
  issue_state: string | null
  standing: string
  verified: string | null
  judged_name: string
  revision: number
}
export interface Audit {
  number: string
  enterprise: string
  enterprise_name: string
  region_name: string
  first: string
  last: string
  state: string
  grade: string
  failed: number
  form: string
  filled: string | null
  finished: string | null
  opened_name: string
  finished_name: string
  words: string
  steps: { at: string; name: string; move: string; words: string }[]
  items: AuditItem[]
  moves: string[]
  simulated: boolean
  revision: number
}
export type Tone = 'good' | 'bad' | 'warn' | 'none'
export const TONES: Record<string, Tone> = {
  compliant: 'good', failed: 'bad', unknown: 'warn', not_applicable: 'none',
  good: 'good', fair: 'warn', poor: 'bad', working: 'warn', finished: 'good', void: 'none',
  open: 'warn', verified: 'good', dropped: 'none',
}
/** What has a sensible answer at once: how many items stand how, those not judged yet apart. */
export const counted = (items: AuditItem[]): Record<Finding | 'left', number> => {
  const found = { compliant: 0, failed: 0, unknown: 0, not_applicable: 0, left: 0 }
  for (const one of items) found[one.finding || 'left'] += 1
  return found
}
export const said = (one: Both | null | undefined): string => (one ? (language() === 'en' ? one.en : one.zh) : '')
export const named = (list: Named[] | undefined, value: string): string => said(list?.find((one) => one.value === value)) || value
export const choices = (list: Named[] | undefined): { value: string; title: string }[] => (list ?? []).map((one) => ({ value: one.value, title: said(one) }))

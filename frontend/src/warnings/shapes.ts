import { language } from '@/app/i18n'

export interface Named {
  code: string
  zh: string
  en: string
}
export interface Hue extends Named {
  hue: string
}
export interface RuleName extends Named {
  theme: string
}
/** Words of warnings, read once. */
export interface WarningWords {
  levels: Named[]
  colours: Hue[]
  states: Named[]
  reply_states: Named[]
  causes: (Named & { explains: boolean })[]
  parts: Named[]
  ladder: Named[]
  changes: Named[]
  rules: RuleName[]
}
export interface Change {
  at: string
  kind: string
  actor: string
  facts: Record<string, unknown>
  words: string
}
export interface Reply {
  number: number
  at: string
  by: string
  by_name: string
  cause: string
  words: string
  measures: string
  expected: string | null
  state: string
  decided: string | null
  decided_by: string
  decision: string
}
export interface StepAfter {
  name: string
  zh: string
  en: string
  due: string | null
  done?: string
  by?: string
  words?: string
}
export interface Judged {
  rulebook?: string
  version?: string
  row?: number
  confidence?: string
  inputs?: Record<string, unknown>
  outputs?: Record<string, unknown>
  basis?: { zh: string; en: string }
  standards?: string[]
}
/** One warning, as the API gives it. */
export interface Warned {
  code: string
  rule: string
  rule_name: string
  rule_name_en: string
  version: string
  thresholds: Record<string, unknown>
  confidence: string
  level: string
  colour: string
  state: string
  region: string | null
  region_name: string | null
  place: string
  place_name: string
  enterprise: string
  parameter: string
  parameters: string[]
  value: number | null
  limit: number | null
  facts: Record<string, unknown>
  judged: Judged
  suspect_names: { code: string; name: string; enterprise: boolean; reason: string }[]
  why: string
  why_en: string
  since: string
  last: string
  released: string | null
  minutes: number
  handling_minutes: number | null
  muted: boolean
  storm: string | null
  folded: string[]
  issue: string
  simulated: boolean
  mutes: { until: string; reason: string; by: string }[]
  replies: Reply[]
  responsible: { part: string; organisation: string; name: string }[]
  reply_state: string
  reply_due: string | null
  reply_late: boolean
  reply_clock: { number?: number; unit?: string; rulebook?: string; version?: string; confidence?: string; note?: string }
  ladder: string
  late: { hours_late?: number; days_late?: number }
  steps: StepAfter[]
  changes: Change[]
  may_change: boolean
  may_reply: boolean
  may_dispatch: boolean
  may_trace: boolean
  lon: number | null
  lat: number | null
  release_reason: string
  revision: number
}
export interface Figures {
  open: number
  levels: Record<string, number>
  rules: { rule: string; open: number; handled: number; median_minutes: number | null }[]
  owed: number
  overdue: number
  given: number
  without_issue: number
  handled: number
  median_minutes: number | null
  days: number
}
export interface Proposed {
  issue: string
  state: string
  leads: { organisation: string; name: string; reasons: string[] }[]
  requirement: string
  level: string
  category: string
  open: boolean
}

/** What something is called in the reader's language. */
export const called = (one: { zh: string; en: string } | undefined | null, otherwise = ''): string => (one ? (language() === 'en' ? one.en : one.zh) : otherwise)
export const wordOf = (list: Named[] | undefined, code: string): string => called(list?.find((one) => one.code === code), code)
export const hueOf = (words: WarningWords | undefined, colour: string): string => words?.colours.find((one) => one.code === colour)?.hue ?? ''

/** Minutes as people say them: 35 分, 3 小时 5 分, 2 天 4 小时. */
export function lasting(minutes: number | null | undefined): string {
  if (minutes === null || minutes === undefined) return ''
  const english = language() === 'en'
  const [day, hour, minute] = english ? [' d', ' h', ' min'] : [' 天', ' 小时', ' 分']
  if (minutes < 60) return `${Math.round(minutes)}${minute}`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 >= 1 ? `${hours}${hour} ${Math.round(minutes % 60)}${minute}` : `${hours}${hour}`
  return `${Math.floor(hours / 24)}${day} ${hours % 24}${hour}`
}

export const toneOf = (level: string, state: string): 'bad' | 'warn' | 'good' | 'none' => (state === 'released' ? 'good' : level === 'serious' ? 'bad' : level === 'warning' ? 'warn' : 'none')

import { language } from '@/app/i18n'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface Clock {
  id: string
  zh: string
  en: string
  number: number
  unit: string
  basis: string
  confidence: string
}
export type Table = 'management' | 'duty' | 'state' | 'report_state' | 'frequency' | 'judged' | 'agreement' | 'standing' | 'list_state' | 'category' | 'list_duty'
export type Words = Record<Table, Named[]> & {
  clock: Clock[]
  reapply: { zh: string; en: string; confidence: string }[]
  today: string
}
export interface Overview {
  today: string
  coverage: { enterprises: number; covered: number; rate: string | null; without: number; expiring: number; expired: number; held: Record<string, number>; catalogue: Record<string, number> }
  late: Record<string, number>
  soon: number
  waiting: number
  differing: number
  may: { work: boolean; lists: boolean }
  own: string
}
export interface Allowance {
  enterprise: string
  enterprise_name: string
  outlet: string
  outlet_name: string
  parameter: string
  parameter_name: string
  period: string
  permitted: string
  used: string | null
  left: string | null
  percent: string | null
  year_percent: string | null
  forecast: string | null
  low: string | null
  high: string | null
  confidence: string
  state: string
  measured_hours: number
  substituted_hours: number
  missing_hours: number
  stopped_hours: number
  months_known: number[]
  rules: string
  simulated: boolean
}
export interface Permit {
  code: string
  management: string
  authority: string
  state: string
  issued: string | null
  valid_from: string | null
  valid_to: string | null
  renew_by: string | null
  renew_confidence: string
}
export interface OutletLimit {
  parameter: string
  parameter_name: string
  measure: string
  averaging: string
  value: string
  value_least: string
  unit: string
  standard: string
  clause: string
}
export interface Holder {
  code: string
  name: string
  industry: string
  region_name: string
  key_unit: boolean
  simulated: boolean
  permit_state: string
  held: string
  catalogue: string
  late: number
  permits: Permit[]
  outlets: { code: string; name: string; medium: string; treatment: string; discharges_to: string; limits: OutletLimit[] }[]
  allowances: Allowance[]
  class: { hits: { note: string; confidence_words: string; reasons: string[] }[]; outputs: { class: string } }
  entries: { list: string; category: string; name: string }[]
  may_require: boolean
  may_sample: boolean
}
export interface ReportRow {
  outlet: string
  outlet_name: string
  parameter: string
  parameter_name: string
  tonnes: string
  words: string
  online: string | null
  known: string | null
  difference: string | null
  relative: string | null
  agreement: string
}
export interface Report {
  code: string
  enterprise: string
  enterprise_name: string
  duty: string
  period: string
  due: string
  state: string
  agreement: string
  permit: string
  submitted: string | null
  submitted_by: string
  reviewed: string | null
  reviewed_by: string
  review: string
  receipt: string
  rows: ReportRow[]
  answers: Record<string, string>
  questions: string[]
  steps: { at: string; by: string; step: string; words: string }[]
  over: boolean
  may_fill: boolean
  may_review: boolean
  simulated: boolean
  revision: number
}
export interface Screened {
  parameter: string
  year: number
  known: number
  total: string
  leading: { enterprise: string; tonnes: string; rank: number; cumulative: string }[]
}
export interface KeyList {
  code: string
  year: number
  region_name: string
  state: string
  notice_from: string | null
  notice_to: string | null
  published: string | null
  counts: Record<string, number>
  objections: number
  unanswered: number
  found: { enterprises?: number; screening?: Record<string, { share: string; confidence: string; tables: Screened[] }> }
  steps: { at: string; by: string; step: string; words: string }[]
  clocks: { name: string; day: string; confidence: string }[]
  notice_days: number
  notice_would_end: string | null
  may_change: boolean
  may_notice: boolean
  may_object: boolean
  may_publish: boolean
  simulated: boolean
  revision: number
}
export type Tone = 'good' | 'bad' | 'warn' | 'none'
export const TONES: Record<string, Tone> = {
  missing: 'bad', late: 'warn', soon: 'warn', due: 'none', done: 'good', waived: 'none',
  draft: 'none', submitted: 'warn', returned: 'bad', accepted: 'good',
  over: 'bad', likely_over: 'bad', may_pass: 'warn', within: 'good', unknown: 'none',
  lower: 'bad', higher: 'warn', agrees: 'good',
  expired: 'bad', expiring: 'warn', valid: 'good', none: 'bad', suspended: 'warn', revoked: 'bad', not_yet: 'none',
  notice: 'warn', published: 'good',
}
export const said = (one: { zh: string; en: string }): string => (language() === 'en' ? one.en : one.zh)
export const named = (list: Named[] | undefined, value: string): string => {
  const found = list?.find((one) => one.value === value)
  return found ? said(found) : value
}
export const choices = (list: Named[] | undefined): { value: string; title: string }[] => (list ?? []).map((one) => ({ value: one.value, title: said(one) }))

/** Parts of a bar in percent of the larger of permit and forecast: used, what the forecast adds, where the permit ends. */
export function bar(one: Pick<Allowance, 'permitted' | 'used' | 'forecast'>): { used: number; ahead: number; permit: number } {
  const [permitted, used, forecast] = [one.permitted, one.used, one.forecast].map((text) => Number(text ?? 0)) as [number, number, number]
  const whole = Math.max(permitted, used, forecast)
  if (!(whole > 0)) return { used: 0, ahead: 0, permit: 0 }
  const part = (value: number): number => Math.round((value / whole) * 1000) / 10
  return { used: part(used), ahead: Math.max(0, part(forecast) - part(used)), permit: part(permitted) }
}

/** Weeks of a month, Monday first; null where a day is of another month. */
export function weeks(month: string): (string | null)[][] {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate()
  const before = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7
  const cells = [...Array<null>(before).fill(null), ...Array.from({ length: days }, (_, at) => `${month}-${String(at + 1).padStart(2, '0')}`)]
  while (cells.length % 7) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, at) => cells.slice(at * 7, at * 7 + 7))
}

/** The month some months away: `2026-12` and 1 is `2027-01`. */
export function turned(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const count = year * 12 + number - 1 + by
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`
}

const SURE: [RegExp, string, string][] = [
  [/DEFAULT, NOT FROM THE DOCUMENTS/g, '平台默认，不来自文件', 'our default, not from the documents'],
  [/MEMORY ONLY/g, '仅凭记忆未核实', 'from memory, not checked'],
  [/NOT CONFIRMED/g, '未核实', 'not confirmed'],
  [/CONFIRMED/g, '已核实', 'confirmed'],
  [/ \((S\d(, )?)+( full text)?\)/g, '', ''],
  [/ \((two|2) permit pages\)/g, '（两份许可证）', ' (two permit pages)'],
  [/ \(1 permit page\)/g, '（一份许可证）', ' (one permit page)'],
  [/ \(ministry notice copy\)/g, '（部通知）', ' (notice of the ministry)'],
  [/ \(district page\)/g, '（区县网页）', ' (page of a district)'],
  [/; the permit copy decides/g, '；以许可证载明为准', '; the permit itself decides'],
  [/; applicant periods are calendar days: /g, '；申请人时限按日历日：', '; terms of applicants in calendar days: '],
  [/; working days: /g, '；按工作日：', '; in working days: '],
]
/** How far something is confirmed, in the reader's words. */
export const sure = (text: string): string => SURE.reduce((words, [sign, zh, en]) => words.replace(sign, language() === 'en' ? en : zh), text)

export interface Spread {
  number: number
  median: number | null
  p90: number | null
}
export type Times = 'accepted' | 'dispatched' | 'closing' | 'alarm_to_disposal' | 'alarm_to_end'
export type Figures = Record<'found' | 'judged' | 'valid' | 'open' | 'overdue' | 'closed' | 'on_time' | 'reopened', number> &
  Record<'valid_rate' | 'on_time_rate' | 'reopened_rate', number | null> &
  Record<Times, Spread>
export type Compared = 'found' | 'valid' | 'closed' | 'overdue'
export interface Other extends Record<Compared, number> {
  first: string
  last: string
  change: Record<Compared, number | null>
}
export type By = 'defence' | 'channel' | 'category' | 'region' | 'organisation'
export interface Statistics {
  first: string
  last: string
  total: Figures
  before: Other
  year_before: Other
  groups: Record<By, (Figures & { code: string; zh: string; en: string })[]>
  course: { at: string; found: number; closed: number }[]
  repeated: { place: string; name: string; number: number }[]
}
export const TIMES: Times[] = ['accepted', 'dispatched', 'closing', 'alarm_to_disposal', 'alarm_to_end']
export const BYS: By[] = ['defence', 'channel', 'category', 'region', 'organisation']

/** Seconds as hours below three days, else as days. */
export function lasting(seconds: number | null, words: { hours: string; days: string }): string {
  if (seconds === null) return '—'
  const hours = seconds / 3600
  return hours < 72 ? `${hours.toFixed(1)} ${words.hours}` : `${(hours / 24).toFixed(1)} ${words.days}`
}

/** A share as percent, with one decimal. */
export const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(1)}%`)

/** A change with its sign; none without a base. */
export const signed = (share: number | null, otherwise: string): string => (share === null ? otherwise : `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}%`)

const two = (number: number): string => String(number).padStart(2, '0')
const iso = (day: Date): string => `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`

/** First and last day of the usual periods, as seen on `today` (YYYY-MM-DD). */
export function spans(today: string): Record<'month' | 'last_month' | 'quarter' | 'year', [string, string]> {
  const [year, month] = today.split('-').map(Number) as [number, number, number]
  const first = (back: number): string => iso(new Date(year, month - 1 - back, 1))
  return { month: [first(0), today], last_month: [first(1), iso(new Date(year, month - 1, 0))], quarter: [first(2), today], year: [`${year}-01-01`, today] }
}

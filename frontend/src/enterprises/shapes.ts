import type { RouteLocationRaw } from 'vue-router'
import { language } from '@/app/i18n'
import type { Column, Row } from '@/parts/list/columns'
import { moment } from '@/parts/words'

export interface Said {
  zh: string
  en: string
}
export interface Choice extends Said {
  value: string
}
export interface SectionColumn extends Said {
  name: string
  kind: 'text' | 'number' | 'time' | 'date' | 'truth'
  choices: Choice[]
}
/** A declared part of the file: a list of the API with its columns. */
export interface Section extends Said {
  id: string
  group: string
  api: string
  columns: SectionColumn[]
  link: string
  sort: string
  query: Record<string, string>
  todo: Record<string, string>
  due: string
}
export interface Level {
  scheme: string
  level: string
  since: string
}
export interface EnterpriseFile extends Record<string, unknown> {
  code: string
  name: string
  status: string | null
  simulated: boolean | null
  organisation: string | null
  lon: number | null
  lat: number | null
  own: boolean
  code_level: Level | null
  credit_level: Level | null
  permit: { code: string; holds: boolean; valid_to: string | null } | null
  /** Classes on the newest published list of key units. */
  key_classes?: ({ category: string; year: number; list: string } & Said)[]
  open_issues: number
  late_issues: number
  open_hazards: number
  exceeding_days: number
  open_statements: number
  open_duties: number | null
  late_duties: number | null
  sections: Section[]
}
export type GridState = 'compliant' | 'exceeding' | 'unknown' | 'not_applicable'
export interface GridCell {
  quarter: string
  state: GridState
  over?: number
  valid?: number
  due?: number
  reckoned: string | null
}
export interface GridRow {
  outlet: string
  outlet_name: string
  parameter: string
  name: string
  symbol: string
  cells: GridCell[]
}
export interface Grid {
  quarters: string[]
  running: string
  rows: GridRow[]
  outlets: { code: string; name: string; medium: string }[]
  reckoned: string | null
}
export interface GridWhy {
  outlet: string
  outlet_name: string
  parameter: string
  quarter: string
  state: GridState
  due: number
  valid: number
  over: number
  missing: number
  stopped: number
  needed: number
  last: string
  exceeding: { day: string; period: string; value: string; limit: string; unit: string; times: string }[]
  limits: { first: string; until: string; value: string; unit: string; standard: string; clause: string; averaging: string; basis: string; confidence: string }[]
  days: { day: string; state: string }[]
  steps: { text: string; clause: string }[]
  cautions: string[]
}
export interface Exceedance extends Row {
  day: string
  outlet: string
  outlet_name: string
  parameter: string
  name: string
  period: string
  value: string
  limit: string
  unit: string
  times: string
  statement: string
  statement_state: string
}
export interface LifeEvent extends Said {
  event: string
  stage: string
  day: string
  words: string
  key: string
  coming: boolean
}
export interface NextStep extends Said {
  id: string
  who: 'enterprise' | 'officer'
  due: string | null
  due_note: string
  basis: string
  confidence: string
  words: string
  key: string
}
export interface Life {
  events: LifeEvent[]
  next: NextStep[]
  stages: ({ stage: string; day: string | null } & Said)[]
}
export interface Near extends Row {
  kind: string
  code: string
  name: string
  metres: number
  lon: number
  lat: number
  simulated: boolean
}
export interface StatementWords {
  sort: Choice[]
  cause: Choice[]
  subject: Choice[]
  state: Choice[]
  move: Choice[]
  evidence: Choice[]
  needs: Record<string, string[]>
  terms: { answer: { number: number; confidence: string } }
  hint: { marking: Said & { confidence: string } }
  may_file: boolean
}
export interface Statement {
  number: string
  kind: 'exceedance' | 'error'
  state: string
  enterprise: string
  enterprise_name: string
  outlet: string | null
  outlet_name: string | null
  parameter: string
  day: string | null
  value: string
  limit: string
  unit: string
  cause: string
  subject_kind: string
  subject_key: string
  should_be: string
  words: string
  filed: string
  filed_name: string
  due: string | null
  due_note: Said | null
  answered: string | null
  answered_name: string
  answer: string
  steps: { at: string; actor: string; name: string; move: string; words: string }[]
  evidence: { id: number; name: string; kind: string; size: number; sm3: string; received_at: string }[]
  moves: ({ name: string; needs: string[] } & Said)[]
  may_attach: boolean
  simulated: boolean
  revision: number
}

export const called = (one: Said | null | undefined): string => (one ? one[language()] : '')
export const wordOf = (list: Choice[] | undefined, value: string | null): string => {
  const found = list?.find((one) => one.value === value)
  return found ? called(found) : (value ?? '')
}

const YES: Said = { zh: '是', en: 'yes' }
const NO: Said = { zh: '否', en: 'no' }

/** What a cell of a declared column says. */
export function cellOf(column: SectionColumn, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (column.choices.length) return wordOf(column.choices, String(value))
  if (column.kind === 'truth') return called(value ? YES : NO)
  return column.kind === 'time' ? moment(String(value)) : String(value)
}

/** Fills `{column}` of a link with what the row says; null where it says nothing. */
export function linkOf(link: string, row: Row): RouteLocationRaw | null {
  let whole = true
  const made = link.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = row[name]
    if (value === null || value === undefined || value === '') whole = false
    return encodeURIComponent(String(value ?? ''))
  })
  return link && whole ? made : null
}

/** Columns of the one list from those declared for a section; the first carries the link. */
export function columnsOf(section: Section, nameOf: (parameter: string) => string): Column[] {
  return section.columns.map((column, index) => ({
    key: column.name,
    title: called(column),
    kind: column.kind === 'number' ? 'number' : 'text',
    sort: false,
    show: (row) => (column.name === 'parameter' ? nameOf(String(row.parameter ?? '')) : cellOf(column, row[column.name])),
    ...(index === 0 && section.link ? { link: (row: Row) => linkOf(section.link, row) } : {}),
  }))
}

/** Days from today to a date; negative once it is over. */
export const daysTo = (due: string, now = new Date()): number => Math.ceil((Date.parse(due.slice(0, 10)) - now.getTime()) / 86_400_000)

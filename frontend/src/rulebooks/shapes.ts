/** What the API gives of rulebooks, in the reader's language, and the document that an editor changes. */
export interface Line {
  id: string
  title: string
  kind: 'table' | 'score'
  version: string
  place: string
  start: string
  end: string | null
  basis: string
  confidence: string
  confidence_words: string
  law: boolean
  rows: number
  examples: number
  source: string
}
export interface ListShape {
  items: Line[]
  total: number
  day: string
  may_draft: boolean
}
export interface FieldShape {
  name: string
  type: 'number' | 'integer' | 'text' | 'truth'
  title: string
  unit: string
  optional: boolean
  choices: { code: string; title: string }[]
  least: string | null
  most: string | null
}
export interface RowShape {
  number: number
  group: string
  group_title: string
  when: string[]
  then: string[]
  points: string | null
  clause: string
  note: string
  confidence: string
  confidence_words: string
}
export interface BookShape extends Line {
  digest: string
  note: string
  sources: string[]
  policy: string
  inputs: FieldShape[]
  outputs: FieldShape[]
  table: RowShape[]
  bands: { when: string; then: string[] }[]
  base: string
  document: Document
}
export interface HitShape {
  row: number
  points: string | null
  clause: string
  note: string
  confidence_words: string
  reasons: string[]
  outputs: Record<string, Value>
}
export interface ResultShape {
  rulebook: string
  version: string
  digest: string
  row: number | null
  hits: HitShape[]
  outputs: Record<string, Value>
  words: { name: string; title: string; value: string }[]
  unknown_words: string[]
}
export interface ExampleRun {
  passed: number
  failed: number
  items: { number: number; inputs: Record<string, Value>; expected: Record<string, Value> | Record<string, Value>[]; passed: boolean; fault: string; result: { row: number | null } | null }[]
}
export interface VersionLine {
  code: string
  version: string
  place: string
  state: 'draft' | 'published' | 'dropped' | 'shipped'
  start: string | null
  end: string | null
  author: string
  publisher: string
  published: string | null
  corrects: boolean
}
export interface VersionShape extends VersionLine {
  document: Document
  rulebook: BookShape
  revision: number
  may_change: boolean
  unreachable: [number, number][]
  unanswered: number | null
}

export type Value = string | number | boolean | null
export interface Both {
  zh: string
  en: string
}
export interface DocumentRow {
  when: Record<string, string>
  then: Record<string, Value>
  clause: Both | null
  note: Both | null
  confidence: string | null
  group: string
}
export interface DocumentExample {
  inputs: Record<string, Value>
  expected: Record<string, Value> | Record<string, Value>[]
  note: Both | null
}
export interface Document {
  id: string
  kind: 'table' | 'score'
  title: Both | null
  basis: Both | null
  note: Both | null
  confidence: string
  input: unknown[]
  output: unknown[]
  row: DocumentRow[]
  example: DocumentExample[]
  [more: string]: unknown
}

export const rulePage = (code: string): { name: string; params: { code: string } } => ({ name: 'rulebook', params: { code } })
export const versionPage = (code: string): { name: string; params: { code: string } } => ({ name: 'rulebook_version', params: { code } })

/** What was filled in, without what was left empty: that is missing, not nought. */
export function filled(values: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== null))
}

/** Values as a person writes them in one line, `name = value`, and back; texts stay texts, whole numbers numbers. */
export const written = (values: Record<string, Value>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join('; ')
/** Values in words, for readers: titles, chosen words, units. */
export const inWords = (values: Record<string, Value>, fields: FieldShape[], yes: string, no: string): string =>
  Object.entries(values)
    .map(([name, value]) => {
      const field = fields.find((one) => one.name === name)
      const chosen = field?.choices.find((one) => one.code === value)?.title
      const said = chosen ?? (typeof value === 'boolean' ? (value ? yes : no) : [String(value), field?.unit].filter(Boolean).join(' '))
      return `${field?.title || name}: ${said}`
    })
    .join('; ')
export function read(line: string, fields: FieldShape[]): Record<string, Value> {
  const types = new Map(fields.map((field) => [field.name, field.type]))
  const pairs = line
    .split(/[;；]/)
    .map((part) => part.split('='))
    .filter((part) => part.length === 2 && part[0]?.trim())
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name.trim(), typed(value.trim(), types.get(name.trim()))]))
}
function typed(text: string, type: FieldShape['type'] | undefined): Value {
  if (type === 'truth') return text === 'true' ? true : text === 'false' ? false : text
  if (type === 'integer' && /^[-+]?\d{1,15}$/.test(text)) return Number(text)
  return text
}

/** A row with a cell changed; an empty cell holds always and is left out. */
export function withCell(row: DocumentRow, name: string, cell: string): DocumentRow {
  const when = { ...row.when }
  if (cell.trim()) when[name] = cell.trim()
  else delete when[name]
  return { ...row, when }
}

/** A list with two neighbours changed over; as it is at the ends. */
export function movedRow<T>(rows: T[], index: number, step: -1 | 1): T[] {
  const to = index + step
  const one = rows[index]
  const other = rows[to]
  if (one === undefined || other === undefined) return rows
  return rows.map((row, place) => (place === index ? other : place === to ? one : row))
}

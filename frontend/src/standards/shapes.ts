/** What the API gives of standards, in the reader's language. */
export interface Phase {
  id: string
  name: string
  clause: string
  start: string
  end: string | null
  now: boolean
}
export interface EditionLine {
  edition: string
  number: string
  title: string
  issued: string
  start: string
  end: string | null
  early_start: string | null
  early_end: string | null
  state: 'in_force' | 'early' | 'coming' | 'ended'
  phases: Phase[]
  confidence: string
  confirmed: boolean
  weak_tables: number
  tables: { id: string; title: string; clause: string }[]
}
export interface StandardLine {
  id: string
  title: string
  subject: string
  subject_name: string
  editions: EditionLine[]
}
export interface StandardsShape {
  date: string
  items: StandardLine[]
  total: number
  subjects: { value: string; name: string }[]
}
export interface TableShape {
  id: string
  title: string
  clause: string
  unit: string
  phase: string
  phase_now: boolean | null
  confidence: string
  confirmed: boolean
  note: string
  sources: string[]
  weak_rows: number
  columns: string[]
  rows: string[][]
}
export interface EditionShape extends EditionLine {
  standard: string
  date: string
  phase: string
  note: string
  notes: string[]
  sources: string[]
  content: TableShape[]
}
export interface Hit {
  standard: string
  edition: string
  number: string
  title: string
  table: string
  table_title: string
  clause: string
  row: string
}
export interface DifferenceRow {
  name: string
  state: 'same' | 'changed' | 'added' | 'dropped'
  cells: { one: string; other: string }[]
}
export interface DifferenceTable {
  id: string
  title: string
  phase: string
  clause_one: string
  clause_other: string
  state: 'both' | 'added' | 'dropped'
  columns: string[]
  rows: DifferenceRow[]
  changed: number
}
export interface DifferenceShape {
  standard: string
  one: string
  other: string
  tables: DifferenceTable[]
}
export interface ParameterLine extends Record<string, unknown> {
  code: string
  name: string
  name_en: string
  symbol: string
  unit: string
  decimals: number
  medium: string
  aliases: string[]
  old_code: string
  cas: string
  national: boolean
  confidence: string
  confirmed: boolean
  note: string
}
/** A standard's page: its id in the address, so that a slash in a number does no harm. */
export const pageOf = (id: string, query: Record<string, string> = {}) => ({ name: 'standard', params: { code: id }, query })

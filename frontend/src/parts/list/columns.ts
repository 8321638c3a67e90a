import type { RouteLocationRaw } from 'vue-router'

export type Row = Record<string, unknown>
export type Choice = { value: string | number; title: string }

/** A column of a list. */
export interface Column<R extends Row = Row> {
  /** Field of the row; the name to sort by unless `sort` says otherwise. */
  key: string
  title: string
  unit?: string
  kind?: 'text' | 'number' | 'time'
  /** Pixels. */
  width?: number
  /** Not shown until somebody asks for it. */
  hidden?: boolean
  /** Text of the cell; the field itself where absent. */
  show?: (row: R) => string
  /** Where the cell leads. */
  link?: (row: R) => RouteLocationRaw | null
  /** Kind and code for the hover card of the name in this cell. */
  card?: (row: R) => { kind: string; code: string } | null
  /** Name to sort by; false where the API cannot. */
  sort?: string | false
  /** Filter by this column: choices, or free text; `param` is the name in the query (the key where absent). */
  filter?: { choices?: Choice[]; param?: string }
  /** Sum at the foot, of the rows shown. */
  sum?: boolean
}

/** What a list shows: kept for each person and list, and saved under names. */
export interface View {
  columns: string[]
  filters: Record<string, string>
  sort: string
  q: string
}

export interface Verb<R extends Row = Row> {
  key: string
  title: string
  run: (rows: R[]) => void | Promise<void>
}

export const textOf = (row: Row, column: Column): string => {
  const value = column.show ? column.show(row as never) : row[column.key]
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Exact sum of decimal texts, without passing through floats. */
export function sumOf(rows: Row[], key: string): string {
  const texts = rows.map((row) => String(row[key] ?? '')).filter((text) => /^-?\d+(\.\d+)?$/.test(text))
  const decimals = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0))
  const units = texts.reduce((sum, text) => {
    const [whole = '0', part = ''] = text.split('.')
    return sum + BigInt(whole + part.padEnd(decimals, '0'))
  }, 0n)
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0')
  const sign = units < 0n ? '-' : ''
  return sign + (decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits)
}

/** Rows as CSV, as they are seen. Cells that a spreadsheet would take for a formula are disarmed. */
export function csvOf(rows: Row[], columns: Column[]): string {
  const cell = (text: string): string => {
    const safe = /^[=+@\t]|^-(?![\d.])/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  const heads = columns.map((column) => (column.unit ? `${column.title} (${column.unit})` : column.title))
  const lines = [heads, ...rows.map((row) => columns.map((column) => textOf(row, column)))]
  return lines.map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n'
}

/** First and last row to draw, so that long lists stay quick. */
export function windowOf(top: number, height: number, rowHeight: number, count: number, spare = 20): [number, number] {
  const first = Math.max(0, Math.floor(top / rowHeight) - spare)
  return [first, Math.min(count, Math.ceil((top + height) / rowHeight) + spare)]
}

import type { Cell, FigureTable } from './figures'

export const isNumber = (cell: Cell): boolean =>
  typeof cell === 'number' || cell === null || /^[-+]?[\d,.]+%?$/.test(cell) || cell === '—' || cell === ''

/** Tells for each column whether all its cells are numbers, so that it is aligned right. */
export function numericColumns(table: FigureTable): boolean[] {
  return table.columns.map((_, at) => table.rows.length > 0 && table.rows.every((row) => isNumber(row[at] ?? null)))
}

/** Writes the table as CSV; a missing value stays empty. */
export function asCsv(table: FigureTable): string {
  const quote = (cell: Cell): string => {
    const text = cell === null ? '' : String(cell)
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [table.columns, ...table.rows].map((row) => row.map(quote).join(',')).join('\r\n')
}

/** The figures of one report, as `huanzhi report status --json` prints them; the page computes none of its own. */
export type Language = 'zh' | 'en'
export type Cell = string | number | null

export interface KeyFigure {
  label: string
  value: string
  unit: string
  note: string
  colour?: string
}

export interface FigureTable {
  id: string
  title: string
  columns: string[]
  rows: Cell[][]
  note?: string
}

export interface FigureSeries {
  name: string
  values: (number | null)[]
  /** One colour a point, one for all, or none for the palette's. */
  colours?: string[]
  stroke?: 'solid' | 'thin' | 'dashed'
}

export interface FigureChart {
  id: string
  title: string
  kind: 'line' | 'bar'
  unit: string
  categories: string[]
  series: FigureSeries[]
  labels?: boolean
}

export interface Section {
  title: string
  paragraphs: string[]
  tables: FigureTable[]
  charts: FigureChart[]
}

export interface Report {
  title: string
  region: string
  period: string
  generated: string
  simulated: boolean
  keys: KeyFigure[]
  sections: Section[]
  cautions: string[]
}

export type Reports = Partial<Record<Language, Report>>

/** Reads the figures that stand in the page as JSON. */
export function readReports(page: Document): Reports {
  const block = page.getElementById('figures')
  return block?.textContent ? (JSON.parse(block.textContent) as Reports) : {}
}

/** The language to open with: the address says, then the first that is there, Chinese before English. */
export function firstLanguage(reports: Reports, address: string): Language {
  const asked = new URLSearchParams(address.replace(/^#/, '')).get('lang')
  if ((asked === 'zh' || asked === 'en') && reports[asked]) return asked
  return reports.zh ? 'zh' : 'en'
}

/** What the series API answers: see `/api/v1/series`. */
export interface Parameter {
  code: string
  name: string
  symbol: string
  unit: string
  decimals: number
}
export interface LimitStep {
  from: string
  to: string
  value: string
  bound: 'upper' | 'lower'
  unit: string
  standard: string
  edition: string
  clause: string
  grade: string
  basis: string
  basis_words: string
  averaging: string
  applies: boolean
  confidence: string
}
export interface FlagStretch {
  start: string
  end: string
  flags: string[]
  words: string
}
export interface Mark {
  id: number
  start: string
  end: string
  kind: string
  effect: string
  words: string
  role: string
  who: string
  reason: string
  check: string
  at: string
  late: boolean
}
export interface Curve {
  feature: string
  name: string
  simulated: boolean
  parameter: Parameter
  period: string
  view: string
  start: string
  end: string
  against: string
  revision: number
  of: number
  note: string
  times: string[]
  values: (string | null)[]
  below_detection: number[]
  substituted: number[]
  flags: FlagStretch[]
  marks: Mark[]
  limits: LimitStep[]
}

/** A table behind a chart. */
export interface Column {
  name: string
  unit?: string
  numeric?: boolean
}
export interface Table {
  columns: Column[]
  rows: (string | null)[][]
}

/** What the API gives of files that were handed in. */
export interface Reject extends Record<string, unknown> {
  file: string
  row: number
  column: string
  value: string
  reason: string
  expected: string
}
export interface Place extends Record<string, unknown> {
  code: string
  name: string
  kind: string
  kind_name: string
  region: string
  known: boolean
}
export interface Preview {
  format: string
  format_title: string
  convention: string
  simulated: boolean
  rows: number
  values: number
  refused: number
  below_detection: number
  missing: number
  notes: string[]
  hindrance: string
  periods: { period: string; name: string; first: string; last: string; values: number }[]
  parameters: { code: string; name: string; unit: string; values: number }[]
  places: Place[]
  places_total: number
  places_new: number
  rejects: Reject[]
  encoding: string
  columns: string[]
  lines: { row: number; cells: string[] }[]
}
export interface Upload {
  id: string
  name: string
  size: number
  sha256: string
  at: string
  by: string
  format: string
  year: number | null
  simulated: boolean
  state: 'waiting' | 'accepted' | 'dropped'
  decided_at: string
  decided_by: string
  receipt: Record<string, number | string>
  preview?: Preview | null
}
export interface Batch extends Record<string, unknown> {
  batch: string
  revision: number
  at: string
  file: string
  format: string
  format_title: string
  sha256: string
  simulated: boolean
  received: number
  new: number
  revised: number
  unchanged: number
  withdrawn: number
  repeated: number
}
/** A size in words: 1.2 MB. */
export const sized = (bytes: number): string =>
  bytes < 1024 ? `${bytes} B` : bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`

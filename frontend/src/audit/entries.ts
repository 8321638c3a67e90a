/** An entry of the trail, and what it changed. */
export interface Entry {
  seq: number
  at: string
  actor: string
  action: string
  kind: string
  key: string
  restricted: boolean
  details: { before?: Record<string, unknown> | null; after?: Record<string, unknown> | null; reason?: string } | null
  previous: string
  digest: string
}
export interface Difference {
  name: string
  before: string
  after: string
}
const text = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value))

/** The fields that differ between before and after; all of them where there was nothing before. */
export function differences(details: NonNullable<Entry['details']>): Difference[] {
  const before = details.before ?? {}
  const after = details.after ?? {}
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((name) => ({ name, before: text(before[name]), after: text(after[name]) }))
    .filter((one) => one.before !== one.after)
}

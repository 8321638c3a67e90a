/** How a visit that was filled in on this device is uploaded: arrival, answers, evidence one by one, and the result. */
import { declare, step, type Draft, type Kept, type Step } from '@/parts/drafts/model'
import type { Answer } from './shapes'

export interface Visit {
  number: string
  subject: string
  revision: number
  arrived: boolean
  lon: number | null
  lat: number | null
  answers: Record<string, Answer>
  filing: { conclusion: string; signed_by: string; result: string } | null
}

const told = (file: Kept): string => {
  const known: Record<string, string | number | null> = { kind: 'photo', item: file.of, taken_at: file.taken_at, lon: file.lon, lat: file.lat }
  const pairs = Object.entries(known).filter(([, value]) => value !== null && value !== '')
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
}

export function visitSteps(draft: Draft<Visit>, files: Kept[]): Step[] {
  const { number, revision, arrived, lon, lat, answers, filing } = draft.values
  const path = `/api/v1/inspections/${encodeURIComponent(number)}`
  const begin = arrived ? [] : [step({ method: 'POST', path: `${path}/moves`, json: { move: 'begin', lon, lat }, match: String(revision), theirs: path })]
  const match = arrived ? { match: String(revision), theirs: path } : {}
  const file = filing ? [step({ method: 'POST', path: `${path}/moves`, json: { move: 'file', ...filing } })] : []
  return [
    ...begin,
    step({ method: 'POST', path: `${path}/answers`, json: { answers }, ...match }),
    ...files.map((one) => step({ method: 'POST', path: `${path}/evidence?${told(one)}`, file: one.id })),
    ...file,
  ]
}

declare('inspection', { steps: visitSteps as never, page: (draft) => `/inspections/${encodeURIComponent(String(draft.values.number))}` })

/** How patrols and visits are uploaded: the record first, then its photos one by one. */
import { declare, step, toldOf, type Draft, type Kept, type Step } from '@/parts/drafts/model'
import type { PatrolValues, VisitValues } from './shapes'

export function patrolSteps(draft: Draft<PatrolValues>, files: Kept[]): Step[] {
  const { area, plan, started, ended, track, checklist, answers, words, signed, findings } = draft.values
  const wanted = files.filter((one) => one.kind !== 'signature' || signed.way === 'drawn')
  const json = {
    client: draft.id,
    area,
    plan,
    started,
    ended,
    track,
    checklist,
    answers,
    words,
    signed: { way: signed.way, name: signed.name, statement: signed.statement },
    findings: findings.map(({ id, ...one }) => ({ ...one, client: id })),
    files: wanted.map((one) => ({ ...toldOf(one), kind: one.kind, finding: one.of })),
  }
  return [
    step({ method: 'POST', path: '/api/v1/patrols', json }),
    ...wanted.map((one) => step({ method: 'POST', path: `/api/v1/patrols/{code}/files/${one.id}`, file: one.id })),
  ]
}

export function visitSteps(draft: Draft<VisitValues>, files: Kept[]): Step[] {
  const { spot, revision, outcome, title, category, level, words, ground, at, lon, lat } = draft.values
  const path = `/api/v1/sightings/${encodeURIComponent(spot)}`
  const confirmed = outcome === 'confirmed'
  const json = { client: draft.id, confirmed, title: confirmed ? title : '', category: confirmed ? category : '', level, words, ground: confirmed ? '' : ground, at, lon, lat, files: files.map(toldOf) }
  return [
    step({ method: 'POST', path: `${path}/visits`, json, match: String(revision), theirs: path }),
    ...files.map((one) => step({ method: 'POST', path: `${path}/files/${one.id}`, file: one.id })),
  ]
}

declare('patrol', { steps: patrolSteps, page: (draft) => `/field/record?draft=${draft.id}` })
declare('visit', { steps: visitSteps, page: (draft) => `/field/visit?draft=${draft.id}` })

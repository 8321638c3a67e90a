/** How patrols and visits are uploaded: the record first, then its photos one by one. */
import { i18n } from '@/app/i18n'
import { moment } from '@/parts/words'
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
/** Fields of a visit and of the spot on the platform that say the same, each under its word. */
const SIDES: [string, string[]][] = [
  ['field.outcome', ['outcome', 'state']],
  ['field.what', ['title']],
  ['field.ground', ['ground']],
  ['field.words', ['words', 'result']],
  ['field.at', ['at', 'verified_at']],
  ['field.by', ['verified_by']],
]
function sides(what: Record<string, unknown>): [string, string][] {
  const { t, te } = i18n.global
  const own = 'outcome' in what
  return SIDES.flatMap(([label, names]): [string, string][] => {
    const name = own ? names[0]! : names.at(-1)!
    const value = String(what[name] ?? '')
    if (!value || (!own && name === 'title')) return []
    const told = te(`field.${value}`) ? t(`field.${value}`) : te(`field.ground_${value}`) ? t(`field.ground_${value}`) : /^\d{4}-.*T/.test(value) ? moment(value) : value
    return [[t(label), told]]
  })
}

declare('visit', { steps: visitSteps, page: (draft) => `/field/visit?draft=${draft.id}`, shown: sides })

import { describe, expect, it } from 'vitest'
import type { Draft, Kept } from '@/parts/drafts/model'
import { visitSteps, type Visit } from '@/inspections/recipes'

const values: Visit = { number: 'JC-1', subject: 's', revision: 4, arrived: true, lon: null, lat: null, answers: { permit: { result: 'ok', words: '', level: 'general' } }, filing: null }
const draft = (more: Partial<Visit>) => ({ values: { ...values, ...more } }) as unknown as Draft<Visit>
const file = { id: 'f', of: 'waste', taken_at: '2026-11-22T08:00:00Z', lon: 121.5, lat: null } as unknown as Kept

describe('the upload of a visit', () => {
  it('answers on the revision that was read', () => {
    const steps = visitSteps(draft({}), [])
    expect(steps.map((one) => one.path)).toEqual(['/api/v1/inspections/JC-1/answers'])
    expect(steps[0]!.match).toBe('4')
  })
  it('arrives first, then answers, evidence of its item, and the result', () => {
    const steps = visitSteps(draft({ arrived: false, filing: { conclusion: 'c', signed_by: '', result: '' } }), [file])
    expect(steps.map((one) => one.path.replace('/api/v1/inspections/JC-1', ''))).toEqual(['/moves', '/answers', '/evidence?kind=photo&item=waste&taken_at=2026-11-22T08%3A00%3A00Z&lon=121.5', '/moves'])
    expect(steps.map((one) => one.match)).toEqual(['4', undefined, undefined, undefined])
    expect(steps.at(-1)!.json).toEqual({ move: 'file', conclusion: 'c', signed_by: '', result: '' })
  })
})

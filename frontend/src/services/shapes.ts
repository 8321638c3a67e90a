import { language, mark } from '@/app/i18n'

export interface Both {
  zh: string
  en: string
}
export interface Named extends Both {
  value: string
}
export interface Words {
  kind: Named[]
  person_kind: Named[]
  standing: Named[]
  grade: Named[]
  advised: Named[]
  mark: Named[]
  effect: Named[]
  verdict: Named[]
  checks: Named[]
  answer: Named[]
  region: string
  may_enter: boolean
  own: { code: string; name: string }[]
}
export interface Mark {
  number: string
  kind: string
  day: string
  until: string | null
  words: string
}
export interface Hit {
  points?: string | number | null
  reasons?: (string | { text?: string })[]
  note?: string
}
export interface Told {
  rulebook?: string
  version?: string
  hits?: Hit[]
}
export interface FirmProposal {
  id: number
  to: string
  proposer: string
  proposed: string
  reason: string
  state: string
  decider: string
  decided: string | null
  decision_reason: string
  may_decide: boolean
  mine: boolean
}
export interface Firm {
  code: string
  name: string
  kind: string
  region_name: string
  grade: string
  score: string
  standing: string
  standing_since: string | null
  standing_words: string
  advised: string
  qualification: string
  qualified_until: string | null
  address: string
  contact: string | null
  phone: string | null
  graded: string | null
  why: Told & { advice?: Told }
  people: { code: string; name: string; kind: string; field: string; standing: string }[]
  marks: Mark[]
  works: number
  newest?: Work[]
  proposals?: FirmProposal[]
  back_from?: string | null
  region?: string
  organisation?: string | null
  may_change?: boolean
  may_enter?: boolean
  may_mark: boolean
  ways: string[]
  simulated: boolean
  revision: number
}
export interface Work {
  number: string
  title: string
  kind: string
  firm: string
  firm_name: string
  enterprise: string
  enterprise_name: string
  contract: string
  begun: string
  ended: string | null
  score: string
  verdict: string
  effect: string
  person: string | null
  promised: { place?: string; parameter?: string; limit?: string; share?: string; first?: string; last?: string }
  effect_why: { due?: number; valid?: number; within?: number; percent?: string | null }
  checks: { number: string; day: string; answers: Record<string, string>; score: string; verdict: string; why: Told; words: string; made_by: string }[]
  may_check: boolean
  may_change: boolean
  may_judge: boolean
  simulated: boolean
  revision: number
}
/** Words of the reasons of a result, one line for each row that was hit. */
export const reasonsOf = (told: Told | undefined): { points: string | number | null; words: string }[] =>
  (told?.hits ?? []).map((hit) => ({
    points: hit.points ?? null,
    words: (hit.reasons ?? []).map((one) => (typeof one === 'string' ? one : (one.text ?? ''))).filter(Boolean).join(mark('；')),
  }))
export type Tone = 'good' | 'bad' | 'warn' | 'none'
export const TONES: Record<string, Tone> = {
  listed: 'good', warned: 'warn', exited: 'bad', banned: 'bad', A: 'good', B: 'good', C: 'warn', D: 'bad', unknown: 'none',
  achieved: 'good', failed: 'bad', open: 'warn', none: 'none', approved: 'good', refused: 'bad', withdrawn: 'none', expired: 'none', good: 'good', mend: 'warn', poor: 'bad',
}
export const said = (one: Both | null | undefined): string => (one ? (language() === 'en' ? one.en : one.zh) : '')
export const named = (list: Named[] | undefined, value: string): string => said(list?.find((one) => one.value === value)) || value
export const choices = (list: Named[] | undefined): { value: string; title: string }[] => (list ?? []).map((one) => ({ value: one.value, title: said(one) }))

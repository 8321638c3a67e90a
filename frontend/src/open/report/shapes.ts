import type { Choice } from '@/issues/shapes'

export interface ReportWords {
  categories: Choice[]
  regions: (Choice & { level: string })[]
  satisfaction: Choice[]
  photos_most: number
  photo_bytes: number
  words_most: number
  simulated: boolean
}
export interface Ground {
  extent: [number, number, number, number] | null
  regions: { code: string; rings: [number, number][][] }[]
  water: [number, number][][]
  names: { name: string; at: [number, number] }[]
  approval: string
}
export interface Receipt {
  number: string
  code: string
}
export interface Told {
  transition: string
  at: string
  zh: string
  en: string
  outputs: Record<string, string | number>
}
export interface Progress {
  number: string
  state: string
  state_zh: string
  state_en: string
  title: string
  received: string
  unit: string
  due: string | null
  basis: string
  confidence: string
  steps: Told[]
  reply: string
  score: number | null
  may_rate: boolean
  may_review: boolean
  may_recheck: boolean
  may_withdraw: boolean
  simulated: boolean
}
/** The payout code in groups of four, as it is easier to write down. */
export const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1 ')

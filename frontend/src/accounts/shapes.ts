import { language } from '@/app/i18n'
import type { Schema } from '@/parts/form/schema'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface Both {
  zh: string
  en: string
}
export interface DealKind extends Named {
  from: string
  to: string
  consent: string[]
  term: boolean
}
export interface QuotaWords {
  pollutant: Named[]
  sort: DealKind[]
  state: Named[]
  account: Named[]
  entry: Named[]
  part: Named[]
  pledge: Named[]
  unit: { unit: string; decimals: number }
  term: { years: number; confidence: string }
  source: Both & { confidence: string }
  price: { item: string; yuan: number; unit: string; what: Both; seen: string; confidence: string }[]
  own: { code: string; name: string }[]
  banks: { code: string; name: string }[]
  may_draft: boolean
  may_pledge: boolean
  may_grant: boolean
}
export interface ActStep {
  at: string
  actor: string
  name: string
  step: string
  words: string
  total?: string
  row?: number
  before?: Record<string, string>
  after?: Record<string, string>
}
export interface Deal {
  number: string
  kind: string
  state: string
  commodity: string
  amount: string
  price: string
  seller: string | null
  seller_name: string | null
  buyer: string | null
  buyer_name: string | null
  seller_by: string
  buyer_by: string
  consent: string[]
  region_name: string
  until: string | null
  contract: string
  words: string
  transaction: string
  proposal: number | null
  may_decide: boolean
  steps: ActStep[]
  allowed: string[]
  simulated: boolean
  revision: number
}
export interface Pledge {
  number: string
  state: string
  enterprise: string
  enterprise_name: string
  commodity: string
  amount: string
  bank_name: string
  contract: string
  loan: string
  begun: string
  ends: string | null
  steps: ActStep[]
  allowed: string[]
  simulated: boolean
  revision: number
}
export interface Statement {
  enterprise: string
  enterprise_name: string
  from: string
  to: string
  accounts: Record<string, string | null>[]
  postings: Record<string, string>[]
  simulated: boolean
}
export interface TaxLine {
  sort: string
  row: number
  place: string
  month: string
  item: string
  quantity: string
  unit: string
  number: string
  rank: number
  rate: string
  share: string
  tax: string
  taxed: boolean
  reason: string
  steps: (Both & { clause: string })[]
}
export interface TaxResult {
  reductions?: Reduction[]
  lines: TaxLine[]
  months: Record<string, string>
  total: string
  rates: { place: string; number: string; confidence: string }
  cautions: { zh: string[]; en: string[] }
}
export interface Difference {
  place: string
  month: string
  item: string
  declared: string | null
  online: string | null
  percent: string | null
  lower: boolean
}
export interface Reduction {
  place: string
  month: string
  item: string
  unit: string
  mean: string | null
  limit: string | null
  within: boolean | null
  due: number
  known: number
  over: number
  missing: number
  stopped: number
  verdict: string
  pays: string
  steps: { zh: string; en: string; clause: string }[]
  state: string
  by?: string
  words?: string
}
export interface Declaration {
  number: string
  enterprise: string
  enterprise_name: string
  quarter: string
  state: string
  total: string
  province: string
  due: string
  rows: Record<string, string | boolean>[]
  result: TaxResult
  online: Record<string, string>[]
  differences: Difference[]
  share: string
  sent_digest: string
  steps: ActStep[]
  allowed: string[]
  simulated: boolean
  revision: number
}
export interface TaxWords {
  state: Named[]
  steps: Named[]
  source: Named[]
  provinces: string[]
  own: { code: string; name: string }[]
  quarter: string
  review: { days: string; confidence: string }
  may_draft: boolean
  may_review: boolean
  may_enter_rates: boolean
}
export interface ShippedRates {
  province: string
  number: string
  from: string
  to: string | null
  confidence: string
  rows: { medium: string; yuan: string; items: string[] }[]
}

export const said = (one: Both | undefined | null, otherwise = ''): string => (one ? (language() === 'en' ? one.en : one.zh) : otherwise)
export const wordOf = (list: Named[] | undefined, value: unknown): string => said(list?.find((one) => one.value === value), String(value ?? ''))
export const choiceOf = (list: Named[] | undefined, zh: string, en: string): Schema => ({
  'x-zh': zh,
  'x-en': en,
  type: 'string',
  enum: (list ?? []).map((one) => one.value),
  'x-choices': Object.fromEntries((list ?? []).map((one) => [one.value, one])),
})
export const DEAL_TONES: Record<string, 'good' | 'warn' | 'bad' | 'none'> = { drafted: 'none', agreed: 'none', proposed: 'warn', done: 'good', refused: 'bad', withdrawn: 'none' }
export const TAX_TONES: Record<string, 'good' | 'warn' | 'bad' | 'none'> = { drafted: 'warn', amended: 'warn', confirmed: 'none', agreed: 'good', doubtful: 'bad', sent: 'good' }
/** Key of the word of a confidence: `accounts.confidence_memory_only`. */
export const confidenceKey = (word: string): string => `accounts.confidence_${word.split(',')[0]?.toLowerCase().replace(/ /g, '_')}`
/** The quarter before one: the newest that can be declared. */
export function quarterBefore(quarter: string): string {
  const year = Number(quarter.slice(0, 4))
  const number = Number(quarter.slice(5))
  return number === 1 ? `${year - 1}Q4` : `${year}Q${number - 1}`
}
/** Fields of a deal of a kind: which sides it has, and whether a new term begins. */
export function fieldsOf(kind: DealKind | undefined): string[] {
  if (!kind) return ['kind']
  const sides = ['seller', 'buyer'].filter((side) => side === kind.from || side === kind.to)
  return ['kind', ...sides, ...(sides.length ? [] : ['region']), 'commodity', 'amount', ...(kind.consent.length ? ['price', 'contract'] : []), ...(kind.term ? ['until'] : []), 'words']
}

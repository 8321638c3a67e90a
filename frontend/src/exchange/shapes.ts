import { i18n, language } from '@/app/i18n'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface PayloadOf extends Named {
  direction: string
  purpose: string
  basis: string
  fields: { ours: string; theirs: string; required: boolean }[]
}
export interface Words {
  way: Named[]
  direction: Named[]
  state: Named[]
  payload: PayloadOf[]
  may_agree: boolean
  may_send: boolean
  may_take: boolean
}
export interface Target {
  code: string
  name: string
  way: string
  address: string
  region: string
  payloads: string[]
  purpose: string
  basis: string
  active: boolean
  sent: number
  received: number
  has_secret: boolean
  may_change: boolean
  may_manage: boolean
  may_send: boolean
  simulated: boolean
  revision: number
}
export interface Entry {
  number: string
  target: string
  target_name: string
  direction: string
  payload: string
  purpose: string
  basis: string
  sequence: number | null
  rows: number
  state: string
  attempts: number
  actor: string
  begun: string
  ended: string | null
  acknowledged: string | null
  next_try: string | null
  name: string
  size: number
  sha256: string
  sm3: string
  columns: string[]
  fault: { message?: string; row?: number; column?: string; value?: string; expected?: string }
  outcome: Record<string, unknown>
  may_again: boolean
  may_file: boolean
  may_acknowledge: boolean
  simulated: boolean
  revision: number
}
export const TONES: Record<string, 'good' | 'bad' | 'warn' | 'none'> = { prepared: 'warn', sent: 'good', acknowledged: 'good', failed: 'bad', received: 'good', duplicate: 'none', refused: 'bad' }
export const said = (one: { zh: string; en: string } | undefined): string => (one ? (language() === 'en' ? one.en : one.zh) : '')
export const named = (list: Named[] | undefined, value: string): string => said(list?.find((one) => one.value === value)) || value
export const choices = (list: Named[] | undefined): { value: string; title: string }[] => (list ?? []).map((one) => ({ value: one.value, title: said(one) }))
/** What one of our fields is called; what it is called otherwise where it has no word. */
export const fieldName = (ours: string, otherwise: string): string => (i18n.global.te(`exchange.field_${ours}`) ? i18n.global.t(`exchange.field_${ours}`) : otherwise)

import { language } from '@/app/i18n'
import type { Schema, Values } from '@/parts/form/schema'

export interface Both {
  zh: string
  en: string
}
export interface Named extends Both {
  value: string
}
export interface Clock extends Both {
  before?: string
  number?: number
  unit?: string
  confidence: string
  note?: Both
}
export interface Words {
  reason: Named[]
  sort: Named[]
  item: Named[]
  list: Named[]
  entry: Named[]
  objection: Named[]
  event: Named[]
  finding: Named[]
  finding_state: Named[]
  law: { title: Both; number: string; confidence: string; note: Both }
  clock: Record<string, Clock>
  own: { code: string; name: string }[]
  region: string
  may_draw_up: boolean
  may_patrol: boolean
}
export interface DutyList {
  code: string
  year: number
  state: string
  region: string
  region_name: string
  drawn_up: string
  notice_from: string | null
  notice_until: string | null
  notice_note: Both | null
  publish_by: string
  published: string | null
  report_by: string | null
  entries: number
  objections: number
  objections_open: number
  may_draw_up: boolean
  may_open: boolean
  may_propose: boolean
  late: boolean
  simulated: boolean
  revision: number
}
export interface Version {
  number: number
  reason: string
  late: boolean
  sm3: string
  disclosed: string
  sound: boolean
}
export interface Attachment {
  name: string
  size: number
  sm3: string
}
export interface FindingRow {
  number: string
  finding: string
  state: string
  since: string
}
export interface Item {
  code: string
  title: string
  kind: string
  year: number
  enterprise: string
  enterprise_name: string
  region_name: string
  event: string
  document: string
  received: string | null
  due: string
  due_note: Both | null
  state: string
  disclosed: string | null
  overdue: boolean
  reasons: string[]
  schema: Schema
  reports: Version[]
  latest: Values
  draft: { content: Values; attachments: Attachment[]; saved: string; revision: number } | null
  findings: FindingRow[]
  commitment: Both & { version: string; confidence: string }
  may_disclose: boolean
  may_void: boolean
  simulated: boolean
  revision: number
}
export interface Report extends Version {
  item: string
  title: string
  kind?: string
  year: number
  enterprise: string
  enterprise_name: string
  sections: (Both & { name: string; fields: (Both & { name: string; unit: string; value: unknown })[] })[]
  attachments: Attachment[]
  commitment: { version: string; text: string; person: string; position: string; at: string }
  simulated: boolean
}
export interface Finding extends FindingRow {
  item: string
  item_title: string
  enterprise: string
  enterprise_name: string
  found: string
  reply_by: string | null
  reply_note: Both | null
  told: Record<string, unknown>
  reply: string
  conclusion: string
  steps: { at: string; actor: string; name: string; move: string; words: string }[]
  moves: (Both & { name: string; needs: string[] })[]
  simulated: boolean
  revision: number
}
export interface OpenRow {
  code: string
  name: string
  region_name: string
  industry: string
  year: number
  reasons: string[]
  reports: number
  last: string | null
  simulated: boolean
}
export interface OpenItem {
  code: string
  title: string
  year: number
  due: string
  disclosed: string | null
  late: boolean
  overdue: boolean
  versions: Version[]
  findings: number
}
export type Tone = 'good' | 'bad' | 'warn' | 'none'
export const TONES: Record<string, Tone> = {
  draft: 'none', notice: 'warn', published: 'good', due: 'warn', disclosed: 'good', void: 'none',
  open: 'bad', noticed: 'warn', replied: 'warn', confirmed: 'bad', cured: 'good', dismissed: 'none',
  held: 'good', removed: 'none', upheld: 'good', rejected: 'none',
}
export const said = (one: Both | null | undefined): string => (one ? (language() === 'en' ? one.en : one.zh) : '')
export const named = (list: Named[] | undefined, value: string): string => said(list?.find((one) => one.value === value)) || value
export const choices = (list: Named[] | undefined): { value: string; title: string }[] => (list ?? []).map((one) => ({ value: one.value, title: said(one) }))
export const size = (bytes: number): string => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`)

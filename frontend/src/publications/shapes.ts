/** Shapes of publications and reports of regions, as the API gives them. */
import { language } from '@/app/i18n'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface Column {
  heading: string
  unit: string
  numeric: boolean
}
export interface Block {
  kind: 'heading' | 'paragraph' | 'table' | 'chart'
  block: number
  level?: number
  text?: string
  written?: string
  key?: string
  label?: string
  caption?: string
  note?: string
  columns?: Column[]
  rows?: (string | number | null)[][]
  svg?: string
}
export interface Paper {
  title: string
  mark: string
  signature: string
  date: string
  language: string
  blocks: Block[]
}
export interface Change {
  where: string
  was: string | number | null
  is: string | number | null
}
export interface Version {
  number: string
  version: number
  state: string
  reason: string
  withdrawal?: string
  published: string | null
  withdrawn?: string | null
  changes?: Change[]
}
export interface Publication extends Record<string, unknown> {
  number: string
  kind: string
  title: string
  period: string
  region_name: string | null
  state: string
  version: number
  reason: string
  withdrawal: string
  drafted: string
  drafted_by: string
  published: string | null
  published_by: string
  digest: string
  simulated: boolean
  revision: number
  content: Record<'zh' | 'en', Paper>
  personal: { rule: string; shown: string }[]
  changes: Change[]
  corrects: string | null
  versions: Version[]
  proposal: number | null
  may_change: boolean
  may_command: boolean
  may_approve: boolean
}
export interface DeskWords {
  sort: Named[]
  state: Named[]
  rankings: string[]
  licence: { zh: string; en: string; confidence: string }
  counts: Record<string, number>
  may_draft: boolean
}
export interface ReportWords {
  state: Named[]
  standing: Named[]
  level: Named[]
  root: string | null
  regions: { code: string; name: string; level: string }[]
  may_begin: boolean
}
export const named = (list: Named[] | undefined, value: string): string => list?.find((one) => one.value === value)?.[language()] ?? value
export const TONES: Record<string, 'good' | 'warn' | 'bad' | 'none'> = { published: 'good', submitted: 'good', proposed: 'warn', reviewed: 'warn', superseded: 'none', withdrawn: 'bad', returned: 'bad', missing: 'bad', draft: 'none' }
/** The address of a drawing that came with its document; shown as a picture, never as markup. */
export const drawing = (svg: string): string => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`

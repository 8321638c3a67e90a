import { language, mark } from '@/app/i18n'

export interface Named {
  value: string
  zh: string
  en: string
}
export interface Words {
  sort: Named[]
  review: Named[]
  state: Named[]
  move: Named[]
  editable: Record<string, string[]>
  may_take_in: boolean
}
export interface Finding {
  code: string
  start: number
  end: number
  quote: string
  zh: string
  en: string
}
export interface Body {
  place: number
  name: string
  written: string
  organisation: string
  organisation_name: string
  confirmed: boolean
  revision: number
}
export interface Plan {
  number: string
  title: string
  region_name: string
  simulated: boolean
  text: string
  about: { metadata: Record<string, string>; counts: Record<string, number>; warnings: Finding[] }
  bodies: Body[]
  organisations: { code: string; name: string }[]
  items: Record<string, number>
  may_review: boolean
  revision: number
}
export interface Item {
  code: string
  place: number
  category: string
  words: string
  review: string
  damaged: string
  quote: string
  start: number
  end: number
  reason: string
  reviewed_by: string
  told: Record<string, unknown>
  revision: number
}
export interface Measure {
  number: string
  title: string
  task: string
  state: string
  lead: string | null
  lead_organisation: string | null
  lead_name: string
  begins: string | null
  due: string | null
  percent: number
  supervised: string | null
  document: string
  document_title: string
  region_name: string
  simulated: boolean
  overdue: boolean
  quote: string
  place: number | null
  joint: { name: string; code: string }[]
  deliverables: { words: string; done: string }[]
  issues: string[]
  waiting: string[]
  steps: { at: string; name: string; move: string; words: string; percent: number }[]
  evidence: { id: number; name: string; sm3: string; received_at: string; actor_name: string }[]
  moves: { name: string; zh: string; en: string }[]
  may_attach: boolean
  may_finish: boolean
  revision: number
}
export interface Group {
  code: string
  name: string
  total: number
  finished: number
  reported: number
  overdue: number
  supervised: number
  percent: number
}
export const TONES: Record<string, 'good' | 'bad' | 'warn' | 'none'> = { planned: 'none', under_way: 'warn', reported: 'warn', finished: 'good' }
export const said = (one: { zh: string; en: string }): string => (language() === 'en' ? one.en : one.zh)
export const named = (list: Named[] | undefined, value: string): string => {
  const found = list?.find((one) => one.value === value)
  return found ? said(found) : value
}

/** A stretch of the text, and the item that it belongs to. */
export interface Piece {
  text: string
  item: Item | null
}

/** Cuts a text at the places of items; offsets count characters, so that signs beyond the first plane count once. */
export function pieces(text: string, items: Item[]): Piece[] {
  const characters = Array.from(text)
  const found: Piece[] = []
  let at = 0
  for (const item of [...items].sort((one, other) => one.start - other.start || other.end - one.end)) {
    if (item.start < at || item.end <= item.start) continue
    if (item.start > at) found.push({ text: characters.slice(at, item.start).join(''), item: null })
    found.push({ text: characters.slice(item.start, item.end).join(''), item })
    at = item.end
  }
  if (at < characters.length) found.push({ text: characters.slice(at).join(''), item: null })
  return found
}

/** The items that a mark in the text stands for: those that begin inside it. */
export const sharing = (items: Item[], item: Item): Item[] => items.filter((one) => one.start >= item.start && one.start < item.end)

/** What was read of an item, in one line. */
export function summary(item: Item): string {
  const told = item.told
  if (item.category === 'target') {
    const value = told.value === null ? '?' : `${String(told.op)} ${String(told.value)}${told.upper === null || told.upper === undefined ? '' : `~${String(told.upper)}`}`
    const stretch = told.stretch === null ? '' : ` (${String(told.stretch)})`
    return `${value}${String(told.unit ?? '')}${stretch} · ${told.year === null ? '?' : String(told.year)}`
  }
  if (item.category === 'measure') return [(told.bodies as string[]).join(mark('、')), (told.years as number[]).join('–')].filter(Boolean).join(' · ')
  return [told.body, told.year].filter(Boolean).map(String).join(' · ')
}

/** Where a measure stands on an axis of months, in percent; null without a deadline. */
export function bar(begins: string | null, due: string | null, from: string, to: string): { left: number; width: number } | null {
  if (!due) return null
  const [first, last] = [Date.parse(from), Date.parse(to)]
  const span = Math.max(1, last - first)
  const start = Math.max(first, begins ? Date.parse(begins) : Date.parse(`${due.slice(0, 4)}-01-01`))
  const end = Math.min(last, Date.parse(due))
  return { left: ((start - first) / span) * 100, width: Math.max(0.5, ((end - start) / span) * 100) }
}

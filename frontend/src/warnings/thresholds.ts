import { i18n, mark } from '@/app/i18n'
import type { Field } from '@/parts/rulebooks'
import { called, lasting, type Named } from './shapes'

export interface Said {
  name: string
  label: string
  value: string
}
/** What is needed to say thresholds: names of items, of rules, of a rulebook's fields. */
export interface Knowing {
  nameOf: (code: string) => string
  rules?: Named[]
  fields?: Field[]
}
type Sort = 'of' | 'own' | 'fact'

/** How a warning is filed and drawn, no threshold: the API has it. */
const INNER = new Set(['work', 'category', 'medium', 'rulebook', 'colours', 'fold', 'sensor', 'steps', 'basis', 'confidence', 'version'])
const SHARES = new Set(['production_share', 'treatment_share', 'flow_share', 'steady_share', 'band', 'spread', 'deviation', 'share', 'others_share', 'apart', 'registered_share', 'explained'])
const ITEMS = new Set(['parameters', 'humidity', 'speed', 'direction', 'parameter'])
const RULES = new Set(['first', 'second'])
const CHOICES: Record<string, string> = { level: 'thresholds.level_', reply: 'thresholds.reply_', effects: 'thresholds.effect_', theme: 'warnings.theme_', period: 'warnings.period_', kind: 'warnings.kind_', sort: 'warnings.sort_', against: 'warnings.against_', where: 'warnings.where_' }

const { t, te } = i18n.global
const worded = (key: string, otherwise: string): string => (te(key) ? t(key) : otherwise)

/** Thresholds, inputs or figures by their names in words, each value said in the reader's language. */
export function inWords(record: Record<string, unknown> | undefined, sort: Sort, know: Knowing): Said[] {
  const rate = record?.sort === 'rate'
  return Object.entries(record ?? {})
    .filter(([name, value]) => value !== null && value !== '' && !(sort !== 'fact' && INNER.has(name)))
    .map(([name, value]) => {
      const field = know.fields?.find((one) => one.name === name)
      if (field) return { name, label: field.title + (field.unit ? `${mark('（')}${field.unit}${mark('）')}` : ''), value: field.choices.find((one) => one.code === String(value))?.title ?? plain(value) }
      return { name, label: worded(`thresholds.${sort}_${name}`, name), value: valued(name, value, sort, rate, know) }
    })
}

function valued(name: string, value: unknown, sort: Sort, rate: boolean, know: Knowing): string {
  if (name === 'escalate') return raised(value as Record<string, string>)
  if (Array.isArray(value)) return value.map((one) => valued(name, one, sort, rate, know)).join(mark('、'))
  if (ITEMS.has(name)) return know.nameOf(String(value))
  if (RULES.has(name)) return called(know.rules?.find((one) => one.code === value), String(value))
  if (name === 'side') return worded(`warnings.${rate ? 'rate' : 'side'}_${String(value)}`, String(value))
  if (CHOICES[name]) return worded(CHOICES[name] + String(value), String(value))
  if (sort !== 'own' && SHARES.has(name) && typeof value === 'number') return `${Number((value * 100).toPrecision(4))} %`
  return plain(value)
}

function plain(value: unknown): string {
  if (typeof value === 'boolean') return t(value ? 'warnings.yes' : 'warnings.no')
  if (typeof value === 'number') return String(Number(value.toPrecision(8)))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function raised(given: Record<string, string>): string {
  const steps = Object.entries(given).map(([minutes, level]) => t('thresholds.raised_to', { after: lasting(Number(minutes)), level: worded(`thresholds.level_${level}`, level) }))
  return steps.join(mark('；')) || t('thresholds.never')
}

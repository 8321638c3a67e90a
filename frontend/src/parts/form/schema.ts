import { said } from '../words'

/** The part of JSON Schema that forms are made of. Titles: `x-zh` and `x-en`, or `title` (Chinese) with `title_en`, or `{zh, en}`. */
export interface Schema {
  type?: string | string[]
  title?: string | { zh: string; en: string }
  title_en?: string
  'x-title-en'?: string
  'x-zh'?: string
  'x-en'?: string
  description?: string | { zh: string; en: string }
  'x-unit'?: string
  unit?: string
  format?: string
  enum?: (string | number)[]
  /** Words for the choices of `enum`, in the same order or by value. */
  'x-choices'?: Record<string, string | { zh: string; en: string }>
  'x-enum'?: Record<string, string | { zh: string; en: string }>
  enum_titles?: (string | { zh: string; en: string })[]
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  default?: unknown
  readOnly?: boolean
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
}

export type Values = Record<string, unknown>
/** A fault of a field: key of the words (`parts.<key>`) and their values. */
export interface FieldFault {
  key: string
  values: Record<string, string | number>
}

export const typeOf = (schema: Schema): string =>
  (Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type) ?? (schema.properties ? 'object' : 'string')

export function titleOf(schema: Schema, name: string, language: 'zh' | 'en'): string {
  const english = schema['x-en'] ?? schema.title_en ?? schema['x-title-en']
  if (schema['x-zh']) return (language === 'en' && english) || schema['x-zh']
  if (typeof schema.title === 'string' && english && language === 'en') return english
  return said(schema.title) || name
}

export function choiceTitle(schema: Schema, value: string | number, index: number): string {
  return said(schema['x-choices']?.[String(value)] ?? schema['x-enum']?.[String(value)] ?? schema.enum_titles?.[index]) || String(value)
}

const absent = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length)

/** Returns the faults of a value by path (`field`, `field.part`). */
export function faultsOf(schema: Schema, value: Values, path = ''): Record<string, FieldFault> {
  const faults: Record<string, FieldFault> = {}
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const here = path + name
    const given = value[name]
    if (typeOf(field) === 'object') Object.assign(faults, faultsOf(field, (given as Values) ?? {}, `${here}.`))
    else if (absent(given)) {
      if (schema.required?.includes(name)) faults[here] = { key: 'fault_required', values: {} }
    } else {
      const fault = faultOf(field, given)
      if (fault) faults[here] = fault
    }
  }
  return faults
}

function faultOf(schema: Schema, value: unknown): FieldFault | null {
  const type = typeOf(schema)
  if (type === 'number' || type === 'integer') return numberFault(schema, String(value), type)
  if (schema.enum && !schema.enum.map(String).includes(String(value))) return { key: 'fault_choice', values: {} }
  return typeof value === 'string' ? textFault(schema, value) : null
}

function numberFault(schema: Schema, text: string, type: string): FieldFault | null {
  const number = Number(text)
  if (text.trim() === '' || Number.isNaN(number)) return { key: 'fault_number', values: {} }
  if (type === 'integer' && !Number.isInteger(number)) return { key: 'fault_integer', values: {} }
  if (schema.minimum !== undefined && number < schema.minimum) return { key: 'fault_least', values: { bound: schema.minimum } }
  if (schema.maximum !== undefined && number > schema.maximum) return { key: 'fault_most', values: { bound: schema.maximum } }
  return null
}

const SHAPES: Record<string, RegExp> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/,
  email: /^[^@\s]+@[^@\s]+$/,
  time: /^\d{2}:\d{2}/,
}

function textFault(schema: Schema, text: string): FieldFault | null {
  if (schema.minLength !== undefined && text.length < schema.minLength) return { key: 'fault_short', values: { bound: schema.minLength } }
  if (schema.maxLength !== undefined && text.length > schema.maxLength) return { key: 'fault_long', values: { bound: schema.maxLength } }
  const shape = SHAPES[schema.format ?? '']
  if (shape && !shape.test(text)) return { key: 'fault_format', values: { format: schema.format ?? '' } }
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(text)) return { key: 'fault_pattern', values: {} }
  return null
}

/** The value to send: numbers as numbers (decimals stay texts where they would lose digits), nothing for what is empty. */
export function sendable(schema: Schema, value: Values): Values {
  const fields = Object.entries(schema.properties ?? {})
  const pairs = fields.flatMap(([name, field]): [string, unknown][] => {
    const given = value[name]
    if (typeOf(field) === 'object') return [[name, sendable(field, (given as Values) ?? {})]]
    if (absent(given)) return []
    const numeric = ['number', 'integer'].includes(typeOf(field))
    return [[name, numeric ? Number(given) : given]]
  })
  return Object.fromEntries(pairs)
}

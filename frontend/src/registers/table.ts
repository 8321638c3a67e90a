/** A typed table or a declared register: its columns, where its rows are, and how a row reads. */
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import type { RouteLocationRaw } from 'vue-router'
import { language } from '@/app/i18n'
import { pageOf } from '@/parts/addresses'
import type { Schema } from '@/parts/form/schema'
import type { Column, Row } from '@/parts/list/columns'
import { useApi } from '@/parts/useApi'
import { moment } from '@/parts/words'

export interface Field {
  name: string
  kind: 'text' | 'integer' | 'number' | 'decimal' | 'date' | 'moment' | 'truth' | 'choice' | 'code' | 'json'
  zh: string
  en: string
  required: boolean
  editable: boolean
  filter: boolean
  sort: boolean
  search: boolean
  target: string
  least: number | null
  most: number | null
  choices: { value: string; zh: string; en: string }[]
}
export interface TableShape {
  kind: string
  address: string
  zh: string
  en: string
  key: string
  /** Whether the API answers for one row: only then a row opens. */
  pages?: boolean
  columns: Field[]
}
export interface RegisterShape {
  code: string
  name: string
  name_en: string
  kind: string
  columns: Field[]
  schema: { 'x-due'?: string; 'x-geometry'?: string; description?: string }
}
export interface Held extends TableShape {
  /** Address of the rows in the API. */
  path: string
  due: string
  placed: boolean
}
const MARKS = ['revision', 'simulated', 'valid_from', 'valid_to', 'attributes']

export const wordOf = (one: { zh: string; en: string }): string => (language() === 'zh' ? one.zh : one.en || one.zh)

/** The table that an address names: a kind of typed table, or the code of a register. */
export function useTable(kind: MaybeRefOrGetter<string>) {
  const tables = useApi<{ items: TableShape[] }>('/api/v1/tables')
  const typed = computed(() => tables.data.value?.items.find((one) => one.kind === toValue(kind)))
  const declared = useApi<RegisterShape>(() => (tables.data.value && !typed.value ? `/api/v1/registers/${encodeURIComponent(toValue(kind))}` : null))
  const held = computed<Held | null>(() => {
    if (typed.value) return { ...typed.value, path: `/api/v1/${typed.value.address}`, due: '', placed: hasPlace(typed.value.columns) }
    const found = declared.data.value
    if (!found) return null
    const path = `/api/v1/registers/${encodeURIComponent(found.code)}/entries`
    return { kind: found.kind, address: found.code, zh: found.name, en: found.name_en, key: 'code', columns: found.columns, path, due: found.schema?.['x-due'] ? 'due' : '', placed: hasPlace(found.columns) }
  })
  const reading = computed(() => (typed.value || !tables.data.value ? tables : declared))
  return { held, reading }
}

/** Column with the code of the place, outlet or enterprise that a row is or belongs to: what a selection on the map filters by. */
export function placeOf(held: Held): string | undefined {
  if (held.placed) return held.key
  return ['outlet', 'enterprise'].find((name) => held.columns.some((one) => one.name === name && one.filter))
}

const hasPlace = (fields: Field[]): boolean => fields.some((one) => one.name === 'lon')

export function cellOf(field: Field, row: Row): string {
  const value = row[field.name]
  if (value === null || value === undefined || value === '') return ''
  if (field.kind === 'choice') {
    const found = field.choices.find((one) => one.value === value)
    return found ? wordOf(found) : String(value)
  }
  if (field.kind === 'truth') return value ? '✓' : '—'
  if (field.kind === 'moment') return moment(String(value))
  if (field.kind === 'json') return Object.keys(value as object).length ? JSON.stringify(value) : ''
  return String(value)
}

/** Where a cell leads: to the thing that its code names. */
export function linkOf(field: Field, row: Row): RouteLocationRaw | null {
  const value = row[field.name]
  if (field.kind !== 'code' || !value) return null
  return field.target === 'region' ? recordPage('region', String(value)) : (pageOf(field.target, String(value)) ?? recordPage(field.target, String(value)))
}

export const recordPage = (kind: string, code: string): RouteLocationRaw => ({ name: 'record', params: { kind, code } })

export function listColumns(held: Held): Column[] {
  return held.columns.map((field) => ({
    key: field.name,
    title: wordOf(field),
    kind: ['integer', 'number', 'decimal'].includes(field.kind) ? 'number' : 'text',
    hidden: MARKS.includes(field.name) || field.kind === 'json',
    sort: field.sort ? field.name : false,
    show: (row: Row) => cellOf(field, row),
    link: (row: Row) => (field.name === held.key && opens(held) ? recordPage(held.address === held.kind ? held.kind : kindOf(held), String(row[held.key])) : linkOf(field, row)),
    ...(field.filter && !['date', 'moment', 'number', 'integer', 'decimal'].includes(field.kind)
      ? { filter: field.choices.length ? { choices: field.choices.map((one) => ({ value: one.value, title: wordOf(one) })) } : {} }
      : {}),
  }))
}

/** Whether a row of a table has a page of its own. */
export const opens = (held: Held): boolean => held.pages !== false

/** What names the table in addresses of screens: the kind, or the code of a register. */
export const kindOf = (held: Held): string => held.kind.replace(/^register:/, '')

/** The form of a table: JSON Schema made from its declared columns. */
export function formOf(held: Held, making: boolean): Schema {
  const fields = held.columns.filter((one) => one.editable && one.kind !== 'json' && (making || one.name !== held.key))
  return {
    type: 'object',
    required: fields.filter((one) => one.required).map((one) => one.name),
    properties: Object.fromEntries(fields.map((one) => [one.name, propertyOf(one)])),
  }
}

function propertyOf(field: Field): Schema {
  const title = { zh: field.zh, en: field.en }
  const bounds = { ...(field.least === null ? {} : { minimum: field.least }), ...(field.most === null ? {} : { maximum: field.most }) }
  if (field.kind === 'integer' || field.kind === 'number') return { type: field.kind, title, ...bounds }
  if (field.kind === 'truth') return { type: 'boolean', title }
  if (field.kind === 'date') return { type: 'string', format: 'date', title }
  if (field.kind === 'choice') {
    return { type: 'string', title, enum: field.choices.map((one) => one.value), 'x-enum': Object.fromEntries(field.choices.map((one) => [one.value, { zh: one.zh, en: one.en }])) }
  }
  return { type: 'string', title, ...(field.kind === 'text' && field.most ? { maxLength: field.most } : {}) }
}

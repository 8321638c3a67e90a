import { describe, expect, it } from 'vitest'
import { asKind, difference, kindOf, moved, signed } from '../src/assess/period'
import { differences } from '../src/audit/entries'
import { matrixOf } from '../src/people/matrix'
import { formOf, listColumns, type Field, type Held } from '../src/registers/table'
import { sized } from '../src/imports/shapes'
import assess from '../src/words/assess'
import audit from '../src/words/audit'
import imports from '../src/words/imports'
import people from '../src/words/people'
import rankings from '../src/words/rankings'
import registers from '../src/words/registers'
import reports from '../src/words/reports'
import standards from '../src/words/standards'

describe('periods', () => {
  it.each([
    ['2026-03-01T08', 'hour'],
    ['2026-03-01', 'day'],
    ['2026-03', 'month'],
    ['2026Q1', 'quarter'],
    ['2026', 'year'],
  ])('%s is of kind %s', (code, kind) => expect(kindOf(code)).toBe(kind))
  it.each([
    ['2026-03-01T00', -1, '2026-02-28T23'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2024-03-01', -1, '2024-02-29'],
    ['2026-01', -1, '2025-12'],
    ['2026Q1', -1, '2025Q4'],
    ['2026Q4', 1, '2027Q1'],
    ['2026', 1, '2027'],
  ])('%s moved by %i is %s', (code, steps, there) => expect(moved(code, steps)).toBe(there))
  it('turns a day into the month, quarter and year that hold it', () => {
    expect(['month', 'quarter', 'year'].map((kind) => asKind('2026-05-17', kind as never))).toEqual(['2026-05', '2026Q2', '2026'])
  })
})

describe('differences in numbers', () => {
  it('keeps the decimals and shows the sign', () => {
    expect(difference('90.3', '96.8')).toBe('−6.5')
    expect(difference(77, 60)).toBe('+17')
    expect(difference(5, 5)).toBe('0')
  })
  it('says nothing where one is missing', () => expect(difference(null, 5)).toBe(''))
  it('never shows a negative nought', () => expect(signed('-0.0')).toBe('0.0'))
})

describe('the audit trail', () => {
  it('lists only fields that differ', () => {
    const found = differences({ before: { name: 'A', region: '1' }, after: { name: 'B', region: '1' } })
    expect(found).toEqual([{ name: 'name', before: 'A', after: 'B' }])
  })
})

describe('the matrix of roles', () => {
  const rule = { name: 'r', groups: ['places'], sensitivity: ['internal'] }
  const found = (rules: object[]) =>
    matrixOf({ roles: [{ code: 'duty', zh: '', en: '', basis: '' }], rules: rules as never, groups: {}, actions: ['read', 'change'], sensitivities: [], scopes: [] })
  it('marks what reaches one’s own organisation only', () => {
    expect(found([{ ...rule, roles: ['duty'], actions: ['read'], reach: 'own' }]).duty?.places).toEqual([{ action: 'read', mark: 'own' }])
  })
  it('lets the widest rule count, in the order of actions', () => {
    const rules = [
      { ...rule, roles: ['duty'], actions: ['change', 'read'], reach: 'own' },
      { ...rule, roles: ['duty'], actions: ['read'], reach: 'region' },
    ]
    expect(found(rules).duty?.places).toEqual([{ action: 'read', mark: '' }, { action: 'change', mark: 'own' }])
  })
})

describe('registers', () => {
  const field = (more: Partial<Field>): Field => ({ name: 'code', kind: 'text', zh: '编码', en: 'code', required: true, editable: true, filter: false, sort: true, search: false, target: '', least: null, most: 40, choices: [], ...more })
  const held: Held = {
    kind: 'station', address: 'stations', zh: '站点', en: 'station', key: 'code', path: '/api/v1/stations', due: '', placed: false,
    columns: [field({}), field({ name: 'level', zh: '级别', kind: 'choice', required: false, filter: true, choices: [{ value: 'national', zh: '国控', en: 'national' }] })],
  }
  it('makes a form of the declared columns, the key only for a new row', () => {
    expect(Object.keys(formOf(held, true).properties ?? {})).toEqual(['code', 'level'])
    expect(Object.keys(formOf(held, false).properties ?? {})).toEqual(['level'])
    expect(formOf(held, true).required).toEqual(['code'])
  })
  it('shows choices in words', () => expect(listColumns(held)[1]?.show?.({ level: 'national' })).toBe('国控'))
})

describe('words', () => {
  const areas = { assess, audit, imports, people, rankings, registers, reports, standards }
  it.each(Object.entries(areas))('%s has both languages and no exclamation marks', (_, table) => {
    for (const texts of Object.values(table)) {
      expect(texts.zh && texts.en).toBeTruthy()
      expect(`${texts.zh}${texts.en}`).not.toMatch(/[!！]/)
    }
  })
})

it('writes sizes as people read them', () => expect([sized(900), sized(2048), sized(3 << 20)]).toEqual(['900 B', '2.0 kB', '3.0 MB']))

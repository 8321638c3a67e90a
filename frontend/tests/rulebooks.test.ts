import { describe, expect, it } from 'vitest'
import { filled, movedRow, read, withCell, written, type DocumentRow, type FieldShape } from '../src/rulebooks/shapes'

const field = (name: string, type: FieldShape['type']): FieldShape => ({ name, type, title: name, unit: '', optional: true, choices: [], least: null, most: null })
const fields = [field('fine', 'number'), field('months', 'integer'), field('done', 'truth'), field('colour', 'text')]
const row: DocumentRow = { when: { fine: '> 1' }, then: {}, clause: null, note: null, confidence: null, group: '' }

describe('values of rulebooks', () => {
  it('leaves out what is not known and keeps nought and no', () => {
    expect(filled({ a: '', b: null, c: 0, d: false, e: '0' })).toEqual({ c: 0, d: false, e: '0' })
  })
  it('writes and reads a line and keeps every digit of a number', () => {
    const line = 'fine = 0.30000000000000000001; months = 2; done = false; colour = red'
    const values = read(line, fields)
    expect(values).toEqual({ fine: '0.30000000000000000001', months: 2, done: false, colour: 'red' })
    expect(written(values)).toBe(line)
  })
  it('skips what is no pair and takes the full-width semicolon', () => expect(read('x；months=1；=3', fields)).toEqual({ months: 1 }))
})

describe('rows of a draft', () => {
  it('takes an empty condition away', () => {
    expect(withCell(row, 'fine', ' ').when).toEqual({})
    expect(withCell(row, 'months', ' < 3 ').when).toEqual({ fine: '> 1', months: '< 3' })
    expect(row.when).toEqual({ fine: '> 1' })
  })
  it('moves between neighbours and stays at the ends', () => {
    expect(movedRow([1, 2, 3], 1, 1)).toEqual([1, 3, 2])
    expect(movedRow([1, 2, 3], 0, -1)).toEqual([1, 2, 3])
    expect(movedRow([1, 2, 3], 2, 1)).toEqual([1, 2, 3])
  })
})

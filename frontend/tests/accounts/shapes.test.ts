import { describe, expect, it } from 'vitest'
import { confidenceKey, fieldsOf, quarterBefore, type DealKind } from '@/accounts/shapes'

const kind = (from: string, to: string, consent: string[], term: boolean): DealKind => ({ value: 'x', zh: '', en: '', from, to, consent, term })

describe('accounts', () => {
  it('asks for the sides that a deal has', () => {
    expect(fieldsOf(kind('issued', 'buyer', [], true))).toEqual(['kind', 'buyer', 'commodity', 'amount', 'until', 'words'])
    expect(fieldsOf(kind('seller', 'buyer', ['seller', 'buyer'], false))).toEqual(['kind', 'seller', 'buyer', 'commodity', 'amount', 'price', 'contract', 'words'])
    expect(fieldsOf(kind('issued', 'reserve', [], false))).toContain('region')
    expect(fieldsOf(undefined)).toEqual(['kind'])
  })
  it('names the quarter before', () => {
    expect(quarterBefore('2026Q4')).toBe('2026Q3')
    expect(quarterBefore('2026Q1')).toBe('2025Q4')
  })
  it('names confidences', () => {
    expect(confidenceKey('DEFAULT, NOT FROM THE DOCUMENTS')).toBe('accounts.confidence_default')
    expect(confidenceKey('MEMORY ONLY')).toBe('accounts.confidence_memory_only')
  })
})

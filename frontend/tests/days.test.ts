import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { chinaDay, chinaMinute, chinaMonth, chinaYear } from '../src/parts/days'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('the day is that of China, also before eight in the morning', () => {
  vi.setSystemTime(new Date('2026-12-31T16:05:00Z'))
  expect(chinaDay()).toBe('2027-01-01')
  expect(chinaMonth()).toBe('2027-01')
  expect(chinaMinute()).toBe('2027-01-01T00:05')
  expect(chinaYear()).toBe(2027)
})

test('days count from today and months from the day', () => {
  vi.setSystemTime(new Date('2028-03-01T02:00:00Z'))
  expect(chinaDay(-1)).toBe('2028-02-29')
  expect(chinaDay(1)).toBe('2028-03-02')
  expect(chinaMonth(-25)).toBe('2028-02')
})

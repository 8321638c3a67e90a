/** What of a place is looked at: parameter, averaging, span, view; the address holds all of it. */
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import type { Query } from '@/api/client'
import { useClock, zoned } from '@/app/clock'
import type { Available, Held } from './model'

const HOUR = 3_600_000
export const ORDER = ['hour', 'day', 'month', 'ten_minutes', 'minute', 'instant', 'day_max_eight_hours', 'day_max_hour', 'eight_hours', 'quarter', 'year']

/** Spans that a button offers, in hours. */
export const SPANS: Record<string, number> = { '24h': 24, '7d': 168, '31d': 744, '1y': 8784 }
const USUAL: Record<string, string> = { instant: '24h', minute: '24h', ten_minutes: '24h', hour: '7d', month: '1y' }
const STEP: Record<string, number> = { minute: 60_000, ten_minutes: 600_000, hour: HOUR, eight_hours: HOUR }

export const spanOf = (period: string): string => USUAL[period] ?? '31d'

/** ISO of China time, to the second. */
export const china = (at: number): string => `${new Date(at + 8 * HOUR).toISOString().slice(0, 19)}+08:00`

/** Start and end of what is looked at: the clock's where it has any, else a span that ends with the newest value. */
export function bounds(
  clock: { at: string | null; from: string | null; to: string | null },
  held: Pick<Held, 'last' | 'period'> | undefined,
  span: string,
): { start: string; end: string } | null {
  if (!held) return null
  const newest = Date.parse(held.last) + (STEP[held.period] ?? (held.period === 'instant' ? 1_000 : 24 * HOUR))
  const end = clock.to ?? clock.at
  const until = end ? Date.parse(zoned(end)) : newest
  const since = clock.from ? Date.parse(zoned(clock.from)) : until - (SPANS[span] ?? 168) * HOUR
  return since < until ? { start: china(since), end: china(until) } : null
}

/** Parameters of a place: those with a national or own code first, kinds of them (minimum, amount) after. */
export function parametersOf(series: Held[]): Held['parameter'][] {
  const seen = new Map<string, Held['parameter']>()
  for (const one of [...series].sort((a, b) => Number(b.main) - Number(a.main))) if (!seen.has(one.parameter.code)) seen.set(one.parameter.code, one.parameter)
  return [...seen.values()]
}

export const periodsOf = (series: Held[], parameter: string): string[] =>
  ORDER.filter((period) => series.some((one) => one.parameter.code === parameter && one.period === period))

const text = (query: LocationQuery, name: string): string => (typeof query[name] === 'string' ? query[name] : '')

export function useAsked(available: ComputedRef<Available | undefined>, first: ComputedRef<string>) {
  const route = useRoute()
  const router = useRouter()
  const clock = useClock()
  const given = (name: string, usual: () => string) =>
    computed({
      get: () => text(route.query, name) || usual(),
      set: (value: string) => void router.replace({ query: { ...route.query, [name]: value || undefined }, hash: route.hash }),
    })
  const series = computed(() => available.value?.series ?? [])
  const parameter = given('p', () => first.value)
  const periods = computed(() => periodsOf(series.value, parameter.value))
  const wanted = given('avg', () => '')
  const period = computed({
    get: () => (periods.value.includes(wanted.value) ? wanted.value : (periods.value[0] ?? '')),
    set: (value: string) => (wanted.value = value),
  })
  const span = given('span', () => spanOf(period.value))
  const view = given('view', () => 'raw')
  const beside = given('with', () => '')
  const against = given('against', () => '')
  const held = computed(() => series.value.find((one) => one.parameter.code === parameter.value && one.period === period.value))
  const limits = computed(() => bounds(clock, held.value, span.value))
  const query = computed<Query>(() => ({ parameter: parameter.value, period: period.value, ...(limits.value ?? {}) }))
  function setSpan(name: string): void {
    clock.from = clock.to = null
    span.value = name
  }
  return { parameter, period, periods, span, setSpan, view, beside, against, held, limits, query, series }
}
export type Asked = ReturnType<typeof useAsked>

import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { language } from '@/app/i18n'
import { useClock } from '@/app/clock'
import { useSelection } from '@/map/selection'
import { useApi } from '@/parts/useApi'

/** How a place stands by its newest hour, in an official colour. */
export interface Standing {
  judge: string
  value: string
  level: number
  name: string
  name_en: string
  colour: string
  standard: string
  by: string[]
  time: string
}
export interface LiveValue {
  parameter: string
  period: string
  time: string
  value: string | null
  unit: string
  state: string
  flags: string[]
  level: number
  colour: string
  exceeds: boolean | null
  age: number
  stale: boolean | null
}
export interface LivePlace {
  feature: string
  name: string
  kind: string
  region: string
  enterprise: string
  lon: number | null
  lat: number | null
  simulated: boolean
  online: boolean | null
  standing: Standing | null
  values: LiveValue[]
}

const PAUSE = 10

/** Beginning of the codes of a region's subtree: 3302 of 330200; codes of townships and below are their own. */
export const subtree = (region: string): string => (region.length > 6 ? region : region.replace(/(00)+$/, ''))

/** The newest values of the places of some kinds, in the region chosen; read again when one of them speaks. */
export function useLive(kinds: MaybeRefOrGetter<string[]>, path = '/api/v1/live') {
  const clock = useClock()
  const selection = useSelection()
  const query = computed(() => ({ kind: toValue(kinds).join(','), region: subtree(clock.region) }))
  const known = computed<Set<string>>(() => new Set(places.value.map((place) => place.feature)))
  const topics = path === '/api/v1/live' ? (['values', 'devices'] as const) : []
  const reading = useApi<{ time: number; places: LivePlace[] }>(path, query, {
    topics: [...topics],
    pause: PAUSE,
    refresh: 60,
    heed: (events): boolean => events.some((event) => known.value.has((event as { feature: string }).feature)),
  })
  const places = computed<LivePlace[]>(() => (reading.data.value?.places ?? []).filter((place) => selection.has(place.feature)))
  return { reading, places }
}

/** The class of a standing in the language that is spoken. */
export const gradeOf = (standing: Standing): string => (language() === 'en' ? standing.name_en : standing.name)

/** Places with a standing, the worst first. */
export const worstFirst = (places: LivePlace[]): LivePlace[] =>
  places
    .filter((place) => place.standing)
    .sort((a, b) => level(b) - level(a) || Number(b.standing?.value ?? 0) - Number(a.standing?.value ?? 0))

const level = (place: LivePlace): number => place.standing?.level ?? 0

/** How many places stand in each class, the best first. */
export function byGrade(places: LivePlace[]): { level: number; standing: Standing; number: number }[] {
  const found = new Map<number, { level: number; standing: Standing; number: number }>()
  for (const { standing } of places) {
    if (!standing) continue
    const known = found.get(standing.level)
    if (known) known.number += 1
    else found.set(standing.level, { level: standing.level, standing, number: 1 })
  }
  return [...found.values()].sort((a, b) => a.level - b.level)
}

import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { LocationQuery, RouteLocationNormalized, Router } from 'vue-router'
import { moment } from '@/parts/words'

const NAMES = ['region', 'at', 'from', 'to'] as const
const BEAT = 1_000

/** `2026-03-01T08:00` of a moment, in China time: the form of the clock in addresses. */
export const stamp = (time: number): string => moment(time).replace(' ', 'T')
/** Milliseconds of a stamp in China time. */
export const timeOf = (stamped: string): number => Date.parse(zoned(stamped))
/** A stamp with its zone, as the API wants it. */
export const zoned = (stamped: string): string =>
  /(Z|[+-]\d{2}:\d{2})$/.test(stamped) ? stamped : `${stamped.length === 10 ? `${stamped}T00:00` : stamped}:00+08:00`

/**
 * The one clock and the one region: every panel obeys them, and the address holds them
 * (`?region=330200&at=2026-03-01T08:00&from=…&to=…`, China time). `at` is null while live.
 */
export const useClock = defineStore('clock', () => {
  const region = ref('')
  const at = ref<string | null>(null)
  const from = ref<string | null>(null)
  const to = ref<string | null>(null)
  const playing = ref(false)
  /** Minutes that one beat of the play moves on. */
  const step = ref(60)
  const live = computed(() => at.value === null)
  const held = { region, at, from, to }
  let beat: ReturnType<typeof setInterval> | undefined

  function goLive(): void {
    pause()
    at.value = from.value = to.value = null
  }
  /** Looks at the `hours` before now, or before the moment looked at. */
  function span(hours: number): void {
    const end = at.value ? timeOf(at.value) : Date.now()
    from.value = stamp(end - hours * 3_600_000)
    to.value = stamp(end)
  }
  function play(): void {
    playing.value = true
    if (!at.value) at.value = from.value ?? stamp(Date.now() - 24 * 3_600_000)
    beat ??= setInterval(forward, BEAT)
  }
  function pause(): void {
    playing.value = false
    clearInterval(beat)
    beat = undefined
  }
  function forward(): void {
    const end = Math.min(to.value ? timeOf(to.value) : Infinity, Date.now())
    const next = timeOf(at.value ?? stamp(end)) + step.value * 60_000
    if (next < end) at.value = stamp(next)
    else if (to.value) rest(end)
    else goLive()
  }
  function rest(end: number): void {
    at.value = stamp(end)
    pause()
  }

  /** The query of a page that is about to open, with region and clock carried along. */
  function carried(query: LocationQuery): LocationQuery | null {
    const missing = NAMES.filter((name) => held[name].value && query[name] === undefined)
    if (!missing.length) return null
    return { ...query, ...Object.fromEntries(missing.map((name) => [name, held[name].value])) }
  }
  function bind(router: Router): void {
    router.afterEach((route: RouteLocationNormalized, _, failure) => {
      if (failure) return
      for (const name of NAMES) {
        const given = route.query[name]
        if (typeof given === 'string') held[name].value = given
      }
    })
    watch([region, at, from, to], () => {
      const { hash, query: now } = router.currentRoute.value
      if (NAMES.every((name) => (held[name].value || undefined) === now[name])) return
      const query: LocationQuery = { ...now }
      for (const name of NAMES) {
        if (held[name].value) query[name] = held[name].value
        else delete query[name]
      }
      void router.replace({ query, hash })
    })
  }
  return { region, at, from, to, playing, step, live, goLive, span, play, pause, forward, carried, bind }
})

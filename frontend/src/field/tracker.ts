/** Follows a patrol that runs: points into its draft, kept on this device every few seconds, and again after the page was reloaded. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { follow, metres, type Point } from '@/parts/drafts/device'
import type { Draft } from '@/parts/drafts/model'
import { useDrafts } from '@/parts/drafts/useDrafts'
import type { PatrolValues } from './shapes'

/** Milliseconds and metres between two points of a track; the platform measures, this only spares the battery and the store. */
const APART_MS = 5_000
const APART_M = 5
const UNSURE = 60
const SAVED_EVERY = 10_000

export const worthKeeping = (track: Point[], next: Point): boolean => {
  const last = track.at(-1)
  if (!last) return true
  if (next[0] <= last[0]) return false
  const far = metres({ lon: last[1], lat: last[2] }, { lon: next[1], lat: next[2] })
  return next[0] - last[0] >= APART_MS || far >= APART_M
}

/** Metres of a track as the screen tells them while it runs. */
export function wayOf(track: Point[]): number {
  let way = 0
  let last: Point | null = null
  for (const point of track) {
    if (point[3] > UNSURE) continue
    const far = last ? metres({ lon: last[1], lat: last[2] }, { lon: point[1], lat: point[2] }) : 0
    if (!last || far >= APART_M) {
      way += far
      last = point
    }
  }
  return way
}

export const useTracker = defineStore('field-tracker', () => {
  const drafts = useDrafts()
  const running = ref('')
  const lost = ref<'' | 'denied' | 'unknown'>('')
  let stop: (() => void) | undefined
  let awake: { release: () => Promise<void> } | undefined
  let saved = 0

  function run(draft: Draft): void {
    if (running.value === draft.id) return
    halt()
    running.value = draft.id
    stop = follow((point) => heard(draft.id, point), (why) => (lost.value = why))
    void wake()
  }
  function heard(id: string, point: Point): void {
    lost.value = ''
    const draft = drafts.found(id)
    const values = draft?.values as unknown as PatrolValues | undefined
    if (!draft || !values || values.ended || !worthKeeping(values.track, point)) return
    values.track.push(point)
    if (Date.now() - saved < SAVED_EVERY && values.track.length > 2) return
    saved = Date.now()
    void drafts.save(draft)
  }
  function halt(): void {
    stop?.()
    stop = undefined
    running.value = ''
    void awake?.release().catch(() => undefined)
    awake = undefined
  }
  /** Keeps the screen on where the device allows it: a page that sleeps hears no position. */
  async function wake(): Promise<void> {
    const lock = (navigator as unknown as { wakeLock?: { request: (kind: 'screen') => Promise<{ release: () => Promise<void> }> } }).wakeLock
    awake = await lock?.request('screen').catch(() => undefined)
  }
  return { running, lost, run, halt }
})

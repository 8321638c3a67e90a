/** The tasks of the person signed in: from the platform where it answers, else as they were last read on this device. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { get } from '@/api/client'
import { useSession } from '@/app/session'
import { metres, whereabouts, type Spot } from '@/parts/drafts/device'
import { useDrafts } from '@/parts/drafts/useDrafts'
import type { AreaTask, SpotTask, Tasks } from './shapes'

interface Remembered {
  at: number
  tasks: Tasks
}

export const useTasks = defineStore('field-tasks', () => {
  const session = useSession()
  const drafts = useDrafts()
  const tasks = ref<Tasks | null>(null)
  const at = ref(0)
  const state = ref<'loading' | 'ready' | 'none' | 'no_right'>('loading')
  const spot = ref<Spot | null>(null)
  const name = computed(() => `tasks:${session.session?.code ?? ''}`)

  async function load(): Promise<void> {
    const kept = await drafts.store.recall<Remembered>(name.value).catch(() => null)
    if (kept && !tasks.value) take(kept)
    try {
      const fresh = { at: Date.now(), tasks: await get<Tasks>('/api/v1/field/tasks') }
      take(fresh)
      await drafts.store.remember(name.value, fresh)
    } catch (fault) {
      if ((fault as { status?: number }).status === 403) state.value = 'no_right'
      else if (!tasks.value) state.value = 'none'
    }
  }
  function take(found: Remembered): void {
    tasks.value = found.tasks
    at.value = found.at
    state.value = 'ready'
  }
  async function locate(): Promise<void> {
    spot.value = (await whereabouts()) ?? spot.value
  }
  /** Metres to something; null where either place is unknown. */
  const away = (one: { lon: number | null; lat: number | null }): number | null =>
    spot.value && one.lon !== null && one.lat !== null ? metres(spot.value, { lon: one.lon, lat: one.lat }) : null
  function near<T extends { lon: number | null; lat: number | null }>(rows: T[]): T[] {
    return spot.value ? [...rows].sort((a, b) => (away(a) ?? Infinity) - (away(b) ?? Infinity)) : rows
  }
  const areaOf = (code: string): AreaTask | undefined => tasks.value?.areas.find((one) => one.code === code)
  const spotOf = (code: string): SpotTask | undefined => tasks.value?.sightings.find((one) => one.code === code)
  return { tasks, at, state, spot, load, locate, away, near, areaOf, spotOf }
})

import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { Point } from './geodesy'

const KEPT = 'huanzhi.selection'

/** How the places were chosen: the key of the word that the chip begins with. */
export type By = 'box' | 'polygon' | 'buffer' | 'nearest' | 'upwind' | 'list'

interface Kept {
  codes: string[]
  by: By
  ring: Point[]
  filtering: boolean
}

function kept(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as Kept | null
  } catch {
    return null
  }
}

/**
 * The places chosen on the map. While `filtering`, every panel shows these places only:
 * ask `has(code)`, or hand `codes` to the API; `codes` is null when all places count.
 */
export const useSelection = defineStore('selection', () => {
  const before = kept()
  const chosen = ref<string[]>(before?.codes ?? [])
  const by = ref<By>(before?.by ?? 'list')
  const ring = ref<Point[]>(before?.ring ?? [])
  const filtering = ref(before?.filtering ?? false)
  const codes = computed(() => (filtering.value ? chosen.value : null))
  const set = computed(() => new Set(chosen.value))
  const count = computed(() => chosen.value.length)

  function choose(found: string[], how: By, shape: Point[] = []): void {
    chosen.value = [...new Set(found)]
    by.value = how
    ring.value = shape
  }
  function clear(): void {
    choose([], 'list')
    filtering.value = false
  }
  const has = (code: string): boolean => !filtering.value || set.value.has(code)

  watch([chosen, by, ring, filtering], () => {
    const state: Kept = { codes: chosen.value, by: by.value, ring: ring.value, filtering: filtering.value }
    sessionStorage.setItem(KEPT, JSON.stringify(state))
  })
  return { chosen, by, ring, filtering, codes, set, count, choose, clear, has }
})

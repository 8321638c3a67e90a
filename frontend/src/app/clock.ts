import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { Router } from 'vue-router'

/**
 * The one clock and the one region: every panel obeys them, and the address holds them
 * (`?region=330200&at=2026-03-01T08:00&from=…&to=…`). `at` is null while live.
 */
export const useClock = defineStore('clock', () => {
  const region = ref('')
  const at = ref<string | null>(null)
  const from = ref<string | null>(null)
  const to = ref<string | null>(null)
  const playing = ref(false)
  const live = computed(() => at.value === null)

  function bind(router: Router): void {
    const names = { region, at, from, to }
    router.afterEach((route) => {
      for (const [name, held] of Object.entries(names)) {
        const given = route.query[name]
        if (typeof given === 'string') held.value = given
      }
    })
    watch([region, at, from, to], () => {
      const query: Record<string, string | undefined> = { ...router.currentRoute.value.query } as never
      for (const [name, held] of Object.entries(names)) query[name] = held.value || undefined
      void router.replace({ query })
    })
  }
  return { region, at, from, to, playing, live, bind }
})

import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { Alert } from '@/desk/alerts'

const STAYS = 15_000

/** The alert that has just come, for a quarter of a minute; those that were there at first interrupt nobody. */
export function useInterrupting(alerts: Ref<Alert[]>, stays = STAYS) {
  const now = ref<Alert | null>(null)
  const waiting: Alert[] = []
  let known: Set<string> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  function turn(): void {
    now.value = waiting.shift() ?? null
    timer = now.value ? setTimeout(turn, stays) : undefined
  }
  watch(
    alerts,
    (found) => {
      const fresh = known ? found.filter((alert) => !known?.has(alert.key)) : []
      if (known || found.length) known = new Set(found.map((alert) => alert.key))
      waiting.push(...fresh.slice(0, 5))
      if (!timer && waiting.length) turn()
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { now }
}

/** Keeps the address bar in step with the map, beside what the clock holds there. */
import { effectScope, onScopeDispose, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { NAMES, read, write, type MapAddress } from './address'

const PAUSE = 350

export function useAddress() {
  const route = useRoute()
  const router = useRouter()
  const name = route.name
  const first = read(route.query)
  const scope = effectScope()
  let waiting: ReturnType<typeof setTimeout> | undefined
  let now: (() => MapAddress) | null = null

  function put(): void {
    if (!now || router.currentRoute.value.name !== name) return
    const here = router.currentRoute.value.query
    const query = write(now())
    if (NAMES.every((name) => here[name] === query[name])) return
    const rest = Object.fromEntries(Object.entries(here).filter(([name]) => !NAMES.includes(name as never)))
    void router.replace({ query: { ...rest, ...query } })
  }
  const later = (): void => {
    clearTimeout(waiting)
    waiting = setTimeout(put, PAUSE)
  }
  /** The clock may have written the address at the same moment; what was lost is written again. */
  const stop = router.afterEach(later)
  onScopeDispose(() => {
    clearTimeout(waiting)
    stop()
  })
  /** From here on the address follows the map. */
  const begin = (held: () => MapAddress): void => {
    now = held
    scope.run(() => watch(held, later))
    later()
  }
  return { first, begin }
}

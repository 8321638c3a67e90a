import { computed } from 'vue'
import { useSelection } from '@/map/selection'
import { useApi } from '@/parts/useApi'

const MOST = 1000
const NONE = '-'

/** Codes of the enterprises that the selection of the map holds, themselves or by an outlet; null while all count. */
export function useChosenEnterprises() {
  const selection = useSelection()
  const outlets = useApi<{ items: { enterprise: string }[] }>(
    () => (selection.codes ? '/api/v1/outlets' : null),
    () => ({ code: selection.codes?.join(',') || NONE, limit: MOST }),
  )
  return computed(() => (selection.codes ? owners(selection.codes, outlets.data.value?.items ?? []) : null))
}

export const owners = (codes: string[], outlets: { enterprise: string }[]): string[] => [
  ...new Set([...codes, ...outlets.map((one) => one.enterprise)]),
]

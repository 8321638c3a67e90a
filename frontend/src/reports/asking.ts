import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useClock } from '@/app/clock'
import { useApi } from '@/parts/useApi'
import type { Report } from '@/status/figures'
import { chinaMonth } from '../parts/days'

/** Region, period and edition of a report, held in the address, and the report itself. */
export function useReport() {
  const route = useRoute()
  const router = useRouter()
  const clock = useClock()
  const asked = (name: string, usual = ''): string => (typeof route.query[name] === 'string' ? (route.query[name] as string) : usual)
  const period = ref(asked('period'))
  const region = ref(asked('of'))
  const edition = ref(asked('edition', 'auto'))
  const latest = useApi<{ month: string | null }>(() => (period.value ? null : '/api/v1/assess/latest'))
  watch(latest.data, (found) => {
    if (!period.value) period.value = found?.month ?? chinaMonth()
  })
  watch(
    () => clock.at,
    (at) => {
      if (at) period.value = at.slice(0, 7)
    },
  )
  watch([period, region, edition], () => void router.replace({ query: { ...route.query, period: period.value, of: region.value || undefined, edition: edition.value } }))
  const query = computed(() => ({ period: period.value, region: region.value, edition: edition.value }))
  const regions = useApi<{ items: string[] }>('/api/v1/reports/regions')
  const reading = useApi<Report>(() => (period.value ? '/api/v1/reports/status' : null), query)
  return { period, region, edition, query, regions, reading }
}

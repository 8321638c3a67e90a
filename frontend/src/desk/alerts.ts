import { computed } from 'vue'
import { language } from '@/app/i18n'
import { useApi } from '@/parts/useApi'

/** An alert as the API gives it. */
export interface AlertRow {
  kind: string
  feature: string
  name: string
  subject: string
  parameter: string
  period: string
  since: string
  value: string | null
  unit: string
  limit: { value: string; standard: string; clause: string } | null
  flags: string[]
  why: string
  why_en: string
  simulated: boolean
}
export type Alert = AlertRow & { key: string; words: string }

/** What should be looked at now, newest first; kept fresh by the stream. */
export function useAlerts(most = 200) {
  const reading = useApi<{ items: AlertRow[]; total: number }>('/api/v1/alerts', { limit: most }, { topics: ['alerts'], refresh: 60 })
  const alerts = computed<Alert[]>(() =>
    (reading.data.value?.items ?? []).map((row) => ({
      ...row,
      key: [row.kind, row.feature, row.subject, row.period].join('|'),
      words: language() === 'en' ? row.why_en : row.why,
    })),
  )
  return { reading, alerts, count: computed(() => reading.data.value?.total ?? 0) }
}

/** Page of an alert: the place's curve, or the device's line in the network. */
export const pageOfAlert = (alert: AlertRow) =>
  alert.kind === 'device_lost'
    ? { path: '/network', query: { 'devices.q': alert.subject } }
    : { path: `/places/${encodeURIComponent(alert.feature)}`, query: { parameter: alert.parameter } }

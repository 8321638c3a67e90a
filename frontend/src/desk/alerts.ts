import { computed } from 'vue'
import { language, mark } from '@/app/i18n'
import { useClock } from '@/app/clock'
import { useSelection } from '@/map/selection'
import { useApi } from '@/parts/useApi'
import { subtree } from './places'

const ALL = 1000

/** An alert as the API gives it. */
export interface AlertRow {
  kind: string
  feature: string
  name: string
  region: string
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
export type Alert = AlertRow & { key: string; words: string; number: number }

/** What should be looked at now, newest first; kept fresh by the stream. */
export function useAlerts(most = 200) {
  const clock = useClock()
  const selection = useSelection()
  const reading = useApi<{ items: AlertRow[]; total: number }>('/api/v1/alerts', () => ({ limit: selection.filtering ? ALL : most, region: subtree(clock.region) }), { topics: ['alerts'], refresh: 60 })
  const rows = computed(() => (reading.data.value?.items ?? []).filter((row) => selection.has(row.feature)))
  const alerts = computed<Alert[]>(() =>
    grouped(rows.value).map((rows) => ({
      ...rows[0]!,
      key: [rows[0]!.kind, rows[0]!.feature, rows[0]!.subject, rows[0]!.period].join('|'),
      words: rows.map((row) => (language() === 'en' ? row.why_en : row.why)).join(mark('；')),
      number: rows.length,
    })),
  )
  return { reading, alerts, count: computed(() => (selection.filtering ? rows.value.length : (reading.data.value?.total ?? 0))) }
}

/** Alerts in groups: doubts of one place for the same reason at the same time are one thing to look at. */
export function grouped(rows: AlertRow[]): AlertRow[][] {
  const groups = new Map<string, AlertRow[]>()
  for (const row of rows) {
    const own = row.kind === 'suspect' ? [row.flags.join('+'), row.since] : [row.subject, row.period]
    const key = [row.kind, row.feature, ...own].join('|')
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}

/** Page of an alert: the place's curve, or the device's line in the network. */
export const pageOfAlert = (alert: AlertRow) =>
  alert.kind === 'device_lost'
    ? { path: '/network', query: { 'devices.q': alert.subject } }
    : { path: `/places/${encodeURIComponent(alert.feature)}`, query: { parameter: alert.parameter } }

export interface KindCount {
  kind: string
  places: number
  online: number
  offline: number
  stale: number
  exceeding: number
}
/** How the city stands in numbers, as the desk's API gives it. */
export interface DeskNow {
  time: number
  simulated: boolean
  counts: KindCount[]
  devices: number | null
  devices_online: number | null
  values_last_hour: number
  alerts: Record<string, number>
}
export interface NetworkNow {
  alive: boolean
  devices: number
  online: number
  per_minute: number
  frames: number
  rejected: number
  gaps: number
}

/** Hours due and received since midnight. */
export interface Transmission {
  due: number
  received: number
  rate: number | null
}

/** A share in per cent with one decimal, never rounded up to 100 while something is missing. */
export function percent(part: number, whole: number): string {
  if (!whole) return '—'
  const shown = Math.round((part / whole) * 1000) / 10
  return (part < whole && shown >= 100 ? 99.9 : shown).toFixed(1)
}

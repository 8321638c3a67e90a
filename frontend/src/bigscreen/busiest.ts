import type { Alert } from '@/desk/alerts'

export interface Busy {
  feature: string
  name: string
  number: number
}

/** Places with the most alerts now, the most first; equal ones by name. */
export function busiest(alerts: Alert[], most = 10): Busy[] {
  const found = new Map<string, Busy>()
  for (const { feature, name, number } of alerts) {
    const known = found.get(feature)
    if (known) known.number += number
    else found.set(feature, { feature, name: name || feature, number })
  }
  return [...found.values()].sort((a, b) => b.number - a.number || a.name.localeCompare(b.name, 'zh-CN')).slice(0, most)
}

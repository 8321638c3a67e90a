import type { RouteLocationRaw } from 'vue-router'

/** Page of each kind of thing that has a name; one table, so that a name leads to the same page everywhere. */
const PAGES: Record<string, (code: string) => RouteLocationRaw> = {
  region: (code) => ({ path: '/map', query: { region: code } }),
  enterprise: (code) => `/enterprises/${encodeURIComponent(code)}`,
  outlet: (code) => `/places/${encodeURIComponent(code)}`,
  place: (code) => `/places/${encodeURIComponent(code)}`,
  station: (code) => `/places/${encodeURIComponent(code)}`,
  section: (code) => `/places/${encodeURIComponent(code)}`,
  well: (code) => `/places/${encodeURIComponent(code)}`,
  point: (code) => `/places/${encodeURIComponent(code)}`,
  device: (code) => `/network/devices/${encodeURIComponent(code)}`,
  person: (code) => `/people/${encodeURIComponent(code)}`,
  standard: (code) => `/standards/${encodeURIComponent(code)}`,
  clause: (code) => `/standards/${encodeURIComponent(code)}`,
  parameter: (code) => `/standards/parameters/${encodeURIComponent(code)}`,
  register: (code) => `/registers/${encodeURIComponent(code)}`,
  issue: (code) => `/issues/${encodeURIComponent(code)}`,
  screen: (code) => code,
}

/** Returns the page of a thing; null where its kind has none. */
export const pageOf = (kind: string, code: string): RouteLocationRaw | null => PAGES[kind]?.(code) ?? null

/** The same verbs for every name: open, on the map, curve, history. */
export function verbsOf(kind: string, code: string): { key: string; to: RouteLocationRaw }[] {
  const page = pageOf(kind, code)
  const mapped = ['enterprise', 'outlet', 'place', 'station', 'section', 'well', 'point', 'device', 'region'].includes(kind)
  const measured = ['outlet', 'place', 'station', 'section', 'well', 'point'].includes(kind)
  return [
    ...(page ? [{ key: 'open', to: page }] : []),
    ...(mapped ? [{ key: 'on_map', to: { path: '/map', query: { pick: code } } }] : []),
    ...(measured && page ? [{ key: 'curve', to: `${String(page)}#curve` }] : []),
    { key: 'history', to: { path: '/audit', query: { kind, key: code } } },
  ]
}

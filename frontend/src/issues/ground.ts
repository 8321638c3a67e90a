/** A small quiet map: land, borders and rivers of the atlas, in the colours of the one map. */
import type { FeatureCollection } from 'geojson'
import type { Map as MapLibre } from 'maplibre-gl'
import { get } from '@/api/client'
import { i18n } from '@/app/i18n'
import { useTheme } from '@/app/theme'
import { palette } from '@/map/palette'

type Edges = [number, number, number, number]
interface Ground {
  extent: Edges | null
  boundaries: FeatureCollection
  rivers: FeatureCollection
  lakes: FeatureCollection
}
const NATION: Edges = [73, 18, 135, 54]

/** West, south, east, north of some places; null of none. */
export function boundsOf(spots: number[][]): Edges | null {
  if (!spots.length) return null
  const [x, y] = [spots.map((one) => one[0] ?? 0), spots.map((one) => one[1] ?? 0)]
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)]
}

/** Makes the map and says when it is ready; null where the browser draws none. */
export async function quietMap(container: HTMLElement, bounds: Edges | null, zoom = 13): Promise<MapLibre | null> {
  const [{ Map, setWorkerUrl }, worker] = await Promise.all([import('maplibre-gl'), import('maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'), import('maplibre-gl/dist/maplibre-gl.css')])
  setWorkerUrl(worker.default)
  const ground = await get<Ground>('/api/v1/atlas/basemap').catch(() => null)
  const colours = palette(useTheme().theme)
  try {
    const made = new Map({
      container,
      attributionControl: false,
      cooperativeGestures: true,
      locale: {
        'CooperativeGesturesHandler.WindowsHelpText': i18n.global.t('parts.map_wheel'),
        'CooperativeGesturesHandler.MacHelpText': i18n.global.t('parts.map_wheel_mac'),
        'CooperativeGesturesHandler.MobileHelpText': i18n.global.t('parts.map_fingers'),
      },
      style: { version: 8, sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': colours.water } }] },
      bounds: bounds ?? ground?.extent ?? NATION,
      fitBoundsOptions: { padding: 40, maxZoom: zoom },
    })
    await new Promise<void>((resolve) => made.once('load', () => resolve()))
    if (ground) dress(made, ground, colours)
    return made
  } catch {
    return null
  }
}

function dress(made: MapLibre, ground: Ground, colours: ReturnType<typeof palette>): void {
  for (const name of ['boundaries', 'lakes', 'rivers'] as const) made.addSource(name, { type: 'geojson', data: ground[name] })
  made.addLayer({ id: 'land', type: 'fill', source: 'boundaries', paint: { 'fill-color': colours.land } })
  made.addLayer({ id: 'borders', type: 'line', source: 'boundaries', paint: { 'line-color': colours['border-soft'], 'line-width': 0.6 } })
  made.addLayer({ id: 'lakes', type: 'fill', source: 'lakes', paint: { 'fill-color': colours.water } })
  made.addLayer({ id: 'rivers', type: 'line', source: 'rivers', paint: { 'line-color': colours.river, 'line-width': 1.4 } })
}

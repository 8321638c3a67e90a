/** Hands on the map: drag a box, click corners, set a point; what comes of it goes to the selection or the ruler. */
import { mark } from '@/app/i18n'
import type { Feature } from 'geojson'
import type { Map, MapMouseEvent } from 'maplibre-gl'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { area, inMetres, inSquare, length, sector, type Point } from './geodesy'
import type { Stage } from './stage'

export type Tool = '' | 'box' | 'polygon' | 'distance' | 'area' | 'buffer' | 'nearest' | 'upwind'
export const POINTED: Tool[] = ['buffer', 'nearest', 'upwind']
const CORNERED: Tool[] = ['polygon', 'distance', 'area']

const line = (path: Point[]): Feature => ({
  type: 'Feature',
  properties: {},
  geometry: { type: 'LineString', coordinates: path },
})
const ringOf = (ring: Point[]): Feature => ({
  type: 'Feature',
  properties: {},
  geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!]] },
})
const dot = (at: Point, words?: string): Feature => ({
  type: 'Feature',
  properties: words ? { words } : {},
  geometry: { type: 'Point', coordinates: at },
})

/** What a measure says: the length of a path, or area and rim of a ring. */
export function measured(tool: Tool, corners: Point[]): string {
  if (tool === 'distance') return corners.length > 1 ? inMetres(length(corners)) : ''
  if (corners.length < 3) return ''
  return `${inSquare(area(corners))}${mark('，')}${inMetres(length([...corners, corners[0]!]))}`
}

export function useTools(stage: Ref<Stage | null>, done: (tool: 'box' | 'polygon', ring: Point[]) => void) {
  const tool = ref<Tool>('')
  const corners = shallowRef<Point[]>([])
  const hover = shallowRef<Point | null>(null)
  const finished = ref(false)
  /** The point of buffer, nearest, upwind. */
  const spot = shallowRef<Point | null>(null)
  /** A ring that stays: the selection, a buffer, a sector. */
  const held = shallowRef<Point[]>([])
  const words = computed(() => measured(tool.value, path()))

  const path = (): Point[] => (hover.value && !finished.value ? [...corners.value, hover.value] : corners.value)

  function drawn(): Feature[] {
    const made: Feature[] = held.value.length > 2 ? [ringOf(held.value)] : []
    const now = path()
    if (tool.value === 'box' && now.length === 2) made.push(ringOf(boxOf(now[0]!, now[1]!)))
    else if (tool.value !== 'distance' && now.length > 2) made.push(ringOf(now))
    else if (now.length > 1) made.push(line(now))
    if (CORNERED.includes(tool.value)) made.push(...corners.value.map((corner) => dot(corner)))
    if (words.value && (tool.value === 'distance' || tool.value === 'area')) made.push(dot(now[now.length - 1]!, words.value))
    if (spot.value) made.push(dot(spot.value))
    return made
  }
  watch([tool, corners, hover, held, spot, stage], () => stage.value?.setDrawn(drawn()))

  function take(wanted: Tool): void {
    tool.value = tool.value === wanted ? '' : wanted
    corners.value = []
    hover.value = null
    finished.value = false
    spot.value = null
    if (tool.value) held.value = []
    if (!stage.value) return
    stage.value.busy = tool.value !== ''
    const map = stage.value.map
    map.getCanvas().classList.toggle('drawing', tool.value !== '')
    if (tool.value === 'box') map.dragPan.disable()
    else map.dragPan.enable()
    if (tool.value) map.doubleClickZoom.disable()
    else map.doubleClickZoom.enable()
  }

  function finish(): void {
    if (!CORNERED.includes(tool.value) || corners.value.length < (tool.value === 'distance' ? 2 : 3)) return
    finished.value = true
    hover.value = null
    if (tool.value !== 'polygon') return
    const ring = corners.value
    take('')
    done('polygon', ring)
  }

  const at = (event: MapMouseEvent): Point => [event.lngLat.lng, event.lngLat.lat]
  function click(event: MapMouseEvent): void {
    if (POINTED.includes(tool.value)) spot.value = at(event)
    if (!CORNERED.includes(tool.value)) return
    if (finished.value) {
      corners.value = [at(event)]
      finished.value = false
    } else if (closes(event)) finish()
    else corners.value = [...corners.value, at(event)]
  }
  /** Whether a click is on the last corner, or the first of a ring: then the drawing is done. */
  function closes(event: MapMouseEvent): boolean {
    const map = event.target
    const ends = [corners.value[corners.value.length - 1], tool.value === 'distance' ? undefined : corners.value[0]]
    return ends.some((end) => end && map.project(end).dist(event.point) < 9)
  }
  function down(event: MapMouseEvent): void {
    if (tool.value === 'box') corners.value = [at(event)]
  }
  function move(event: MapMouseEvent): void {
    const drawing = CORNERED.includes(tool.value) || (tool.value === 'box' && corners.value.length === 1)
    if (drawing && corners.value.length > 0 && !finished.value) hover.value = at(event)
  }
  function up(event: MapMouseEvent): void {
    const start = corners.value[0]
    if (tool.value !== 'box' || !start) return
    const ring = boxOf(start, at(event))
    const wide = event.target.project(start).dist(event.point) > 4
    take('')
    if (wide) done('box', ring)
  }
  function key(event: KeyboardEvent): void {
    if (event.key === 'Escape') take('')
    if (event.key === 'Enter') finish()
  }

  function bind(map: Map): void {
    map.on('click', click)
    map.on('mousedown', down)
    map.on('mousemove', move)
    map.on('mouseup', up)
    map.on('dblclick', finish)
    map.on('touchstart', (event) => down(event as unknown as MapMouseEvent))
    map.on('touchmove', (event) => move(event as unknown as MapMouseEvent))
    map.on('touchend', (event) => up(event as unknown as MapMouseEvent))
  }
  const circle = (metres: number, from = 0, to = 360): void => {
    if (spot.value) held.value = sector(spot.value, metres, from, to)
  }
  return { tool, corners, spot, held, words, take, finish, bind, key, circle }
}

export const boxOf = ([x1, y1]: Point, [x2, y2]: Point): Point[] => [
  [x1, y1],
  [x2, y1],
  [x2, y2],
  [x1, y2],
]
export type Tools = ReturnType<typeof useTools>

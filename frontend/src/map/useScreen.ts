/** The screen's own state: the stage and what it holds, what is picked, hovered, compared, blown. */
import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue'
import { useClock } from '@/app/clock'
import { i18n } from '@/app/i18n'
import { useTheme } from '@/app/theme'
import { faultOf, fetchBase, fetchWind, type Base } from './atlas'
import type { MapAddress } from './address'
import type { Furnishing } from './furnish'
import { furnish } from './furnish'
import type { Point } from './geodesy'
import { palette } from './palette'
import { useSelection } from './selection'
import { clear, Stage, type Pointed } from './stage'
import type { Layers } from './useLayers'
import { useMarks } from './useMarks'
import type { Play } from './usePlay'
import { WindLayer } from './wind'

export type ScreenState = 'loading' | 'ready' | 'no_right' | 'error' | 'no_webgl'

/** Whether maps are drawn by the processor alone; then edges are left rough and the simple map is offered. */
function slowDrawing(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  const named = context?.getExtension('WEBGL_debug_renderer_info')
  const words = named ? String(context!.getParameter(named.UNMASKED_RENDERER_WEBGL)) : ''
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return /swiftshader|llvmpipe|software|basic render/i.test(words)
}

const KEPT_SIMPLE = 'huanzhi.map.simple'

export function useScreen(first: MapAddress, layers: Layers, play: Play, box: Ref<HTMLElement | undefined>) {
  const clock = useClock()
  const theme = useTheme()
  const selection = useSelection()
  const stage = shallowRef<Stage | null>(null)
  const base = shallowRef<Base | null>(null)
  const state = ref<ScreenState>('loading')
  const fault = ref('')
  const centre = shallowRef<Point | null>(first.centre)
  const zoom = ref<number | null>(first.zoom)
  const picked = ref(first.pick)
  const hovered = shallowRef<Pointed | null>(null)
  const inView = shallowRef<Set<string> | null>(null)
  const wind = ref(first.wind)
  const simple = ref(first.simple || localStorage.getItem(KEPT_SIMPLE) === 'yes')
  const windNote = ref('')
  /** When the wind shown was measured [ms]; 0 while none is. */
  const windTime = ref(0)
  const slow = slowDrawing()
  const marks = useMarks(layers, stage, play.framesAt)
  let blowing: WindLayer | null = null

  const pickedMark = computed(() => (picked.value ? marks.markOf(picked.value) : null))
  const hoveredMark = computed(() => (hovered.value ? marks.markOf(hovered.value.code) : null))
  const lit = computed(() => (picked.value ? [picked.value] : selection.filtering ? [] : selection.chosen))

  const furnishing = (): Furnishing => ({
    layers: layers.layers.value,
    base: base.value,
    shapes: marks.shapes.value,
    marks: marks.seen.value,
    patterns: theme.colourBlind,
    chosen: lit.value,
    picked: pickedMark.value,
  })

  async function open(onPick: (pointed: Pointed) => void, onBare: (at: Point) => void): Promise<void> {
    const made = raise()
    if (!made) return
    made.onPoint((pointed) => (hovered.value = pointed))
    made.onPick(onPick, onBare)
    await made.ready()
    stage.value = made
    keep(made)
    Object.assign(window, { __map: made.map })
    made.map.on('moveend', () => keep(made))
    made.map.on('idle', () => {
      inView.value = made.drawn()
      marks.takeDrawn()
    })
    if (layers.layers.value.length > 0) furnish(made, furnishing())
    if (wind.value) void blow()
  }
  function raise(): Stage | null {
    try {
      return new Stage({
        container: box.value!,
        theme: theme.theme,
        centre: centre.value,
        zoom: zoom.value,
        ...(base.value?.extent ? { bounds: base.value.extent } : {}),
        simple: simple.value,
        name: i18n.global.t('map.aria'),
        smooth: !slow,
        colourOf: marks.colourOf,
      })
    } catch (error) {
      state.value = 'no_webgl'
      fault.value = (error as Error).message
      return null
    }
  }
  function keep(made: Stage): void {
    const { lng, lat } = made.map.getCenter()
    centre.value = [lng, lat]
    zoom.value = made.map.getZoom()
  }

  /** Reads layers and base; the stage opens with them. */
  async function load(): Promise<void> {
    try {
      const [, found] = await Promise.all([layers.load(first.layers), fetchBase()])
      base.value = found
      state.value = 'ready'
    } catch (error) {
      const met = faultOf(error)
      state.value = met.state === 'no_right' ? 'no_right' : 'error'
      fault.value = met.words
    }
  }

  function close(): void {
    blowing?.remove()
    blowing = null
    stage.value?.remove()
    stage.value = null
  }
  onBeforeUnmount(close)

  async function blow(): Promise<void> {
    blowing?.remove()
    blowing = null
    windNote.value = ''
    windTime.value = 0
    if (!wind.value || !stage.value || simple.value) return
    const layer = new WindLayer(stage.value.map, palette(theme.theme).wind)
    blowing = layer
    try {
      const found = await fetchWind(clock.at)
      windTime.value = found.time
      if (blowing === layer) layer.show(found.samples)
    } catch (error) {
      windNote.value = faultOf(error).words
    }
  }
  watch([wind, () => clock.at, () => theme.theme], () => void blow())

  watch(layers.layers, () => stage.value?.setLayers(layers.layers.value))
  watch([lit, pickedMark, stage], () => stage.value?.choose(lit.value, pickedMark.value))
  watch(() => theme.theme, (wanted) => stage.value?.restyle(wanted))
  watch(simple, (on) => localStorage.setItem(KEPT_SIMPLE, on ? 'yes' : 'no'))

  /** Brings a point into the middle, close enough to be seen alone. */
  function fly(at: Point, close = 12.5): void {
    const map = stage.value?.map
    map?.jumpTo({ center: at, zoom: Math.max(map.getZoom(), close) })
  }
  function home(): void {
    if (base.value?.extent) stage.value?.map.fitBounds(base.value.extent, { animate: false, padding: clear() })
  }

  return {
    stage, base, state, fault, centre, zoom, picked, hovered, inView, wind, windNote, windTime, simple, slow, marks,
    pickedMark, hoveredMark, furnishing, open, load, close, fly, home,
  }
}

/** The features of the layers shown: read, kept fresh, moved by the clock, filtered by the selection, given to the map. */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { useClock } from '@/app/clock'
import { useTheme } from '@/app/theme'
import { listen } from '@/parts/events'
import { fetchFeatures, fetchLegend, faultOf, isBase, tilesOf } from './atlas'
import { iso, readTime } from './bins'
import { asAt, dress } from './dress'
import { instant, type Frames } from './frames'
import { darkInk } from './marks'
import type { Layer, Legend, MarkFeature, Shapes } from './model'
import { useSelection } from './selection'
import type { Stage } from './stage'
import type { Layers } from './useLayers'

const PAUSE = 5_000
const ROUND = 60_000

export function useMarks(layers: Layers, stage: Ref<Stage | null>, framesAt: (code: string) => { frames: Frames; index: number } | null) {
  const clock = useClock()
  const theme = useTheme()
  const selection = useSelection()
  const held = shallowRef(new Map<string, MarkFeature[]>())
  const shapes = shallowRef(new Map<string, Shapes>())
  const legends = shallowRef(new Map<string, Legend>())
  const read = ref(0)
  let asked = new Map<string, string>()

  const gradesOf = (code: string) => legends.value.get(code)?.grades ?? []
  const colourOf = (code: string, level: number): string => gradesOf(code).find((grade) => grade.level === level)?.colour ?? ''

  /** Marks of a layer as the clock has them. */
  function atClock(code: string): MarkFeature[] {
    const marks = held.value.get(code) ?? []
    const there = clock.at && !layers.tiled.value.has(code) ? framesAt(code) : null
    if (!there) return marks
    const shorts = new Map(gradesOf(code).map((grade) => [grade.level, grade.short]))
    const named = layers.picks.value[code] === undefined || layers.picks.value[code] === 'class'
    const shown = instant(there.frames, there.index, (level) => (named ? (shorts.get(level) ?? '') : ''))
    return asAt(marks, shown, gradesOf(code), iso(there.frames.times[there.index]!))
  }
  /** Marks of the layers shown, as seen: by the clock, within the filter. */
  const seen = computed(
    () =>
      new Map(
        layers.shownMarks.value
          .filter((layer) => held.value.has(layer.code))
          .map((layer) => [layer.code, atClock(layer.code).filter((mark) => selection.has(mark.properties.code))]),
      ),
  )
  const all = computed(() => [...seen.value.values()].flat())

  function give(): void {
    if (!stage.value) return
    for (const layer of layers.shownMarks.value) {
      if (layers.tiled.value.has(layer.code)) {
        giveTiles(layer)
        continue
      }
      const found = seen.value.get(layer.code)
      if (found) stage.value.setData(layer.code, dress(found, theme.colourBlind))
    }
  }
  watch([seen, () => theme.colourBlind, stage], give)

  function giveTiles(layer: Layer): void {
    const light = gradesOf(layer.code).map((grade) => grade.colour.toLowerCase()).filter((colour) => !darkInk(colour))
    const asked = { parameter: layers.picks.value[layer.code] ?? '', at: clock.at }
    stage.value?.setTiles(layer.code, tilesOf(layer.code, asked), theme.colourBlind, light)
    stage.value?.keep(layer.code, selection.codes)
  }
  /** Takes what is drawn of the layers of tiles: it is all that the list and the card can know of them. */
  function takeDrawn(): void {
    const drawn = layers.shownMarks.value.filter((layer) => layers.tiled.value.has(layer.code))
    if (drawn.length === 0 || !stage.value) return
    held.value = new Map([...held.value, ...drawn.map((layer) => [layer.code, stage.value!.tileMarks(layer.code)] as const)])
  }

  const momentOf = (layer: Layer): string | null => (clock.at && !framesAt(layer.code) ? clock.at : null)

  async function load(layer: Layer, again = false): Promise<void> {
    const parameter = layers.picks.value[layer.code] ?? ''
    const at = momentOf(layer)
    const key = `${parameter}|${at}`
    if ((!again && asked.get(layer.code) === key)) return
    asked.set(layer.code, key)
    if (!held.value.has(layer.code) && !shapes.value.has(layer.code)) say(layer.code, 'loading')
    try {
      const [found, legend] = await Promise.all([
        layers.tiled.value.has(layer.code) ? null : fetchFeatures(layer.code, { parameter, at }),
        layer.judge ? fetchLegend(layer.code, at) : null,
      ])
      if (asked.get(layer.code) !== key) return
      if (legend) legends.value = new Map(legends.value).set(layer.code, legend)
      if (found && layer.kind === 'mark' && found.features.length > layers.tilesAbove.value) layers.tile(layer.code)
      if (found && !layers.tiled.value.has(layer.code)) take(layer, found)
      else give()
      say(layer.code, 'ready')
    } catch (fault) {
      asked.delete(layer.code)
      const { state, words } = faultOf(fault)
      layers.faults.value = { ...layers.faults.value, [layer.code]: words }
      say(layer.code, held.value.has(layer.code) ? 'partial' : state)
    }
  }
  function take(layer: Layer, found: Shapes): void {
    read.value = Date.now()
    if (layer.kind === 'mark') {
      held.value = new Map(held.value).set(layer.code, found.features as MarkFeature[])
    } else {
      shapes.value = new Map(shapes.value).set(layer.code, found)
      stage.value?.setData(layer.code, found)
    }
  }
  const say = (code: string, state: Layers['states']['value'][string]): void => {
    layers.states.value = { ...layers.states.value, [code]: state }
  }

  const shown = (): Layer[] => layers.layers.value.filter((layer) => layer.shown && !isBase(layer.code))
  async function loadAll(again = false): Promise<void> {
    await Promise.all(shown().map((layer) => load(layer, again && layer.kind === 'mark')))
  }
  watch([layers.layers, layers.picks, () => clock.at], () => void loadAll())

  let waiting: ReturnType<typeof setTimeout> | undefined
  const renew = (): void => {
    if (clock.at !== null || document.hidden) return
    waiting ??= setTimeout(() => {
      waiting = undefined
      void loadAll(true)
    }, PAUSE)
  }
  const stop = listen(['values'], renew)
  const round = setInterval(renew, ROUND)
  onScopeDispose(() => {
    stop()
    clearInterval(round)
    clearTimeout(waiting)
  })

  /** The mark of a place, wherever it is. */
  function markOf(code: string): MarkFeature | null {
    for (const marks of [...seen.value.values(), ...held.value.values()]) {
      const found = marks.find((mark) => mark.properties.code === code)
      if (found) return found
    }
    return null
  }
  /** Newest time of the values shown [ms]; 0 before any. */
  const newest = computed(() => Math.max(0, ...all.value.map((mark) => (mark.properties.time ? readTime(mark.properties.time) : 0))))
  const simulated = computed(() => all.value.some((mark) => mark.properties.simulated))

  return { held, shapes, legends, seen, all, read, newest, simulated, colourOf, gradesOf, markOf, loadAll, takeDrawn }
}
export type Marks = ReturnType<typeof useMarks>

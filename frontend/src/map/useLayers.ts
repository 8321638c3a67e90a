/** The layers of the map: declared by the API, ordered and dimmed by the reader, remembered. */
import { computed, ref } from 'vue'
import { fetchRoom } from './atlas'
import { readLayers, writeLayers, type LayerChoice } from './address'
import type { Layer, LayerState, Theme } from './model'

const KEPT = 'huanzhi.map.layers'
const TILED = 'huanzhi.map.tiled'

/** Lays what the reader chose over what is declared; layers that the choice does not know keep their place. */
export function chosen(declared: Layer[], choices: LayerChoice[]): { layers: Layer[]; picks: Record<string, string> } {
  const wanted = new Map(choices.map((choice, index) => [choice.name, { ...choice, index }]))
  const picks: Record<string, string> = {}
  const layers = declared.map((layer) => {
    const choice = wanted.get(layer.code)
    if (!choice) return layer
    if (choice.choice && layer.choices.some((one) => one.code === choice.choice)) picks[layer.code] = choice.choice
    return { ...layer, shown: choice.shown, opacity: choice.opacity }
  })
  const known = layers.filter((layer) => wanted.has(layer.code))
  known.sort((one, other) => wanted.get(one.code)!.index - wanted.get(other.code)!.index)
  let next = 0
  return { layers: layers.map((layer) => (wanted.has(layer.code) ? known[next++]! : layer)), picks }
}

const plainly = (layers: Layer[], picks: Record<string, string>): LayerChoice[] =>
  layers.map(({ code, shown, opacity }) => ({ name: code, shown, opacity, choice: picks[code] ?? '' }))

export function useLayers() {
  const themes = ref<Theme[]>([])
  const layers = ref<Layer[]>([])
  const picks = ref<Record<string, string>>({})
  const states = ref<Record<string, LayerState>>({})
  const declared = ref('')
  const tilesAbove = ref(Infinity)
  /** Layers known to be too large for one answer: they come as tiles. */
  const tiled = ref(new Set((localStorage.getItem(TILED) ?? '').split(',').filter(Boolean)))
  function tile(code: string): void {
    tiled.value = new Set(tiled.value).add(code)
    localStorage.setItem(TILED, [...tiled.value].join())
  }
  const faults = ref<Record<string, string>>({})

  async function load(fromAddress: LayerChoice[]): Promise<void> {
    const room = await fetchRoom()
    const choices = fromAddress.length > 0 ? fromAddress : readLayers(localStorage.getItem(KEPT) ?? '')
    declared.value = writeLayers(plainly(room.layers, {}))
    const made = chosen(room.layers, choices)
    themes.value = room.themes
    tilesAbove.value = room.tilesAbove
    layers.value = made.layers
    picks.value = made.picks
  }
  const choices = computed<LayerChoice[]>(() => plainly(layers.value, picks.value))
  /** Whether the reader changed anything; if not, neither address nor memory needs to say so. */
  const changed = computed(() => writeLayers(choices.value) !== declared.value)
  const remember = (): void => localStorage.setItem(KEPT, writeLayers(choices.value))

  function change(code: string, change: Partial<Pick<Layer, 'shown' | 'opacity'>>): void {
    layers.value = layers.value.map((layer) => (layer.code === code ? { ...layer, ...change } : layer))
    remember()
  }
  /** Moves a layer one step up (drawn later) or down among those of its own kind of drawing. */
  function move(code: string, step: 1 | -1): void {
    const same = (layer: Layer): boolean => (layer.kind === 'mark') === (find(code)?.kind === 'mark')
    const from = layers.value.findIndex((layer) => layer.code === code)
    let to = from + step
    while (layers.value[to] && !same(layers.value[to]!)) to += step
    if (layers.value[to]) put(code, to)
  }
  function put(code: string, to: number): void {
    const rest = layers.value.filter((layer) => layer.code !== code)
    rest.splice(to, 0, find(code)!)
    layers.value = rest
    remember()
  }
  function pick(code: string, parameter: string): void {
    picks.value = { ...picks.value, [code]: parameter }
    remember()
  }
  const find = (code: string): Layer | undefined => layers.value.find((layer) => layer.code === code)
  const shownMarks = computed(() => layers.value.filter((layer) => layer.shown && layer.kind === 'mark'))
  /** As declared again. */
  async function reset(): Promise<void> {
    localStorage.removeItem(KEPT)
    localStorage.removeItem(TILED)
    tiled.value = new Set()
    await load([])
  }
  return { themes, layers, picks, states, faults, choices, changed, tiled, tile, tilesAbove, shownMarks, load, change, move, put, pick, find, reset }
}
export type Layers = ReturnType<typeof useLayers>

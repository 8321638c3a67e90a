/** The look of the quiet base and of each kind of layer, all colours from the palette. */
import type {
  ExpressionSpecification,
  FillLayerSpecification,
  LayerSpecification,
  LineLayerSpecification,
  StyleSpecification,
  SymbolLayerSpecification,
} from 'maplibre-gl'
import { readName } from './marks'
import type { Layer } from './model'
import type { Palette } from './palette'

export const FONTS = '"Source Han Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC","WenQuanYi Micro Hei",sans-serif'
export const CLUSTER_TO = 12
export const CLUSTER_FROM = 60
export const MANY = 2_000

type Ex = ExpressionSpecification

/** An empty style: everything comes as layers. */
export const blank = (colours: Palette): StyleSpecification => ({
  version: 8,
  sources: {},
  layers: [{ id: 'ground', type: 'background', paint: { 'background-color': colours.water } }],
})

const byZoom = (...stops: [number, number][]): Ex => ['interpolate', ['linear'], ['zoom'], ...stops.flat()] as Ex

type Paint = Record<string, unknown>

/** Base layers by code: fills with their outline, and lines with their weight. */
function fills(colours: Palette): Record<string, { fill: Paint; line?: Paint }> {
  const edge = (colour: string, width: Ex | number, dash?: number[]): Paint => ({
    'line-color': colour,
    'line-width': width,
    ...(dash ? { 'line-dasharray': dash } : {}),
  })
  return {
    sea_area: { fill: { 'fill-color': colours.water } },
    district: {
      fill: { 'fill-color': colours.land },
      line: edge(colours.border, byZoom([7, 0.6], [12, 1.4])),
    },
    township: { fill: {}, line: edge(colours['border-soft'], byZoom([9, 0.4], [13, 1]), [3, 2]) },
    lakes: { fill: { 'fill-color': colours.water }, line: edge(colours.river, 0.6) },
    rivers: { fill: {}, line: edge(colours.river, byZoom([8, 1], [13, 3.5])) },
    coast: { fill: {}, line: edge(colours.coast, byZoom([7, 0.8], [12, 1.6])) },
    parks: { fill: {}, line: edge(colours.park, 1, [4, 2]) },
  }
}

/** Layers of one that is drawn as area or line; unknown ones take the colour of their features. */
export function shapesOf(layer: Layer, colours: Palette): LayerSpecification[] {
  const source = `S.${layer.code}`
  const zooms = { minzoom: layer.minZoom, maxzoom: layer.maxZoom }
  const known = fills(colours)[layer.code]
  const own: Ex = ['coalesce', ['get', 'colour'], colours['name-soft']]
  const fill = known ? known.fill : { 'fill-color': own }
  const line = known ? known.line : { 'line-color': layer.kind === 'fill' ? colours['border-soft'] : own, 'line-width': layer.kind === 'fill' ? 0.4 : 2 }
  const made: LayerSpecification[] = []
  if (layer.kind === 'fill' && Object.keys(fill).length > 0) {
    made.push({ id: `${layer.code}.fill`, type: 'fill', source, ...zooms, paint: fill } as FillLayerSpecification)
  }
  if (line) {
    const join = { 'line-join': 'round', 'line-cap': 'round' } as const
    made.push({ id: `${layer.code}.line`, type: 'line', source, ...zooms, layout: join, paint: line } as LineLayerSpecification)
  }
  return made
}

const signSize: Ex = ['step', ['length', ['get', 'sign']], 11, 3, 10, 4, 8.5, 5, 7.5]

/** What a mark of a tile looks like, by its own properties: the same names of images as `marks.nameOf`. */
const KNOWN: Ex = ['in', ['get', 'state'], ['literal', ['value', 'under_review']]]
function tileIcon(patterns: boolean): Ex {
  const colour: Ex = ['case', KNOWN, ['downcase', ['to-string', ['get', 'colour']]], '']
  const pattern: Ex = patterns ? ['case', KNOWN, ['to-string', ['min', 6, ['get', 'level']]], '0'] : ['literal', '0'] as unknown as Ex
  return [
    'concat', 'mark|', ['get', 'shape'], '|', colour, '|',
    ['case', ['==', ['get', 'state'], 'under_review'], 'r', ''], '|',
    ['case', ['==', ['get', 'simulated'], true], 's', ''], '|', pattern,
  ]
}

/** Layers of marks that come as tiles; `light` are the colours on which light ink stands. */
export function tiledOf(layer: Layer, colours: Palette, patterns: boolean, light: string[]): SymbolLayerSpecification[] {
  const [names, marks] = marksOf(layer, colours, true)
  const sign: Ex = ['case', ['<=', ['length', ['to-string', ['get', 'number']]], 5], ['to-string', ['get', 'number']], '']
  const onLight: Ex = ['all', KNOWN, ['in', ['downcase', ['to-string', ['get', 'colour']]], ['literal', light]]]
  const place = { 'source-layer': layer.code }
  return [
    { ...names!, ...place, minzoom: Math.max(layer.minZoom, 14) },
    {
      ...marks!,
      ...place,
      layout: { ...marks!.layout, 'icon-image': tileIcon(patterns), 'text-field': sign, 'text-size': 9 },
      paint: { 'text-color': ['case', onLight, colours['ink-light'], colours['ink-dark']] },
    },
  ]
}

/** Layers of marks: clusters as symbols, marks with their sign, names beneath them where there is room. */
export function marksOf(layer: Layer, colours: Palette, simple: boolean): SymbolLayerSpecification[] {
  const source = `S.${layer.code}`
  const zooms = { minzoom: layer.minZoom, maxzoom: layer.maxZoom }
  const names: SymbolLayerSpecification = {
    id: `${layer.code}.name`,
    type: 'symbol',
    source,
    minzoom: Math.max(layer.minZoom, simple ? 13 : 11),
    maxzoom: layer.maxZoom,
    filter: ['!', ['has', 'point_count']],
    layout: {
      'text-field': ['get', 'name'],
      'text-font': ['sans-serif'],
      'text-size': 11,
      'text-anchor': 'top',
      'text-offset': [0, 2],
      'text-max-width': 9,
    },
    paint: { 'text-color': colours.name, 'text-halo-color': colours.halo, 'text-halo-width': 1.4 },
  }
  const marks: SymbolLayerSpecification = {
    id: `${layer.code}.mark`,
    type: 'symbol',
    source,
    ...zooms,
    filter: ['!', ['has', 'point_count']],
    layout: {
      'icon-image': ['get', 'icon'],
      'icon-overlap': 'always',
      'icon-size': byZoom([7, 0.72], [10, 0.9], [12, 1]),
      'symbol-sort-key': ['get', 'level'],
      'text-field': ['get', 'sign'],
      'text-font': ['sans-serif'],
      'text-size': signSize,
      'text-overlap': 'always',
      'text-offset': ['case', ['==', ['get', 'shape'], 'triangle'], ['literal', [0, 0.15]], ['literal', [0, 0]]],
    },
    paint: { 'text-color': ['case', ['==', ['get', 'ink'], 'd'], colours['ink-dark'], colours['ink-light']] },
  }
  const clusters: SymbolLayerSpecification = {
    id: `${layer.code}.cluster`,
    type: 'symbol',
    source,
    ...zooms,
    filter: ['has', 'point_count'],
    layout: {
      'icon-image': ['concat', 'cluster|', ['to-string', ['get', 'worst']], `|${layer.code}`],
      'icon-overlap': 'always',
      'text-field': ['get', 'point_count_abbreviated'],
      'text-font': ['sans-serif'],
      'text-size': 11,
      'text-overlap': 'always',
    },
    paint: { 'text-color': colours.name },
  }
  return [names, marks, clusters]
}

/** The opacity of marks: the chosen in full, the rest dimmed. */
export function dimmed(opacity: number, chosen: string[]): Ex | number {
  const full = opacity / 100
  if (chosen.length === 0) return full
  return ['case', ['in', ['get', 'code'], ['literal', chosen]], full, full * 0.28] as Ex
}

/** The opacity of clusters while something is chosen. */
export const dimmedCluster = (opacity: number, chosen: string[]): number => (opacity / 100) * (chosen.length ? 0.4 : 1)

/** Names of the base: districts in their own weight, water in its own. */
export const namesOf = (colours: Palette): SymbolLayerSpecification[] => {
  const layout = (size: Ex, letter: number): SymbolLayerSpecification['layout'] => ({
    'text-field': ['get', 'name'],
    'text-font': ['sans-serif'],
    'text-size': size,
    'text-letter-spacing': letter,
    'text-max-width': 8,
    'text-padding': 4,
  })
  const paint = (colour: string): SymbolLayerSpecification['paint'] => ({
    'text-color': colour,
    'text-halo-color': colours.halo,
    'text-halo-width': 1.2,
  })
  const group = (id: string, kinds: string[], minzoom: number, size: Ex, letter: number, colour: string): SymbolLayerSpecification => ({
    id: `names.${id}`,
    type: 'symbol',
    source: 'S.names',
    minzoom,
    filter: ['in', ['get', 'kind'], ['literal', kinds]],
    layout: layout(size, letter),
    paint: paint(colour),
  })
  return [
    group('park', ['park'], 11, byZoom([11, 10], [14, 12]), 0, colours.park),
    group('township', ['township'], 10.5, byZoom([10, 10], [14, 13]), 0.05, colours['name-soft']),
    group('water', ['river', 'lake', 'sea', 'coast'], 8, byZoom([8, 10], [13, 13]), 0.15, colours['name-water']),
    group('district', ['district', 'county', 'city', 'island'], 0, byZoom([7, 11], [12, 16]), 0.25, colours.name),
  ]
}

/** What people draw: selection, buffer, sector, measure. */
export const drawnOf = (colours: Palette): LayerSpecification[] => [
  {
    id: 'drawn.fill',
    type: 'fill',
    source: 'S.drawn',
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': colours.draw, 'fill-opacity': 0.08 },
  },
  {
    id: 'drawn.line',
    type: 'line',
    source: 'S.drawn',
    filter: ['!=', ['geometry-type'], 'Point'],
    paint: { 'line-color': colours.draw, 'line-width': 1.6, 'line-dasharray': [3, 1.5] },
  },
  {
    id: 'drawn.point',
    type: 'circle',
    source: 'S.drawn',
    filter: ['all', ['==', ['geometry-type'], 'Point'], ['!', ['has', 'words']]],
    paint: {
      'circle-radius': 4,
      'circle-color': colours.halo,
      'circle-stroke-color': colours.draw,
      'circle-stroke-width': 2,
    },
  },
  {
    id: 'drawn.words',
    type: 'symbol',
    source: 'S.drawn',
    filter: ['has', 'words'],
    layout: {
      'text-field': ['get', 'words'],
      'text-font': ['sans-serif'],
      'text-size': 12,
      'text-overlap': 'always',
      'text-offset': [0, -1.2],
    },
    paint: { 'text-color': colours.draw, 'text-halo-color': colours.halo, 'text-halo-width': 2 },
  },
]

/** Rings around what is chosen. */
export const chosenOf = (colours: Palette): LayerSpecification[] => [
  {
    id: 'chosen.ring',
    type: 'circle',
    source: 'S.chosen',
    paint: {
      'circle-radius': 19,
      'circle-color': 'transparent',
      'circle-stroke-color': colours.choose,
      'circle-stroke-width': 3,
    },
  },
]

/** The mark that an image name asks for: of a place, or of a cluster by the worst level in it. */
export function lookNamed(id: string, colourOf: (layer: string, level: number) => string) {
  if (!id.startsWith('cluster|')) return readName(id)
  const [, worst, layer] = id.split('|')
  return { shape: 'cluster', colour: colourOf(layer ?? '', Number(worst)), review: false, simulated: false, pattern: 0 } as const
}

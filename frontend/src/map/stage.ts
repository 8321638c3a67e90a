/** One map on the screen: layers in order, marks, what is drawn and chosen. Knows MapLibre; knows no API. */
import 'maplibre-gl/dist/maplibre-gl.css'
import {
  GeoJSONSource,
  Map,
  prewarm,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSourceSpecification,
  type MapGeoJSONFeature,
  type MapMouseEvent,
  type LngLatBoundsLike,
  type VectorTileSource,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Feature, FeatureCollection } from 'geojson'
import type { Point } from './geodesy'
import type { Layer, Mark, MarkFeature, Shapes } from './model'
import { picture } from './paint'
import { inksOf, palette, type MapTheme, type Palette } from './palette'
import * as style from './style'

setWorkerUrl(workerUrl)
prewarm()

/** Pixels at the edges in which nothing is put when the whole city is shown: the legend stands at the right of a desk. */
export const clear = () => ({ top: 24, bottom: 24, left: 24, right: matchMedia('(min-width: 901px)').matches ? 264 : 24 })

export const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] }

export interface StageOptions {
  container: HTMLElement
  theme: MapTheme
  centre: Point | null
  zoom: number | null
  bounds?: LngLatBoundsLike
  simple: boolean
  /** What the map is called for who cannot see it. */
  name?: string
  /** Smooth edges; too dear where the processor draws. */
  smooth?: boolean
  interactive?: boolean
  /** Device pixels a CSS pixel; that of the screen where absent. */
  ratio?: number
  /** Keep what is drawn, so that it can be read back. */
  keep?: boolean
  colourOf: (layer: string, level: number) => string
}

export interface Pointed {
  code: string
  layer: string
  at: Point
  pixel: { x: number; y: number }
}

/** Many marks stay clustered longer, or they would lie upon one another. */
const clusteringOf = (count: number) =>
  ({
    cluster: true,
    clusterMaxZoom: count > style.MANY ? style.CLUSTER_TO + 2 : style.CLUSTER_TO,
    clusterRadius: 44,
    clusterProperties: { worst: ['max', ['coalesce', ['get', 'level'], 0]] },
  }) satisfies Partial<GeoJSONSourceSpecification>

/** Slots between which layers are put, bottom to top. */
const SLOTS = ['slot.shapes', 'slot.drawn', 'slot.names', 'slot.marks', 'slot.top'] as const

export class Stage {
  readonly map: Map
  private readonly layers = new globalThis.Map<string, Layer>()
  private colours: Palette
  private chosen: string[] = []
  /** While something is drawn, clicks are not for marks. */
  busy = false
  private order = ''
  private wanted: Layer[] = []
  /** Layers that come as tiles, with their address. */
  private readonly tiles = new globalThis.Map<string, string>()
  private patterns = false
  private lightOn: string[] = []

  constructor(private readonly options: StageOptions) {
    this.colours = palette(options.theme)
    const { centre, zoom } = options
    this.map = new Map({
      container: options.container,
      style: style.blank(this.colours),
      ...(centre ? { center: centre, zoom: zoom ?? 10 } : { bounds: options.bounds ?? [118, 27, 123, 32] }),
      fitBoundsOptions: { padding: options.interactive === false ? 24 : clear() },
      ...(options.name ? { locale: { 'Map.Title': options.name } } : {}),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      interactive: options.interactive ?? true,
      localIdeographFontFamily: style.FONTS,
      canvasContextAttributes: { antialias: options.smooth ?? !options.simple, preserveDrawingBuffer: options.keep ?? false },
      ...(this.ratio ? { pixelRatio: this.ratio } : {}),
      minZoom: 3,
      maxZoom: 19,
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new ScaleControl({ maxWidth: 110, unit: 'metric' }), 'bottom-left')
    this.map.setMissingStyleImageResolver((id) => this.draw(id))
  }

  private get ratio(): number | undefined {
    return this.options.ratio ?? (this.options.simple ? 1 : undefined)
  }

  /** Resolves when the style can take layers. */
  ready(): Promise<void> {
    return new Promise((done) => {
      const begin = (): void => {
        this.scaffold()
        done()
      }
      if (this.map.isStyleLoaded()) begin()
      else void this.map.once('style.load', begin)
    })
  }

  /** Resolves at the next moment when all is drawn. */
  idle(): Promise<void> {
    return new Promise((done) => void this.map.once('idle', () => done()))
  }

  private scaffold(): void {
    for (const id of SLOTS) this.map.addLayer({ id, type: 'background', layout: { visibility: 'none' } })
    for (const id of ['S.drawn', 'S.chosen', 'S.names']) this.map.addSource(id, { type: 'geojson', data: NOTHING })
    for (const one of style.drawnOf(this.colours)) this.map.addLayer(one, 'slot.names')
    for (const one of style.namesOf(this.colours)) this.map.addLayer(one, 'slot.marks')
    for (const one of style.chosenOf(this.colours)) this.map.addLayer(one, 'slot.marks')
  }

  private draw(id: string): void {
    const look = style.lookNamed(id, this.options.colourOf)
    if (!look || this.map.hasImage(id)) return
    const ratio = this.ratio ?? Math.max(2, Math.ceil(devicePixelRatio))
    this.map.addImage(id, picture(look, inksOf(this.colours), ratio), { pixelRatio: ratio })
  }

  /** Takes the colours of another theme; what is on the map stays. */
  restyle(theme: MapTheme): void {
    this.colours = palette(theme)
    for (const id of this.map.listImages()) if (/^(mark|cluster)\|/.test(id)) this.map.removeImage(id)
    this.map.setPaintProperty('ground', 'background-color', this.colours.water)
    const fixed = [...style.drawnOf(this.colours), ...style.namesOf(this.colours), ...style.chosenOf(this.colours)]
    const own = [...this.layers.values()].flatMap((layer) => this.specsOf(layer))
    for (const { id, paint } of [...fixed, ...own]) {
      for (const [name, value] of Object.entries(paint ?? {})) this.map.setPaintProperty(id, name as never, value as never)
    }
    for (const layer of this.layers.values()) this.fade(layer)
    this.map.triggerRepaint()
  }

  private specsOf(layer: Layer) {
    if (this.tiles.has(layer.code)) return style.tiledOf(layer, this.colours, this.patterns, this.lightOn)
    if (layer.kind === 'mark') return style.marksOf(layer, this.colours, this.options.simple)
    return style.shapesOf(layer, this.colours)
  }

  /** Brings the map to these layers, in this order, bottom first; those without features yet come with them. */
  setLayers(layers: Layer[]): void {
    this.wanted = layers
    for (const layer of layers) {
      if (!this.layers.has(layer.code)) continue
      this.layers.set(layer.code, layer)
      for (const { id } of this.specsOf(layer)) {
        this.map.setLayoutProperty(id, 'visibility', layer.shown ? 'visible' : 'none')
      }
      this.fade(layer)
    }
    this.arrange(layers.filter((layer) => this.layers.has(layer.code)))
  }

  private add(layer: Layer, data: Shapes): void {
    const count = data.features.length
    const clustering = layer.kind === 'mark' && count >= style.CLUSTER_FROM
    this.map.addSource(`S.${layer.code}`, { type: 'geojson', data, ...(clustering ? clusteringOf(count) : {}) })
    const slot = layer.kind === 'mark' ? 'slot.top' : 'slot.drawn'
    for (const one of this.specsOf(layer)) this.map.addLayer(one, slot)
    this.layers.set(layer.code, layer)
    this.setLayers(this.wanted)
  }

  private arrange(layers: Layer[]): void {
    const order = layers.map((layer) => layer.code).join()
    if (order === this.order) return
    this.order = order
    for (const layer of layers) {
      const slot = layer.kind === 'mark' ? 'slot.top' : 'slot.drawn'
      for (const { id } of this.specsOf(layer)) this.map.moveLayer(id, slot)
    }
  }

  private fade(layer: Layer): void {
    for (const { id, type } of this.specsOf(layer)) {
      if (type === 'fill') this.map.setPaintProperty(id, 'fill-opacity', layer.opacity / 100)
      if (type === 'line') this.map.setPaintProperty(id, 'line-opacity', layer.opacity / 100)
      if (type !== 'symbol') continue
      const shade = id.endsWith('.cluster')
        ? style.dimmedCluster(layer.opacity, this.chosen)
        : style.dimmed(layer.opacity, this.chosen)
      if (!id.endsWith('.name')) this.map.setPaintProperty(id, 'icon-opacity', shade)
      this.map.setPaintProperty(id, 'text-opacity', shade)
    }
  }

  /** Gives a layer its features; the first time, the layer comes with them. */
  setData(code: string, data: Shapes): void {
    const source = this.map.getSource<GeoJSONSource>(`S.${code}`)
    const layer = this.wanted.find((one) => one.code === code)
    if (source) source.setData(data)
    else if (layer?.shown) this.add(layer, data)
  }

  /** Gives a layer of marks the address of its tiles. */
  setTiles(code: string, address: string, patterns: boolean, lightOn: string[]): void {
    const layer = this.wanted.find((one) => one.code === code)
    if (!layer?.shown) return
    this.patterns = patterns
    this.lightOn = lightOn
    if (this.tiles.get(code) === address) return this.redress(layer)
    if (this.layers.has(code) && !this.tiles.has(code)) this.drop(layer)
    const known = this.tiles.has(code)
    this.tiles.set(code, address)
    if (known) this.map.getSource<VectorTileSource>(`S.${code}`)?.setTiles([address])
    else this.addTiles(layer, address)
  }
  private addTiles(layer: Layer, address: string): void {
    this.map.addSource(`S.${layer.code}`, { type: 'vector', tiles: [address], maxzoom: 15 })
    for (const one of this.specsOf(layer)) this.map.addLayer(one, 'slot.top')
    this.layers.set(layer.code, layer)
    this.setLayers(this.wanted)
  }
  private redress(layer: Layer): void {
    const icon = this.specsOf(layer)[1]?.layout as Record<string, unknown> | undefined
    if (icon) this.map.setLayoutProperty(`${layer.code}.mark`, 'icon-image', icon['icon-image'] as never)
  }
  private drop(layer: Layer): void {
    for (const { id } of this.specsOf(layer)) this.map.removeLayer(id)
    this.map.removeSource(`S.${layer.code}`)
    this.layers.delete(layer.code)
  }
  /** The marks of a layer of tiles that are drawn now. */
  tileMarks(code: string): MarkFeature[] {
    if (!this.map.getLayer(`${code}.mark`)) return []
    const found = this.map.queryRenderedFeatures({ layers: [`${code}.mark`] })
    const once = new globalThis.Map(found.map((one) => [one.properties['code'] as string, one]))
    return [...once.values()].map((one) => ({
      type: 'Feature',
      geometry: one.geometry as GeoJSON.Point,
      properties: { kind: '', control: '', parameter: '', by: '', time: null, age: null, ...one.properties, layer: code } as unknown as Mark,
    }))
  }
  /** Shows only these places of a layer of tiles; all where null. */
  keep(code: string, codes: string[] | null): void {
    const filter = codes ? ['in', ['get', 'code'], ['literal', codes]] : null
    for (const part of ['mark', 'name']) {
      if (this.map.getLayer(`${code}.${part}`)) this.map.setFilter(`${code}.${part}`, filter as never)
    }
  }

  setNames(names: Shapes): void {
    this.map.getSource<GeoJSONSource>('S.names')?.setData(names)
  }

  /** Shows what is drawn: selection, buffer, sector, measure. */
  setDrawn(features: Feature[]): void {
    this.map.getSource<GeoJSONSource>('S.drawn')?.setData({ type: 'FeatureCollection', features })
  }

  /** Rings one place, and dims all but these. */
  choose(codes: string[], ring: MarkFeature | null): void {
    this.chosen = codes
    const features = ring ? [{ ...ring, properties: {} }] : []
    this.map.getSource<GeoJSONSource>('S.chosen')?.setData({ type: 'FeatureCollection', features })
    for (const layer of this.layers.values()) if (layer.kind === 'mark') this.fade(layer)
  }

  private markLayers(part: 'mark' | 'cluster'): string[] {
    return [...this.layers.values()]
      .filter((layer) => layer.kind === 'mark' && layer.shown)
      .map((layer) => `${layer.code}.${part}`)
      .filter((id) => this.map.getLayer(id))
  }

  /** Calls `tell` with the mark under the pointer, or null. */
  onPoint(tell: (pointed: Pointed | null) => void): void {
    this.map.on('mousemove', (event) => {
      const found = this.busy ? null : this.under(event)
      this.map.getCanvas().classList.toggle('on-mark', Boolean(found) || this.clusterUnder(event) !== undefined)
      tell(found)
    })
    this.map.on('mouseout', () => tell(null))
  }

  /** Calls `tell` with the mark that was clicked; opens clusters by itself; `bare` gets all other clicks. */
  onPick(tell: (pointed: Pointed) => void, bare: (at: Point) => void): void {
    this.map.on('click', (event) => {
      if (this.busy) return
      const found = this.under(event)
      const cluster = found ? undefined : this.clusterUnder(event)
      if (found) tell(found)
      else if (cluster) void this.open(cluster)
      else bare([event.lngLat.lng, event.lngLat.lat])
    })
  }

  private under(event: MapMouseEvent): Pointed | null {
    const found = this.map.queryRenderedFeatures(event.point, { layers: this.markLayers('mark') })[0]
    if (!found) return null
    const at = (found.geometry as GeoJSON.Point).coordinates as Point
    const layer = found.layer.id.replace(/\.mark$/, '')
    const code = String((found.properties as { code?: string }).code)
    return { code, layer, at, pixel: this.map.project(at) }
  }

  private clusterUnder(event: MapMouseEvent): MapGeoJSONFeature | undefined {
    return this.map.queryRenderedFeatures(event.point, { layers: this.markLayers('cluster') })[0]
  }

  private async open(cluster: MapGeoJSONFeature): Promise<void> {
    const source = this.map.getSource<GeoJSONSource>(cluster.source)
    const zoom = await source!.getClusterExpansionZoom(Number(cluster.properties['cluster_id']))
    this.map.jumpTo({ center: (cluster.geometry as GeoJSON.Point).coordinates as Point, zoom: zoom + 0.2 })
  }

  /** Codes of the marks that are drawn now. */
  drawn(): Set<string> {
    const found = this.map.queryRenderedFeatures({ layers: this.markLayers('mark') })
    return new Set(found.map((feature) => String((feature.properties as { code?: string }).code)))
  }

  remove(): void {
    this.map.remove()
  }
}


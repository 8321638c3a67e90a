/** What the map knows of layers, marks and legends, whatever the API calls them. */
import type { Feature, FeatureCollection, Point as PointGeometry } from 'geojson'

export interface Theme {
  code: string
  name: string
}

export interface Choice {
  code: string
  name: string
  unit: string
}

export interface Layer {
  code: string
  theme: string
  name: string
  kind: 'fill' | 'line' | 'mark'
  order: number
  /** Whole percent. */
  opacity: number
  shown: boolean
  judge: string
  choices: Choice[]
  minZoom: number
  maxZoom: number
  count: number
  /** Address of its tiles; empty where it is sent as features. */
  tiles: string
  remark: string
  /** The reader has no right to it. */
  barred: boolean
  /** Where its shapes come from, and whether that source is simulated. */
  source: string
  simulated: boolean
}

export interface Grade {
  level: number
  name: string
  short: string
  colour: string
  low: number | null
  high: number | null
  edition: string
  clause: string
  ours: boolean
}

export interface Legend {
  layer: string
  title: string
  unit: string
  grades: Grade[]
}

/** A place on a layer of marks, with the value that colours it. */
export interface Mark {
  code: string
  layer: string
  name: string
  kind: string
  control: string
  shape: string
  level: number
  colour: string
  /** What stands in the mark: number or class. */
  sign: string
  value: string
  unit: string
  parameter: string
  /** Milliseconds since the epoch; 0 where there is no value. */
  time: number
  state: string
  words: string
  simulated: boolean
  lon: number
  lat: number
}

export type MarkFeature = Feature<PointGeometry, Mark>
export type Shapes = FeatureCollection

export type LayerState = 'loading' | 'ready' | 'partial' | 'no_right' | 'error'

/** What the map knows of layers, marks and legends, whatever the API calls them. */
import type { Feature, FeatureCollection, Point as PointGeometry } from 'geojson'

export interface Theme {
  code: string
  name: string
}

export interface Choice {
  code: string
  name: string
  symbol: string
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
  remark: string
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
  remark: string
  grades: Grade[]
  states: { state: string; name: string }[]
  /** Control levels 控制级别 with their shapes. */
  controls: { control: string; shape: string; name: string }[]
}

/** A place on a layer of marks, with the value that colours it. */
export interface Mark {
  code: string
  name: string
  layer: string
  kind: string
  control: string
  shape: string
  parameter: string
  /** Class from 1, best first; 0: none. */
  level: number
  colour: string
  /** What stands in the mark: number or class. */
  number: string
  /** Codes of the parameters that decide, between commas. */
  by: string
  state: 'value' | 'no_data' | 'stale' | 'under_review'
  simulated: boolean
  time: string | null
  /** Seconds since the end of the value's period. */
  age: number | null
}

export type MarkFeature = Feature<PointGeometry, Mark>
export type Shapes = FeatureCollection

export type LayerState = 'loading' | 'ready' | 'partial' | 'no_right' | 'error'

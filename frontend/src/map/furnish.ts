/** Puts one picture on a stage: base, layers, marks, what is drawn and chosen. Screen, comparison and plate share it. */
import type { Feature } from 'geojson'
import type { Base } from './atlas'
import { dress } from './dress'
import type { Layer, MarkFeature, Shapes } from './model'
import type { Stage } from './stage'

export interface Furnishing {
  layers: Layer[]
  base: Base | null
  shapes: Map<string, Shapes>
  marks: Map<string, MarkFeature[]>
  patterns: boolean
  drawn?: Feature[]
  chosen?: string[]
  picked?: MarkFeature | null
}

export function furnish(stage: Stage, { layers, base, shapes, marks, patterns, drawn, chosen, picked }: Furnishing): void {
  stage.setLayers(layers)
  if (base) {
    for (const [code, found] of base.shapes) stage.setData(code, found)
    stage.setNames(base.names)
  }
  for (const [code, found] of shapes) stage.setData(code, found)
  for (const [code, found] of marks) stage.setData(code, dress(found, patterns))
  if (drawn) stage.setDrawn(drawn)
  stage.choose(chosen ?? [], picked ?? null)
}

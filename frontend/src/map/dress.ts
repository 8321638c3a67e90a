/** Gives marks what the map draws of them: image, sign, ink. */
import type { FeatureCollection } from 'geojson'
import type { Instant } from './frames'
import { darkInk, lookOf, nameOf, signOf } from './marks'
import type { Grade, Mark, MarkFeature } from './model'

/** The features of a layer as the map wants them. */
export function dress(marks: MarkFeature[], patterns: boolean): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: marks.map(({ geometry, properties }) => ({
      type: 'Feature',
      geometry,
      properties: { ...dressed(properties, patterns), code: properties.code, name: properties.name, level: properties.level },
    })),
  }
}

function dressed(mark: Mark, patterns: boolean): Record<string, string> {
  const look = lookOf(mark, patterns)
  return { icon: nameOf(look), sign: signOf(mark.number), shape: look.shape, ink: darkInk(look.colour) ? 'd' : 'l' }
}

/** Marks as they were at a moment: level, colour and number of the frame, all else as now. */
export function asAt(marks: MarkFeature[], shown: Map<string, Instant>, grades: Grade[], time: string): MarkFeature[] {
  const colours = new Map(grades.map((grade) => [grade.level, grade.colour]))
  return marks.map((feature) => {
    const there = shown.get(feature.properties.code)
    const then: Partial<Mark> = there
      ? { level: there.level, number: there.sign, colour: colours.get(there.level) ?? '', state: 'value', time, age: null }
      : { level: 0, number: '', colour: '', state: 'no_data', time: null, age: null }
    return { ...feature, properties: { ...feature.properties, ...then } }
  })
}

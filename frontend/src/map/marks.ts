/** Marks of places 点位标记: official colour as fill, number or class in it, control level as shape. */

export type Shape = 'circle' | 'square' | 'diamond' | 'triangle' | 'hexagon' | 'cluster'

/** Shapes by the words of the API; it chooses them by control level 控制级别. */
const SHAPES = new Set<string>(['circle', 'square', 'diamond', 'triangle', 'hexagon'])
export const shapeOf = (word: string): Shape => (SHAPES.has(word) ? (word as Shape) : 'hexagon')

/** What a mark shows of a place. */
export interface Look {
  shape: Shape
  /** `#rrggbb`; empty: no data, drawn grey. */
  colour: string
  /** Under review: hatched. */
  review: boolean
  /** Simulated: dashed outline. */
  simulated: boolean
  /** Pattern of the colour-blind switch, by level; 0: none. */
  pattern: number
}

export interface Judged {
  shape?: string
  colour?: string
  state?: string
  level?: number
  simulated?: boolean
}

/** Returns how the mark of a place looks. A value too old is as no data; its number stays. */
export function lookOf(place: Judged, patterns: boolean): Look {
  const known = place.state === 'value' || place.state === 'under_review'
  const colour = known && /^#[0-9a-f]{6}$/i.test(place.colour ?? '') ? place.colour!.toLowerCase() : ''
  return {
    shape: shapeOf(place.shape ?? ''),
    colour,
    review: place.state === 'under_review',
    simulated: Boolean(place.simulated),
    pattern: patterns && colour ? Math.max(0, Math.min(6, place.level ?? 0)) : 0,
  }
}

/** The name of a mark's image; the map asks for images by name and `readName` gives the look back. */
export const nameOf = (look: Look): string =>
  ['mark', look.shape, look.colour, look.review ? 'r' : '', look.simulated ? 's' : '', look.pattern].join('|')

export function readName(name: string): Look | null {
  const [kind, shape, colour, review, simulated, pattern] = name.split('|')
  if (kind !== 'mark' || shape === undefined) return null
  return {
    shape: shape as Shape,
    colour: colour ?? '',
    review: review === 'r',
    simulated: simulated === 's',
    pattern: Number(pattern ?? 0),
  }
}

/** Relative luminance of a colour (WCAG). */
export function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

/** Whether dark ink reads better than light on a colour. */
export const darkInk = (colour: string): boolean => !colour || luminance(colour) > 0.179

/** What stands in a mark: at most five signs, else nothing (the hover card tells all). */
export const signOf = (text: string): string => ([...text].length <= 5 ? text : '')

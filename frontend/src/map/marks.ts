/** Marks of places 点位标记: official colour as fill, number or class in it, control level as shape. */

export type Shape = 'circle' | 'square' | 'diamond' | 'triangle' | 'hexagon' | 'cluster'

/** Shape by control level 控制级别; others are hexagons. */
const SHAPES: Record<string, Shape> = {
  国控: 'circle',
  national: 'circle',
  省控: 'square',
  provincial: 'square',
  市控: 'diamond',
  municipal: 'diamond',
  县控: 'triangle',
  区控: 'triangle',
  county: 'triangle',
}
export const shapeOf = (control: string): Shape => SHAPES[control] ?? 'hexagon'

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
  control?: string
  colour?: string
  state?: string
  level?: number
  simulated?: boolean
}

/** States of a value that is doubted: hatched. */
const DOUBTED = new Set(['review', 'suspect', 'doubted', 'under_review'])
const ABSENT = new Set(['missing', 'none', 'no_data', 'stale'])

/** Returns how the mark of a place looks. */
export function lookOf(place: Judged, patterns: boolean): Look {
  const colour = ABSENT.has(place.state ?? '') ? '' : (place.colour ?? '')
  return {
    shape: shapeOf(place.control ?? ''),
    colour: /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : '',
    review: DOUBTED.has(place.state ?? ''),
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

/** What stands in a mark: at most four signs, else nothing (the hover card tells all). */
export const signOf = (text: string): string => ([...text].length <= 5 ? text : '')

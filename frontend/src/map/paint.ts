/** Draws marks on a canvas: shape, fill, hatching, pattern, outline. */
import { darkInk, type Look, type Shape } from './marks'

export interface Inks {
  none: string
  outline: string
  hatch: string
  halo: string
  light: string
}

/** Side of a mark's image [CSS px]; the shape is inside with room for its halo. */
export const SIDE = 34
export const HALF = SIDE / 2

const corners = (sides: number, radius: number, turn: number): [number, number][] =>
  Array.from({ length: sides }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / sides
    return [HALF + radius * Math.sin(angle), HALF - radius * Math.cos(angle)]
  })

const OUTLINES: Record<Exclude<Shape, 'circle' | 'cluster'>, [number, number][]> = {
  square: corners(4, 16, Math.PI / 4),
  diamond: corners(4, 15, 0),
  triangle: [
    [HALF, 2.5],
    [HALF + 15, 28],
    [HALF - 15, 28],
  ],
  hexagon: corners(6, 13.5, Math.PI / 6),
}

function trace(context: CanvasRenderingContext2D, shape: Shape): void {
  context.beginPath()
  if (shape === 'circle' || shape === 'cluster') {
    context.arc(HALF, HALF, shape === 'circle' ? 12.5 : 14, 0, 2 * Math.PI)
  } else {
    for (const [x, y] of OUTLINES[shape]) context.lineTo(x, y)
    context.closePath()
  }
}

/** Lines across the whole image, clipped by the caller. */
function lines(context: CanvasRenderingContext2D, step: number, slope: 1 | -1 | 0): void {
  for (let at = -SIDE; at < 2 * SIDE; at += step) {
    context.moveTo(slope === 0 ? 0 : at, slope === 0 ? at : 0)
    context.lineTo(slope === 0 ? SIDE : at + slope * SIDE, slope === 0 ? at : SIDE)
  }
}

/** Patterns by level, from light to heavy, so that levels differ without colour. */
const PATTERNS: ((context: CanvasRenderingContext2D) => void)[] = [
  () => undefined,
  () => undefined,
  (context) => lines(context, 9, 0),
  (context) => lines(context, 8, 1),
  (context) => lines(context, 5, 1),
  (context) => (lines(context, 8, 1), lines(context, 8, -1)),
  (context) => (lines(context, 5, 1), lines(context, 5, -1)),
]

function hatch(context: CanvasRenderingContext2D, ink: string, draw: (c: CanvasRenderingContext2D) => void): void {
  context.save()
  context.clip()
  context.beginPath()
  draw(context)
  context.strokeStyle = ink
  context.globalAlpha = 0.55
  context.lineWidth = 1.2
  context.stroke()
  context.restore()
}

/** A cluster: quiet ground, rim in the colour of its worst member. */
function cluster(context: CanvasRenderingContext2D, look: Look, inks: Inks): void {
  trace(context, 'cluster')
  context.fillStyle = inks.halo
  context.fill()
  context.lineWidth = 4
  context.strokeStyle = look.colour || inks.none
  context.stroke()
  context.lineWidth = 1
  context.strokeStyle = inks.outline
  context.beginPath()
  context.arc(HALF, HALF, 16.2, 0, 2 * Math.PI)
  context.stroke()
}

function place(context: CanvasRenderingContext2D, look: Look, inks: Inks): void {
  trace(context, look.shape)
  context.lineJoin = 'round'
  context.strokeStyle = inks.halo
  context.lineWidth = 4
  context.stroke()
  context.fillStyle = look.colour || inks.none
  context.fill()
  const ink = darkInk(look.colour) ? inks.hatch : inks.light
  if (look.pattern > 1) hatch(context, ink, PATTERNS[look.pattern]!)
  trace(context, look.shape)
  if (look.review) hatch(context, ink, (c) => lines(c, 5, 1))
  trace(context, look.shape)
  if (look.simulated) context.setLineDash([3, 2])
  context.strokeStyle = inks.outline
  context.lineWidth = 1.5
  context.stroke()
}

/** Draws a mark at the origin of a context, `SIDE` by `SIDE`. */
export function draw(context: CanvasRenderingContext2D, look: Look, inks: Inks): void {
  context.save()
  if (look.shape === 'cluster') cluster(context, look, inks)
  else place(context, look, inks)
  context.restore()
}

/** Returns the picture of a mark for the map. */
export function picture(look: Look, inks: Inks, ratio: number): ImageData {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIDE * ratio
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.scale(ratio, ratio)
  draw(context, look, inks)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}

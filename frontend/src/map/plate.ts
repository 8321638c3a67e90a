/** A picture of the map with its furniture 图廓: title, legend, time, source, edition, scale, simulated mark. */
import type { LngLatBoundsLike } from 'maplibre-gl'
import { furnish, type Furnishing } from './furnish'
import { inverse, type Point } from './geodesy'
import type { LegendGroup } from './legend'
import { darkInk } from './marks'
import { draw, SIDE } from './paint'
import { inksOf, palette, type MapTheme, type Palette } from './palette'
import { roundLength } from './scale'
import { Stage } from './stage'
import { FONTS } from './style'

export interface Furniture {
  title: string
  time: string
  legend: LegendGroup[]
  legendTitle: string
  /** Lines at the foot: source, edition, approval number, address. */
  foot: string[]
  /** The word for simulated data; empty where all is real. */
  simulated: string
}

export interface PlateOptions {
  theme: MapTheme
  /** CSS pixels of the map itself. */
  width: number
  height: number
  ratio: number
  grey: boolean
  bounds: LngLatBoundsLike
  colourOf: (layer: string, level: number) => string
}

const HEAD = 44
const LINE = 16
const GAP = 12

/** Draws the map anew at the size asked for and lays the furniture around it. */
export async function plate(options: PlateOptions, furnishing: Furnishing, furniture: Furniture): Promise<HTMLCanvasElement> {
  const box = document.createElement('div')
  box.className = 'plate-stage'
  box.style.width = `${options.width}px`
  box.style.height = `${options.height}px`
  document.body.append(box)
  const stage = new Stage({
    container: box,
    theme: options.theme,
    centre: null,
    zoom: null,
    bounds: options.bounds,
    simple: true,
    ratio: options.ratio,
    keep: true,
    interactive: false,
    colourOf: options.colourOf,
  })
  try {
    await stage.ready()
    furnish(stage, furnishing)
    await stage.idle()
    return compose(stage, options, furniture)
  } finally {
    stage.remove()
    box.remove()
  }
}

function compose(stage: Stage, options: PlateOptions, furniture: Furniture): HTMLCanvasElement {
  const { width, height, ratio } = options
  const foot = GAP + furniture.foot.length * LINE
  const canvas = document.createElement('canvas')
  canvas.width = width * ratio
  canvas.height = (HEAD + height + foot) * ratio
  const context = canvas.getContext('2d')!
  const colours = palette(options.theme)
  context.scale(ratio, ratio)
  context.fillStyle = colours.halo
  context.fillRect(0, 0, width, HEAD + height + foot)
  context.save()
  if (options.grey) context.filter = 'grayscale(1)'
  context.drawImage(stage.map.getCanvas(), 0, HEAD, width, height)
  context.restore()
  context.strokeStyle = colours.border
  context.strokeRect(0.5, HEAD + 0.5, width - 1, height - 1)
  head(context, width, furniture, colours)
  legend(context, { right: width - GAP, bottom: HEAD + height - GAP, grey: options.grey }, furniture, colours)
  scale(context, stage, HEAD + height - GAP, colours)
  context.fillStyle = colours['name-soft']
  context.font = `11px ${FONTS}`
  furniture.foot.forEach((line, index) => context.fillText(line, GAP, HEAD + height + LINE * (index + 1), width - 2 * GAP))
  return canvas
}

function head(context: CanvasRenderingContext2D, width: number, furniture: Furniture, colours: Palette): void {
  context.fillStyle = colours.name
  context.textBaseline = 'alphabetic'
  context.font = `600 18px ${FONTS}`
  context.fillText(furniture.title, GAP, 28, width * 0.55)
  const wide = context.measureText(furniture.title).width
  context.font = `12px ${FONTS}`
  if (furniture.simulated) {
    const mark = context.measureText(furniture.simulated).width
    context.strokeStyle = colours.name
    context.setLineDash([3, 2])
    context.strokeRect(GAP + wide + 10, 14, mark + 10, 18)
    context.setLineDash([])
    context.fillText(furniture.simulated, GAP + wide + 15, 27)
  }
  context.textAlign = 'right'
  context.fillText(furniture.time, width - GAP, 28)
  context.textAlign = 'left'
}

const ROW = 17
const WIDE = 216

/** Rows of the legend with the line that each stands on; groups without a title stand two to a line. */
function laid(groups: LegendGroup[]) {
  const lines: { line: number; left: number; text: string; font: string; row?: LegendGroup['rows'][number] }[] = []
  let line = 1
  for (const group of groups) {
    if (group.title) lines.push({ line: ++line, left: 8, text: group.title, font: '600 11px' })
    group.rows.forEach((row, index) => {
      const second = !group.title && index % 2 === 1
      if (!second) line++
      lines.push({ line, left: second ? 8 + WIDE / 2 : 8, text: [row.name, row.span].filter(Boolean).join('  '), font: '11px', row })
    })
    if (group.edition) lines.push({ line: ++line, left: 8, text: group.edition, font: '10px' })
  }
  return { lines, last: line }
}

function legend(
  context: CanvasRenderingContext2D,
  place: { right: number; bottom: number; grey: boolean },
  furniture: Furniture,
  colours: Palette,
): void {
  if (furniture.legend.length === 0) return
  const { lines, last } = laid(furniture.legend)
  const high = last * ROW + 10
  const [x, y] = [place.right - WIDE, place.bottom - high]
  context.fillStyle = colours.halo
  context.fillRect(x, y, WIDE, high)
  context.strokeStyle = colours.border
  context.strokeRect(x + 0.5, y + 0.5, WIDE, high)
  const all = [{ line: 1, left: 8, text: furniture.legendTitle, font: '600 12px' }, ...lines]
  for (const one of all) {
    const at = y + one.line * ROW + 1
    const row = 'row' in one ? one.row : undefined
    if (row) sample(context, x + one.left, at - 13, row, place.grey, colours)
    context.fillStyle = colours.name
    context.font = `${one.font} ${FONTS}`
    context.fillText(one.text, x + one.left + (row ? 24 : 0), at, WIDE - one.left - 8)
  }
}

function sample(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  row: LegendGroup['rows'][number],
  grey: boolean,
  colours: Palette,
): void {
  context.save()
  context.translate(x, y)
  context.scale(18 / SIDE, 18 / SIDE)
  if (grey) context.filter = 'grayscale(1)'
  draw(context, row.look, inksOf(colours))
  if (row.short) {
    context.fillStyle = darkInk(row.look.colour) ? colours['ink-dark'] : colours['ink-light']
    context.font = `13px ${FONTS}`
    context.textAlign = 'center'
    context.fillText(row.short, SIDE / 2, SIDE / 2 + 5)
  }
  context.restore()
}

function scale(context: CanvasRenderingContext2D, stage: Stage, bottom: number, colours: Palette): void {
  const { map } = stage
  const high = map.getContainer().clientHeight
  const at = (x: number): Point => map.unproject([x, high - 20]).toArray() as Point
  const each = inverse(at(0), at(100)).metres / 100
  const metres = roundLength(each)
  const wide = metres / each
  context.fillStyle = context.strokeStyle = colours.name
  context.lineWidth = 1.5
  context.beginPath()
  context.moveTo(GAP, bottom - 6)
  context.lineTo(GAP, bottom)
  context.lineTo(GAP + wide, bottom)
  context.lineTo(GAP + wide, bottom - 6)
  context.stroke()
  context.font = `11px ${FONTS}`
  context.fillText(metres < 1000 ? `${metres} m` : `${metres / 1000} km`, GAP + 4, bottom - 6)
}

/** Sheets of paper, width by height [CSS px at 96 a inch, less margins of 10 mm], landscape. */
export const PAPERS = { A4: [1046, 718], A3: [1512, 1046] } as const
export type Paper = keyof typeof PAPERS

const sheet = new CSSStyleSheet()

/** Prints a picture alone on a sheet of paper. */
export async function printPlate(canvas: HTMLCanvasElement, paper: Paper, title: string): Promise<void> {
  const image = new Image()
  image.className = 'plate-print'
  image.alt = title
  const blob = await blobOf(canvas)
  image.src = URL.createObjectURL(blob)
  await image.decode()
  document.body.append(image)
  document.documentElement.classList.add('plate-printing')
  sheet.replaceSync(`@page { size: ${paper} landscape; margin: 10mm; }`)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  const after = (): void => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    document.documentElement.classList.remove('plate-printing')
    URL.revokeObjectURL(image.src)
    image.remove()
  }
  addEventListener('afterprint', after, { once: true })
  print()
}

export const blobOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('png'))), 'image/png'))

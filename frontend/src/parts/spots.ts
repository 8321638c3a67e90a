/** Drawing of the small map: places to pixels, shapes to paths; pure. */
export type Geometry = { type: string; coordinates: unknown }
export type Box = [number, number, number, number]
export interface Drawn {
  code: string
  name: string
  path: string
  tone: string
}
export interface View {
  place: (lon: number, lat: number) => [number, number]
  back: (x: number, y: number) => [number, number]
  /** Metres of a pixel. */
  metres: number
}
type Place = [number, number]

const DEGREE = 111_320
const MARGIN = 24
/** Metres across the smallest map. */
const LEAST = 200
/** A name in pixels: height, a wide and a narrow letter at 12 px, its distance from the mark; letters of the longest; half a mark. */
const [LINE, WIDE, NARROW, ASIDE, LONGEST, MARK] = [16, 12, 7, 10, 14, 8]

/** The lines of places that a geometry is drawn from. */
export function linesOf({ type, coordinates }: Geometry): Place[][] {
  if (type === 'Point') return [[coordinates as Place]]
  if (type === 'LineString' || type === 'MultiPoint') return [coordinates as Place[]]
  if (type === 'Polygon' || type === 'MultiLineString') return coordinates as Place[][]
  return type === 'MultiPolygon' ? (coordinates as Place[][][]).flat() : []
}

/** West, south, east, north of shapes; China where there are none. */
export function extent(shapes: Geometry[]): Box {
  const places = shapes.flatMap((one) => linesOf(one).flat())
  if (!places.length) return [73, 18, 135, 54]
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon, lat] of places) {
    west = Math.min(west, lon)
    east = Math.max(east, lon)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  return [west, south, east, north]
}

/** Fits a box into a picture, true in its angles; `zoom` and `centre` move within it. */
export function projected([west, south, east, north]: Box, width: number, height: number, zoom: number, centre: Place | null): View {
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const across = Math.max((east - west) * narrow * DEGREE, LEAST)
  const up = Math.max((north - south) * DEGREE, LEAST)
  const metres = Math.max(across / Math.max(1, width - 2 * MARGIN), up / Math.max(1, height - 2 * MARGIN)) / zoom
  const [lon0, lat0] = centre ?? [(west + east) / 2, (south + north) / 2]
  const wide = DEGREE * narrow
  return {
    metres,
    place: (lon, lat) => [width / 2 + ((lon - lon0) * wide) / metres, height / 2 - ((lat - lat0) * DEGREE) / metres],
    back: (x, y) => [lon0 + ((x - width / 2) * metres) / wide, lat0 - ((y - height / 2) * metres) / DEGREE],
  }
}

export function pathOf(geometry: Geometry, view: View): string {
  const closed = geometry.type.endsWith('Polygon') ? 'Z' : ''
  return linesOf(geometry)
    .filter((line) => line.length > 1)
    .map((line) => `M${line.map(([lon, lat]) => view.place(lon, lat).map((one) => one.toFixed(1)).join(' ')).join('L')}${closed}`)
    .join('')
}

/** A name as it stands beside a mark: short enough not to cross the picture. */
export const shortName = (name: string): string => (name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name)

/** Spots within the picture; a name stands right or left of its mark, is left out where another stands, and crosses no mark where it need not. */
export function clusterless<S extends { at: Place; name?: string }>(spots: S[], width: number, height: number): (S & { labelled: boolean; left: boolean })[] {
  const here = spots.filter(({ at: [x, y] }) => x > -20 && y > -20 && x < width + 20 && y < height + 20)
  const named: Box[] = []
  return here.map((one) => {
    const marks = here.filter((other) => other !== one).map(({ at: [x, y] }): Box => [x - MARK, y - MARK, x + MARK, y + MARK])
    const sides = one.at[0] > width * 0.6 ? [true, false] : [false, true]
    const free = sides.map((left) => ({ left, box: labelBox(one.at, one.name ?? '', left) })).filter(({ box }) => box[0] >= 0 && box[2] <= width && !named.some((other) => meet(box, other)))
    const best = free.find(({ box }) => !marks.some((other) => meet(box, other))) ?? free[0]
    if (best) named.push(best.box)
    return { ...one, labelled: best !== undefined, left: best?.left ?? false }
  })
}

function labelBox([x, y]: Place, name: string, left: boolean): Box {
  const long = [...shortName(name)].reduce((sum, letter) => sum + (letter > '\u2e7f' ? WIDE : NARROW), 0)
  return left ? [x - ASIDE - long, y - LINE / 2, x - ASIDE, y + LINE / 2] : [x + ASIDE, y - LINE / 2, x + ASIDE + long, y + LINE / 2]
}
const meet = (one: Box, other: Box): boolean => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]

/** A bar of 1, 2 or 5 times a power of ten metres, at most 120 pixels long. */
export function scaleBar(metres: number): { pixels: number; words: string } {
  const most = metres * 120
  const power = 10 ** Math.floor(Math.log10(most))
  const length = [5, 2, 1].map((one) => one * power).find((one) => one <= most) ?? power
  return { pixels: Math.round(length / metres), words: length >= 1_000 ? `${length / 1_000} km` : `${length} m` }
}

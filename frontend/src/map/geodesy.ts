/** Distances and areas on the CGCS2000 ellipsoid 大地测量: what the measuring tools say. */

export type Point = [longitude: number, latitude: number]

const A = 6_378_137
const F = 1 / 298.257222101
const B = A * (1 - F)
const E2 = F * (2 - F)
const RADIANS = Math.PI / 180

/** Geodesic between two points: length [m] and azimuth at the start [° clockwise from north] (Vincenty's inverse). */
export function inverse([lon1, lat1]: Point, [lon2, lat2]: Point): { metres: number; azimuth: number } {
  const L = (lon2 - lon1) * RADIANS
  const u1 = Math.atan((1 - F) * Math.tan(lat1 * RADIANS))
  const u2 = Math.atan((1 - F) * Math.tan(lat2 * RADIANS))
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)]
  let lambda = L
  for (let turn = 0; turn < 100; turn++) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)]
    const sinSigma = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl)
    if (sinSigma === 0) return { metres: 0, azimuth: 0 }
    const cosSigma = s1 * s2 + c1 * c2 * cl
    const sigma = Math.atan2(sinSigma, cosSigma)
    const sinAlpha = (c1 * c2 * sl) / sinSigma
    const cos2Alpha = 1 - sinAlpha ** 2
    const cos2Mid = cos2Alpha === 0 ? 0 : cosSigma - (2 * s1 * s2) / cos2Alpha
    const C = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha))
    const next =
      L + (1 - C) * F * sinAlpha * (sigma + C * sinSigma * (cos2Mid + C * cosSigma * (2 * cos2Mid ** 2 - 1)))
    const settled = Math.abs(next - lambda) < 1e-12
    lambda = next
    if (settled) {
      const azimuth = Math.atan2(c2 * sl, c1 * s2 - s1 * c2 * cl) / RADIANS
      return { metres: arc(cos2Alpha, sigma, sinSigma, cosSigma, cos2Mid), azimuth: (azimuth + 360) % 360 }
    }
  }
  return { metres: Number.NaN, azimuth: Number.NaN }
}

function arc(cos2Alpha: number, sigma: number, sinSigma: number, cosSigma: number, cos2Mid: number): number {
  const k = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2
  const big = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k)))
  const small = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)))
  const delta =
    small *
    sinSigma *
    (cos2Mid +
      (small / 4) *
        (cosSigma * (2 * cos2Mid ** 2 - 1) -
          (small / 6) * cos2Mid * (4 * sinSigma ** 2 - 3) * (4 * cos2Mid ** 2 - 3)))
  return B * big * (sigma - delta)
}

/** Length of a path [m]. */
export const length = (path: Point[]): number =>
  path.slice(1).reduce((sum, point, index) => sum + inverse(path[index]!, point).metres, 0)

/** Sphere-like latitude that keeps areas (authalic), and the radius of its sphere. */
const E = Math.sqrt(E2)
const q = (s: number): number => (1 - E2) * (s / (1 - E2 * s * s) + Math.atanh(E * s) / E)
const Q_POLE = q(1)
const AUTHALIC = A * Math.sqrt(Q_POLE / 2)
const authalic = (latitude: number): number => Math.asin(q(Math.sin(latitude * RADIANS)) / Q_POLE)

/** Area of a ring [m²], whichever way it turns; the ring need not be closed. */
export function area(ring: Point[]): number {
  const excess = ring.reduce((sum, [lon1, lat1], index) => {
    const [lon2, lat2] = ring[(index + 1) % ring.length]!
    const [t1, t2] = [Math.tan(authalic(lat1) / 2), Math.tan(authalic(lat2) / 2)]
    return sum + 2 * Math.atan2(Math.tan(((lon2 - lon1) * RADIANS) / 2) * (t1 + t2), 1 + t1 * t2)
  }, 0)
  return Math.abs(excess) * AUTHALIC ** 2
}

/** The point a distance [m] away in a direction [°], on the sphere of the local radius: for drawing only. */
export function away([lon, lat]: Point, metres: number, bearing: number): Point {
  const d = metres / 6_371_008
  const [phi, theta] = [lat * RADIANS, bearing * RADIANS]
  const to = Math.asin(Math.sin(phi) * Math.cos(d) + Math.cos(phi) * Math.sin(d) * Math.cos(theta))
  const east = Math.atan2(Math.sin(theta) * Math.sin(d) * Math.cos(phi), Math.cos(d) - Math.sin(phi) * Math.sin(to))
  return [lon + east / RADIANS, to / RADIANS]
}

/** A circle, or a sector from one bearing clockwise to another, as a closed ring for drawing. */
export function sector(centre: Point, metres: number, from = 0, to = 360): Point[] {
  const whole = to - from >= 360
  const rim = Array.from({ length: 65 }, (_, step) => away(centre, metres, from + ((to - from) * step) / 64))
  return whole ? rim : [centre, ...rim, centre]
}

/** Whether a point lies in a ring (even-odd). */
export function inside([x, y]: Point, ring: Point[]): boolean {
  let within = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[x1, y1], [x2, y2]] = [ring[i]!, ring[j]!]
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within
  }
  return within
}

/** Length in words: m below 1 km, then km. */
export const inMetres = (metres: number): string =>
  metres < 1000 ? `${metres.toFixed(0)} m` : `${(metres / 1000).toFixed(metres < 10_000 ? 2 : 1)} km`

/** Area in words: m² below 0.1 km², then km². */
export const inSquare = (squareMetres: number): string =>
  squareMetres < 100_000 ? `${squareMetres.toFixed(0)} m²` : `${(squareMetres / 1e6).toFixed(2)} km²`

/** West, south, east, north of a geometry. */
export function boundsOf(geometry: GeoJSON.Geometry): [number, number, number, number] {
  const all = (JSON.stringify(geometry).match(/\[-?[\d.e+-]+,-?[\d.e+-]+/g) ?? []).map((pair) => pair.slice(1).split(',').map(Number))
  const [lons, lats] = [all.map(([lon]) => lon!), all.map(([, lat]) => lat!)]
  const least = (list: number[]): number => list.reduce((a, b) => Math.min(a, b), Infinity)
  const most = (list: number[]): number => list.reduce((a, b) => Math.max(a, b), -Infinity)
  return [least(lons), least(lats), most(lons), most(lats)]
}

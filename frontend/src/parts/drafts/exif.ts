/** Writes time and place into the metadata of a JPEG (Exif 2.31: DateTimeOriginal, OffsetTimeOriginal, GPS); the picture stays. */
import type { Spot } from './device'

const ASCII = 2
const LONG = 4
const RATIONAL = 5
const BYTE = 1
const EXIF_IFD = 0x8769
const GPS_IFD = 0x8825

interface Field {
  tag: number
  type: number
  count: number
  bytes: number[]
}

const number32 = (value: number): number[] => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const number16 = (value: number): number[] => [(value >>> 8) & 255, value & 255]
const text = (tag: number, words: string): Field => ({ tag, type: ASCII, count: words.length + 1, bytes: [...[...words].map((one) => one.charCodeAt(0)), 0] })
const long = (tag: number, value: number): Field => ({ tag, type: LONG, count: 1, bytes: number32(value) })
const rationals = (tag: number, values: [number, number][]): Field => ({ tag, type: RATIONAL, count: values.length, bytes: values.flatMap(([a, b]) => [...number32(a), ...number32(b)]) })

/** Degrees, minutes and seconds to a ten thousandth. */
function sexagesimal(degrees: number): [number, number][] {
  const whole = Math.round(Math.abs(degrees) * 36_000_000)
  return [
    [Math.floor(whole / 36_000_000), 1],
    [Math.floor((whole % 36_000_000) / 600_000), 1],
    [whole % 600_000, 10_000],
  ]
}

const size = (fields: Field[]): number => 2 + fields.length * 12 + 4 + fields.reduce((sum, one) => sum + (one.bytes.length > 4 ? one.bytes.length : 0), 0)

function directory(fields: Field[], at: number): number[] {
  const head = [...number16(fields.length)]
  const rest: number[] = []
  const beyond = at + 2 + fields.length * 12 + 4
  for (const one of fields) {
    const far = one.bytes.length > 4
    const told = far ? number32(beyond + rest.length) : [...one.bytes, 0, 0, 0].slice(0, 4)
    if (far) rest.push(...one.bytes)
    head.push(...number16(one.tag), ...number16(one.type), ...number32(one.count), ...told)
  }
  return [...head, 0, 0, 0, 0, ...rest]
}

/** The Exif block of a moment and a place. */
export function exif(now: number, spot: Spot | null): Uint8Array {
  const china = new Date(now + 8 * 3_600_000).toISOString()
  const stamp = `${china.slice(0, 10).replace(/-/g, ':')} ${china.slice(11, 19)}`
  const taken = [text(0x9003, stamp), text(0x9011, '+08:00')]
  const place: Field[] = spot
    ? [
        { tag: 0, type: BYTE, count: 4, bytes: [2, 3, 0, 0] },
        text(1, spot.lat < 0 ? 'S' : 'N'),
        rationals(2, sexagesimal(spot.lat)),
        text(3, spot.lon < 0 ? 'W' : 'E'),
        rationals(4, sexagesimal(spot.lon)),
        text(0x12, 'WGS-84'),
        ...(spot.accuracy === null ? [] : [rationals(0x1f, [[Math.round(spot.accuracy * 10), 10]])]),
      ]
    : []
  const first = 8
  const links = (exifAt: number, gpsAt: number): Field[] => [long(EXIF_IFD, exifAt), ...(spot ? [long(GPS_IFD, gpsAt)] : [])]
  const exifAt = first + size(links(0, 0))
  const gpsAt = exifAt + size(taken)
  const tiff = [0x4d, 0x4d, 0, 42, ...number32(first), ...directory(links(exifAt, gpsAt), first), ...directory(taken, exifAt), ...(spot ? directory(place, gpsAt) : [])]
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff]
  return new Uint8Array([0xff, 0xe1, ...number16(body.length + 2), ...body])
}

/** The same JPEG with the block right after its beginning. */
export async function stamped(jpeg: Blob, now: number, spot: Spot | null): Promise<Blob> {
  const bytes = new Uint8Array(await jpeg.arrayBuffer())
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return jpeg
  const block = exif(now, spot)
  return new Blob([bytes.slice(0, 2), block as BlobPart, bytes.slice(2)], { type: 'image/jpeg' })
}

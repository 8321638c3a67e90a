/** What the device gives: where it is, photos made small and clean, digests. */
import { stamped } from './exif'
import { uuid, type Kept } from './model'

export interface Spot {
  lon: number
  lat: number
  accuracy: number | null
  at: number
}

/** A point of a track: milliseconds since 1970, longitude, latitude, accuracy [m]. */
export type Point = [number, number, number, number]

const LONGEST = 1_600
const QUALITY = 0.82
const WAIT = 8_000
const ROUND = 1e6
const UNKNOWN = 9_999

const round = (degrees: number): number => Math.round(degrees * ROUND) / ROUND

/** Where the device is now; null where it does not say. */
export function whereabouts(wait = WAIT): Promise<Spot | null> {
  if (!navigator.geolocation) return Promise.resolve(null)
  return new Promise((resolve) =>
    navigator.geolocation.getCurrentPosition(
      (found) => resolve(spotOf(found)),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: wait, maximumAge: 10_000 },
    ),
  )
}

function spotOf(found: GeolocationPosition): Spot {
  const { longitude, latitude, accuracy } = found.coords
  return { lon: round(longitude), lat: round(latitude), accuracy: Number.isFinite(accuracy) ? Math.round(accuracy * 10) / 10 : null, at: found.timestamp || Date.now() }
}

/** Follows the device; returns what stops it. `lost` is told why nothing comes. */
export function follow(heard: (point: Point) => void, lost: (why: 'denied' | 'unknown') => void): () => void {
  if (!navigator.geolocation) {
    lost('unknown')
    return () => undefined
  }
  const watch = navigator.geolocation.watchPosition(
    (found) => {
      const spot = spotOf(found)
      heard([Math.round(spot.at), spot.lon, spot.lat, spot.accuracy ?? UNKNOWN])
    },
    (fault) => lost(fault.code === fault.PERMISSION_DENIED ? 'denied' : 'unknown'),
    { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 },
  )
  return () => navigator.geolocation.clearWatch(watch)
}

/** Metres between two places, for sorting and for the running total; the platform measures on the ellipsoid. */
export function metres(one: { lon: number; lat: number }, other: { lon: number; lat: number }): number {
  const radians = Math.PI / 180
  const across = (other.lon - one.lon) * radians * Math.cos(((one.lat + other.lat) / 2) * radians)
  return Math.hypot(across, (other.lat - one.lat) * radians) * 6_371_008.8
}

/** SHA-256 in hexadecimal; empty where the page is not served safely and the browser does not count. */
export async function sha256(blob: Blob): Promise<string> {
  if (!crypto.subtle) return ''
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return [...new Uint8Array(digest)].map((one) => one.toString(16).padStart(2, '0')).join('')
}

/**
 * A photo for a draft: made small, without what the camera wrote into it, with the time and place of this device
 * in its metadata; the picture itself is not written on. Throws where the file is no picture.
 */
export async function photo(file: File, draft: string, of: string, spot: Spot | null, now = Date.now()): Promise<Kept> {
  const small = await shrunk(file)
  const blob = await stamped(small, now, spot)
  const taken_at = new Date(now).toISOString()
  const name = `${taken_at.slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}.jpg`
  return kept(blob, draft, 'photo', name, taken_at, of, spot)
}

export async function kept(blob: Blob, draft: string, kind: Kept['kind'], name: string, taken_at: string, of: string, spot: Spot | null): Promise<Kept> {
  return {
    id: uuid(),
    draft,
    kind,
    name,
    type: blob.type,
    blob,
    sha256: await sha256(blob),
    size: blob.size,
    taken_at,
    lon: spot?.lon ?? null,
    lat: spot?.lat ?? null,
    accuracy: spot?.accuracy ?? null,
    of,
  }
}

async function shrunk(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return new Promise((resolve, reject) => canvas.toBlob((made) => (made ? resolve(made) : reject(new Error('jpeg'))), 'image/jpeg', QUALITY))
}

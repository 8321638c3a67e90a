const CHINA = 8 * 3_600_000
const two = (number: number): string => String(number).padStart(2, '0')

/** Milliseconds of an ISO time on an axis that is drawn as UTC and shows China time. */
export const onAxis = (iso: string): number => Date.parse(iso) + CHINA

/** `03-01 08:00`, or with the year; of a place on that axis. */
export function axisMoment(at: number, year = false): string {
  const date = new Date(at)
  const day = `${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`
  return `${year ? `${date.getUTCFullYear()}-` : ''}${day} ${clock}`
}

/** ISO of China time of a place on that axis. */
export const fromAxis = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+08:00`

/** `2026-03-01 08:00` of an ISO time of the API, which is China time already. */
export const plainTime = (iso: string): string => iso.slice(0, 16).replace('T', ' ')

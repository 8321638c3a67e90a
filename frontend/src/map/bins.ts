/** The time bar: moments, bins of its histogram, steps of play. */

export interface Bin {
  /** Start of the bin [ms since the epoch]. */
  from: number
  to: number
  exceeded: number
  missing: number
  total: number
}

export interface Moment {
  time: number
  exceeded: number
  missing: number
  total: number
}

/** Sums moments into at most `most` bins of whole steps; the last bin may be shorter. */
export function histogram(moments: Moment[], step: number, most: number): Bin[] {
  if (moments.length === 0) return []
  const width = Math.ceil(moments.length / most)
  return Array.from({ length: Math.ceil(moments.length / width) }, (_, index) => {
    const part = moments.slice(index * width, (index + 1) * width)
    const sum = (of: (moment: Moment) => number): number => part.reduce((total, moment) => total + of(moment), 0)
    return {
      from: part[0]!.time,
      to: part[part.length - 1]!.time + step,
      exceeded: sum((moment) => moment.exceeded),
      missing: sum((moment) => moment.missing),
      total: sum((moment) => moment.total),
    }
  })
}

/** The index of the last moment that is not after a time; -1 before the first. */
export function indexAt(times: number[], at: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

const HOUR = 3_600_000
const CHINA = 8 * HOUR

/** A moment in China time as the API writes it: `2026-03-01T08:00+08:00`. */
export const iso = (time: number): string => `${new Date(time + CHINA).toISOString().slice(0, 16)}+08:00`

/** Reads a moment; without a zone it is China time. NaN where it cannot be read. */
export const readTime = (text: string): number =>
  Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}${text.length <= 10 ? 'T00:00' : ''}+08:00`)

/** A moment for people: month-day hour:minute in China time. */
export const shortTime = (time: number): string => iso(time).slice(5, 16).replace('T', ' ')
export const longTime = (time: number): string => iso(time).slice(0, 16).replace('T', ' ')

/** Hours a second at which the clock may play. */
export const SPEEDS = [1, 2, 6, 24] as const

/** Marks over time: one block of levels and numbers for a layer, read by the index of the moment. */
import type { Moment } from './bins'

export interface Frames {
  layer: string
  /** Milliseconds since the epoch, even steps. */
  times: number[]
  step: number
  codes: string[]
  /** `levels[place][moment]`; 0: no data. */
  levels: number[][]
  /** Number in the mark, in the same order; null: none. */
  numbers: (number | null)[][]
}

export interface Instant {
  level: number
  sign: string
}

/** A number as short as a mark needs it: whole as it is, below 1 two digits, else three. */
export const short = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3)))

/** What each place shows at a moment; places without data are left out. */
export function instant(frames: Frames, index: number, wordOf: (level: number) => string): Map<string, Instant> {
  const shown = new Map<string, Instant>()
  frames.codes.forEach((code, place) => {
    const level = frames.levels[place]?.[index] ?? 0
    const number = frames.numbers[place]?.[index] ?? null
    if (level > 0 || number !== null) shown.set(code, { level, sign: wordOf(level) || (number === null ? '' : short(number)) })
  })
  return shown
}

/** Counts of each moment for the time bar: levels from `worse` on (0: none counts), and places without data. */
export function moments(frames: Frames, worse: number, counts: (code: string) => boolean): Moment[] {
  const levels = frames.levels.filter((_, place) => counts(frames.codes[place]!))
  return frames.times.map((time, index) => ({
    time,
    exceeded: worse ? levels.filter((row) => row[index]! >= worse).length : 0,
    missing: levels.filter((row) => row[index] === 0).length,
    total: levels.length,
  }))
}

/** Adds the moments of several layers, by time. */
export function together(all: Moment[][]): Moment[] {
  const sums = new Map<number, Moment>()
  for (const moment of all.flat()) {
    const sum = sums.get(moment.time) ?? { time: moment.time, exceeded: 0, missing: 0, total: 0 }
    sum.exceeded += moment.exceeded
    sum.missing += moment.missing
    sum.total += moment.total
    sums.set(moment.time, sum)
  }
  return [...sums.values()].sort((one, other) => one.time - other.time)
}

/**
 * The level from which a mark counts in the time bar, by judge. It only chooses what the bar draws high; no grade,
 * limit or report depends on it. DEFAULT, NOT FROM THE DOCUMENTS.
 */
export const COUNTED_FROM: Record<string, number> = { aqi: 3, surface_water: 4, groundwater: 4, sea: 4, permit: 3 }

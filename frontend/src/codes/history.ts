import type { Level, Past } from './shapes'

const DAY = 86_400_000
const SHOWN = 365

export interface Piece {
  day: string
  x: number
  width: number
  level: Level
}

/** The stretches of the last year as pieces of a band of 365 units, the oldest at the left. */
export function bandOf(items: Past[], today: string): Piece[] {
  const end = Date.parse(today) / DAY + 1
  const begin = end - SHOWN
  return items
    .map((one) => {
      const from = Math.max(Date.parse(one.day) / DAY, begin)
      const until = Math.min(one.until ? Date.parse(one.until) / DAY : end, end)
      return { day: one.day, x: from - begin, width: until - from, level: one.level }
    })
    .filter((one) => one.width > 0)
    .reverse()
}

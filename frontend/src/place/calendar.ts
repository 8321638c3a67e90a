import type { DayCell } from './model'

export interface Month {
  number: number
  /** The 31 places of a row; null where the month has no such day. */
  days: (DayCell | null)[]
}

/** A row a month; every month has 31 places. */
export function monthsOf(days: DayCell[]): Month[] {
  const found = Array.from({ length: 12 }, (_, month): Month => ({ number: month + 1, days: Array.from({ length: 31 }, () => null) }))
  for (const day of days) {
    const month = found[Number(day.day.slice(5, 7)) - 1]
    if (month) month.days[Number(day.day.slice(8, 10)) - 1] = day
  }
  return found
}

/** Whether letters on a colour are dark or light, by its luminance. */
export function inkOn(hex: string): 'dark' | 'light' {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) return 'dark'
  const linear = (at: number): number => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  const bright = 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5)
  return (bright + 0.05) / 0.05 >= 1.05 / (bright + 0.05) ? 'dark' : 'light'
}

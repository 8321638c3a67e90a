const DAY = 86_400_000
const CHINA = 8 * 3_600_000

/** The moment a number of days from now as ISO 8601 in China time, wherever the browser stands. */
const inChina = (days: number): string => new Date(Date.now() + CHINA + days * DAY).toISOString()

/** A day in China, as `2026-11-22`: today, or a number of days from it. */
export const chinaDay = (days = 0): string => inChina(days).slice(0, 10)

/** The month in China, as `2026-11`, of today or of the day a number of days from it. */
export const chinaMonth = (days = 0): string => inChina(days).slice(0, 7)

/** The minute in China, as `2026-11-22T08:05`. */
export const chinaMinute = (): string => inChina(0).slice(0, 16)

/** The year in China of today or of the day a number of days from it. */
export const chinaYear = (days = 0): number => Number(inChina(days).slice(0, 4))

/** Periods as the API writes them: 2026-03-01T08, 2026-03-01, 2026-03, 2026Q1, 2026. */
export type Kind = 'hour' | 'day' | 'month' | 'quarter' | 'year'

export function kindOf(code: string): Kind {
  if (/T\d{2}/.test(code)) return 'hour'
  if (/^\d{4}-\d{2}-\d{2}$/.test(code)) return 'day'
  if (/^\d{4}-\d{2}$/.test(code)) return 'month'
  return /Q/.test(code) ? 'quarter' : 'year'
}

/** The day with which a period begins, as a UTC date that stands for a China date. */
function beginning(code: string): Date {
  const year = Number(code.slice(0, 4))
  const quarter = /Q([1-4])/.exec(code)
  const month = quarter ? Number(quarter[1]) * 3 - 2 : Number(code.slice(5, 7) || 1)
  const day = Number(code.slice(8, 10) || 1)
  const hour = Number(/T(\d{2})/.exec(code)?.[1] ?? 0)
  return new Date(Date.UTC(year, month - 1, day, hour))
}

function written(moment: Date, kind: Kind): string {
  const iso = moment.toISOString()
  if (kind === 'hour') return iso.slice(0, 13)
  if (kind === 'day') return iso.slice(0, 10)
  if (kind === 'month') return iso.slice(0, 7)
  if (kind === 'quarter') return `${iso.slice(0, 4)}Q${Math.floor(moment.getUTCMonth() / 3) + 1}`
  return iso.slice(0, 4)
}

/** The period of another kind that holds the beginning of this one. */
export const asKind = (code: string, kind: Kind): string => written(beginning(code), kind)

/** The period `steps` after this one, of the same kind. */
export function moved(code: string, steps: number): string {
  const kind = kindOf(code)
  const moment = beginning(code)
  if (kind === 'hour') moment.setUTCHours(moment.getUTCHours() + steps)
  else if (kind === 'day') moment.setUTCDate(moment.getUTCDate() + steps)
  else if (kind === 'year') moment.setUTCFullYear(moment.getUTCFullYear() + steps)
  else moment.setUTCMonth(moment.getUTCMonth() + steps * (kind === 'quarter' ? 3 : 1))
  return written(moment, kind)
}

/** Difference of two numbers written as texts, with its sign; empty where one is missing. */
export function difference(now: string | number | null, before: string | number | null): string {
  if (now === null || before === null) return ''
  const decimals = Math.max(...[now, before].map((one) => String(one).split('.')[1]?.length ?? 0))
  return signed((Number(now) - Number(before)).toFixed(decimals))
}

/** A number with its sign; a real minus, so that it is as wide as a digit. */
export function signed(value: string | null): string {
  if (value === null || value === '') return ''
  const number = Number(value)
  return number > 0 ? `+${value}` : number < 0 ? `−${value.replace(/^-/, '')}` : value.replace(/^-/, '')
}

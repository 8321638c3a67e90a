/** Moments and ages in words. Times of the API are China time (+08:00) and are shown as such everywhere. */
import { i18n, language } from '@/app/i18n'

const FORM: Intl.DateTimeFormatOptions = {
  timeZone: 'Asia/Shanghai',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
}
const FULL = new Intl.DateTimeFormat('en-CA', FORM)

/** `2026-03-01 08:00` in China time; the text itself where it is no moment. */
export function moment(iso: string | number | Date | null | undefined): string {
  if (iso === null || iso === undefined || iso === '') return ''
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? String(iso) : FULL.format(date).replace(',', '')
}

/** `08:00` of today, `03-01 08:00` of another day. */
export function shortMoment(iso: string | number | Date | null | undefined): string {
  const text = moment(iso)
  return text.slice(0, 10) === moment(Date.now()).slice(0, 10) ? text.slice(11) : text.slice(5)
}

/** How long ago: 刚刚, 5 分钟前, 3 小时前, 2 天前. */
export function ago(iso: string | number | Date | null | undefined, now = Date.now()): string {
  if (!iso) return ''
  const seconds = Math.round((now - new Date(iso).getTime()) / 1000)
  if (Number.isNaN(seconds)) return ''
  const relative = new Intl.RelativeTimeFormat(language() === 'zh' ? 'zh-CN' : 'en', { numeric: 'auto' })
  if (Math.abs(seconds) < 60) return relative.format(-seconds, 'second')
  if (Math.abs(seconds) < 3600) return relative.format(-Math.round(seconds / 60), 'minute')
  if (Math.abs(seconds) < 86400) return relative.format(-Math.round(seconds / 3600), 'hour')
  return relative.format(-Math.round(seconds / 86400), 'day')
}

/** The text in the reader's language of `{zh, en}`, or the text itself. */
export function said(text: string | { zh: string; en: string } | undefined | null): string {
  if (!text) return ''
  return typeof text === 'string' ? text : text[language()] || text.zh
}

const TRUST: [string, string][] = [
  ['CONFIRMED', 'confirmed'],
  ['ONE SOURCE', 'one_source'],
  ['MEMORY ONLY', 'memory'],
  ['CONFLICT', 'conflict'],
  ['NOT CONFIRMED', 'not_confirmed'],
  ['NOT FOUND', 'not_found'],
  ['PROPOSAL', 'proposal'],
  ['DEFAULT, NOT FROM THE DOCUMENTS', 'ours'],
]

/** How far a basis is to be trusted, in the reader's language; what follows the declared word stays as it is. */
export function trusted(word: string | undefined | null): string {
  const hit = TRUST.find(([start]) => word?.startsWith(start))
  return hit && word ? i18n.global.t(`parts.trust_${hit[1]}`) + word.slice(hit[0].length) : (word ?? '')
}

/** Who was signed in on this device, kept for a while so that field work goes on without a network. Only name, roles and region: no token. */
import type { Session } from '@/app/session'

const NAME = 'huanzhi.field.session'
const USED = 'huanzhi.field'
/** As long as a session lives at last; the platform asks anew at every upload anyway. */
const HOURS = 12

/** This device is used in the field: from now on its sessions are kept. */
export const useInField = (): void => localStorage.setItem(USED, '1')
export const usedInField = (): boolean => localStorage.getItem(USED) === '1'

export function keepSession(session: Session, now = Date.now()): void {
  if (usedInField()) localStorage.setItem(NAME, JSON.stringify({ at: now, session: { ...session, csrf: '' } }))
}
export function keptSession(now = Date.now()): Session | null {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? 'null') as { at: number; session: Session } | null
    return kept && now - kept.at < HOURS * 3_600_000 ? kept.session : null
  } catch {
    return null
  }
}
export const dropKept = (): void => localStorage.removeItem(NAME)

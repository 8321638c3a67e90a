/** Makes this device ready to work without a network: registers the worker that keeps the pages listed in it. */
import { useSession } from '@/app/session'
import { keepSession, useInField } from './kept'

export type Ready = 'ready' | 'getting' | 'cannot'

/** Returns how it stands; service workers need HTTPS or localhost. */
export async function goOffline(): Promise<Ready> {
  useInField()
  const session = useSession()
  if (session.live && session.session) keepSession(session.session)
  if (!('serviceWorker' in navigator) || !isSecureContext) return 'cannot'
  try {
    await navigator.serviceWorker.register('/sw.js', { scope: '/' })
    await navigator.serviceWorker.ready
    return 'ready'
  } catch {
    return navigator.serviceWorker.controller ? 'ready' : 'cannot'
  }
}

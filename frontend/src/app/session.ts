import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, send, setCsrf } from '@/api/client'
import { dropKept, keepSession, keptSession } from '@/offline/kept'

export interface Held {
  role: string
  zh: string
  en: string
  path: string
  organisation: string
}
export interface Session {
  code: string
  name: string
  organisation: string
  held: Held[]
  must_change: boolean
  simulated: boolean
  oidc: boolean
  csrf: string
}

/** Who is signed in. The server decides every right; this only spares people doors that would not open. */
export const useSession = defineStore('session', () => {
  const session = ref<Session | null>(null)
  const signedIn = computed(() => Boolean(session.value?.code))
  /** The platform has said so itself; false while a phone without a network goes by what it kept. */
  const live = ref(false)

  function take(found: Session | undefined): void {
    session.value = found ?? null
    if (found) setCsrf(found.csrf)
  }
  async function load(): Promise<void> {
    try {
      take((await api.GET('/api/v1/session')).data as unknown as Session | undefined)
      live.value = signedIn.value
      if (session.value?.code) keepSession(session.value)
    } catch (fault) {
      live.value = false
      const kept = keptSession()
      if (!kept) throw fault
      session.value = kept
    }
  }
  /** Signs in; throws a `Failure` with the API's words. */
  async function signIn(name: string, password: string): Promise<void> {
    take(await send<Session>('POST', '/api/v1/session', { name, password }))
    live.value = true
  }
  async function changePassword(old: string, wanted: string): Promise<void> {
    take(await send<Session>('PUT', '/api/v1/session/password', { old, new: wanted }))
  }
  async function signOut(): Promise<void> {
    take(await send<Session>('DELETE', '/api/v1/session'))
    dropKept()
  }
  /** The session has ended on the server. */
  function forget(): void {
    dropKept()
    if (session.value) session.value = { ...session.value, code: '', name: '', held: [] }
  }
  return { session, signedIn, live, load, signIn, changePassword, signOut, forget }
})

import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, setCsrf } from '@/api/client'

export interface Held {
  role: string
  path: string
  organisation: string
}
export interface Session {
  code: string
  name: string
  organisation: string
  held: Held[]
  csrf: string
}

/** Who is signed in. The server decides every right; this only spares people doors that would not open. */
export const useSession = defineStore('session', () => {
  const session = ref<Session | null>(null)
  const signedIn = computed(() => Boolean(session.value?.code))

  function take(found: Session | undefined): void {
    session.value = found ?? null
    if (found) setCsrf(found.csrf)
  }
  async function load(): Promise<void> {
    take((await api.GET('/api/v1/session')).data as Session | undefined)
  }
  async function signIn(name: string, password: string): Promise<string> {
    const { data, error } = await api.POST('/api/v1/session', { body: { name, password } })
    if (error) return (error as { message?: string }).message ?? ''
    take(data as Session)
    return ''
  }
  async function signOut(): Promise<void> {
    take((await api.DELETE('/api/v1/session')).data as Session | undefined)
  }
  return { session, signedIn, load, signIn, signOut }
})

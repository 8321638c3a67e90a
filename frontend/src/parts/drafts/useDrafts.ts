/** The drafts of this device for the person signed in, and their upload; one for all screens. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { csrfToken } from '@/api/client'
import { language } from '@/app/i18n'
import { useSession } from '@/app/session'
import { begun, editable, recipeOf, uuid, type Draft, type Kept, type Step } from './model'
import { flush, type Answer, type Sending } from './queue'
import { deviceStore, type Store } from './store'

const LOCK = 'huanzhi-drafts'
const BEAT = 15_000
/** Days for which what was uploaded is still listed. */
const LISTED = 30 * 86_400_000

export const useDrafts = defineStore('drafts', () => {
  const session = useSession()
  const store: Store = deviceStore()
  const drafts = ref<Draft[]>([])
  const loaded = ref(false)
  const online = ref(typeof navigator === 'undefined' || navigator.onLine)
  const busy = ref(false)
  const signedOut = ref(false)
  const person = computed(() => session.session?.code ?? '')
  const mine = computed(() => drafts.value.filter((one) => one.person === person.value).sort((a, b) => b.changed - a.changed))
  const count = computed(() => ({
    draft: mine.value.filter((one) => one.state === 'draft').length,
    waiting: mine.value.filter((one) => one.state === 'waiting' || one.state === 'sending').length,
    wrong: mine.value.filter((one) => one.state === 'refused' || one.state === 'conflict').length,
  }))
  let beating: ReturnType<typeof setInterval> | undefined

  async function load(): Promise<void> {
    if (loaded.value) return
    const found = await store.drafts()
    const late = Date.now() - LISTED
    for (const one of found.filter((each) => each.state === 'sent' && each.sent < late)) await store.remove(one.id)
    for (const one of found.filter((each) => each.state === 'sending')) {
      one.state = 'waiting'
      await store.put(one)
    }
    drafts.value = found.filter((each) => !(each.state === 'sent' && each.sent < late))
    loaded.value = true
    begin()
  }
  function begin(): void {
    if (beating) return
    addEventListener('online', () => heard(true))
    addEventListener('offline', () => heard(false))
    beating = setInterval(() => void go(), BEAT)
    void navigator.storage?.persist?.().catch(() => false)
    void go()
  }
  function heard(now: boolean): void {
    online.value = now
    if (!now) return
    for (const one of drafts.value) if (one.state === 'waiting') one.next = 0
    void go()
  }

  const found = (id: string): Draft | undefined => drafts.value.find((one) => one.id === id)
  async function make(kind: string, title: string, values: Record<string, unknown>): Promise<Draft> {
    const made = begun(kind, person.value, title, values)
    await store.put(made)
    drafts.value = [...drafts.value, made]
    return found(made.id) ?? made
  }
  async function save(draft: Draft): Promise<void> {
    draft.changed = Date.now()
    await store.put(draft)
  }
  async function remove(draft: Draft): Promise<void> {
    await store.remove(draft.id)
    drafts.value = drafts.value.filter((one) => one.id !== draft.id)
  }
  /** Queues a draft; its requests are made now and stay the same however often they are sent. */
  async function queue(draft: Draft): Promise<void> {
    const recipe = recipeOf(draft.kind)
    if (!recipe || !editable(draft)) return
    const files = await store.files(draft.id)
    const before = draft.steps.filter((one) => one.done)
    draft.steps = before.length ? draft.steps.map((one) => (one.done ? one : { ...one, key: uuid() })) : recipe.steps(draft as Draft<never>, files)
    Object.assign(draft, { state: 'waiting', queued: Date.now(), next: 0, tries: 0, fault: null, theirs: null })
    await save(draft)
    void go()
  }
  /** Takes a refused or queued draft back to change it, as long as nothing of it has arrived. */
  async function reopen(draft: Draft): Promise<void> {
    if (draft.state === 'sending' || draft.steps.some((one) => one.done)) return
    Object.assign(draft, { state: 'draft', fault: null, theirs: null, steps: [] })
    await save(draft)
  }
  /** Sends a draft again on top of what the platform has now. */
  async function again(draft: Draft): Promise<void> {
    const revision = (draft.theirs as { revision?: number } | null)?.revision
    for (const one of draft.steps) if (!one.done) Object.assign(one, { key: uuid(), ...(one.match && revision !== undefined ? { match: String(revision) } : {}) })
    Object.assign(draft, { state: 'waiting', next: 0, tries: 0, fault: null, theirs: null })
    await save(draft)
    void go()
  }

  /** Sends what waits; only one page of this device does it at a time. */
  async function go(): Promise<void> {
    if (busy.value || !loaded.value || !person.value) return
    if (!mine.value.some((one) => one.state === 'waiting' && one.next <= Date.now())) return
    busy.value = true
    try {
      const work = async (): Promise<void> => void (await flush(sending, mine.value))
      if (navigator.locks) await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => (lock ? await work() : undefined))
      else await work()
    } finally {
      busy.value = false
    }
  }
  const sending: Sending = {
    store,
    send,
    read: async (path) => answered(await fetch(path, { headers: { 'Accept-Language': spoken() } })),
    renew: async () => {
      await session.load()
      signedOut.value = !session.live
      return session.live
    },
    changed: (draft) => {
      drafts.value = drafts.value.map((one) => (one.id === draft.id ? draft : one))
    },
    now: () => Date.now(),
  }
  const spoken = (): string => (language() === 'zh' ? 'zh-CN' : 'en')

  async function send(step: Step, path: string, file: Kept | null): Promise<Answer> {
    const headers: Record<string, string> = {
      'Idempotency-Key': step.key,
      'Device-Time': new Date().toISOString(),
      'X-CSRFToken': csrfToken(),
      'Accept-Language': spoken(),
      ...(step.match ? { 'If-Match': `"${step.match}"` } : {}),
    }
    if (!step.file) return answered(await fetch(path, { method: step.method, headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(step.json ?? {}) }))
    if (!file?.blob) return { status: 410, body: { error: 'drafts.no_file', message: file?.name ?? '' } }
    const form = new FormData()
    form.append('file', file.blob, file.name)
    return answered(await fetch(path, { method: step.method, headers, body: form }))
  }

  return { drafts, mine, count, loaded, online, busy, signedOut, store, load, found, make, save, remove, queue, reopen, again, go }
})

async function answered(response: Response): Promise<Answer> {
  const words = await response.text()
  try {
    return { status: response.status, body: words ? JSON.parse(words) : null }
  } catch {
    return { status: response.status, body: null }
  }
}

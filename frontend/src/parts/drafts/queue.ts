/** Sends queued drafts: in order, one at a time, each request under its own key; what fails for want of a network waits. */
import type { Draft, Kept, Refusal, Step } from './model'
import type { Store } from './store'

export interface Answer {
  status: number
  body: unknown
}
/** Makes one request; throws only where no answer came. */
export type Transport = (step: Step, path: string, file: Kept | null) => Promise<Answer>

export interface Sending {
  store: Store
  send: Transport
  read: (path: string) => Promise<Answer>
  /** Signs the session in anew where its token is old; tells whether somebody is signed in. */
  renew: () => Promise<boolean>
  changed: (draft: Draft) => void
  now: () => number
}

/** Milliseconds before the next try: 5 s, doubled each time, at most ten minutes. */
export const pauseAfter = (tries: number): number => Math.min(600_000, 5_000 * 2 ** Math.max(0, tries - 1))

const LATER = new Set([0, 408, 425, 429])
const later = (status: number): boolean => LATER.has(status) || status >= 500

type Outcome = 'sent' | 'later' | 'stopped' | 'signed_out'

/** Sends all that waits, the oldest first; stops at the first that finds no network or nobody signed in. */
export async function flush(of: Sending, drafts: Draft[]): Promise<number> {
  let sent = 0
  const waiting = drafts.filter((one) => one.state === 'waiting' && one.next <= of.now()).sort((a, b) => a.queued - b.queued)
  for (const draft of waiting) {
    const outcome = await upload(of, draft)
    if (outcome === 'sent') sent += 1
    if (outcome === 'later' || outcome === 'signed_out') break
  }
  return sent
}

/** Sends one draft from the request on that was not answered yet. */
export async function upload(of: Sending, draft: Draft): Promise<Outcome> {
  await become(of, draft, { state: 'sending', fault: null })
  const files = new Map((await of.store.files(draft.id)).map((one) => [one.id, one]))
  for (const step of draft.steps) {
    if (step.done) continue
    const outcome = await take(of, draft, step, step.file ? (files.get(step.file) ?? null) : null)
    if (outcome !== 'sent') return outcome
  }
  for (const file of files.values()) await of.store.keep({ ...file, blob: null })
  await become(of, draft, { state: 'sent', sent: of.now(), tries: 0 })
  return 'sent'
}

async function take(of: Sending, draft: Draft, step: Step, file: Kept | null): Promise<Outcome> {
  const path = filled(step.path, draft.answer)
  let answer = await tried(of, step, path, file)
  if (answer.status === 401 || errorOf(answer.body) === 'web_api.csrf') {
    if (!(await of.renew().catch(() => false))) return waits(of, draft, answer, answer.status === 0 ? 'later' : 'signed_out')
    answer = await tried(of, step, path, file)
  }
  if (answer.status >= 200 && answer.status < 300) {
    step.done = true
    await become(of, draft, { answer: { ...draft.answer, ...learnt(answer.body, draft.answer) } })
    return 'sent'
  }
  if (answer.status === 401 || later(answer.status)) return waits(of, draft, answer, answer.status === 401 ? 'signed_out' : 'later')
  if (answer.status === 412) {
    const theirs = step.theirs ? await of.read(filled(step.theirs, draft.answer)).catch(() => null) : null
    await become(of, draft, { state: 'conflict', fault: refusal(answer), theirs: theirs?.body ?? null })
    return 'stopped'
  }
  await become(of, draft, { state: 'refused', fault: refusal(answer) })
  return 'stopped'
}

async function tried(of: Sending, step: Step, path: string, file: Kept | null): Promise<Answer> {
  try {
    return await of.send(step, path, file)
  } catch {
    return { status: 0, body: null }
  }
}

async function waits(of: Sending, draft: Draft, answer: Answer, outcome: Outcome): Promise<Outcome> {
  const tries = draft.tries + 1
  await become(of, draft, { state: 'waiting', tries, next: of.now() + pauseAfter(tries), fault: answer.status ? refusal(answer) : null })
  return outcome
}

async function become(of: Sending, draft: Draft, change: Partial<Draft>): Promise<void> {
  Object.assign(draft, change)
  await of.store.put(draft)
  of.changed(draft)
}

export const filled = (path: string, answer: Record<string, string>): string => path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(answer[name] ?? ''))

const LEARNT = ['code', 'number'] as const
/** Codes and numbers of the first answer that gives them; later answers do not change them. */
function learnt(body: unknown, known: Record<string, string>): Record<string, string> {
  const told = body && typeof body === 'object' ? (body as Record<string, unknown>) : {}
  return Object.fromEntries(LEARNT.filter((name) => typeof told[name] === 'string' && !known[name]).map((name) => [name, told[name] as string]))
}

const errorOf = (body: unknown): string => (body && typeof body === 'object' ? String((body as Record<string, unknown>).error ?? '') : '')

function refusal({ status, body }: Answer): Refusal {
  const told = body && typeof body === 'object' ? (body as Partial<Refusal>) : {}
  return { status, error: told.error ?? '', message: told.message ?? String(status), ...(told.column ? { column: told.column } : {}), ...(told.expected ? { expected: told.expected } : {}) }
}

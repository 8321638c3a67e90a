import { computed, ref } from 'vue'
import { openStream, type Stream, type Told, type Topic } from './stream'

export type { Stream, Told, Topic }

/** Live events: one stream for the whole browser, kept by a shared worker; where there is none, one a tab. */
export type Hear = (events: unknown[], topic: Topic) => void

const state = ref<Stream>('idle')
const heard = ref(0)
const hearers = new Map<Topic, Set<Hear>>()
let port: { ask: (topics: Topic[]) => void } | null = null

function take(told: Told): void {
  if (told.kind === 'state') {
    state.value = told.state
    return
  }
  heard.value = Date.now()
  for (const hear of hearers.get(told.topic) ?? []) hear(told.events, told.topic)
}

function connect(): { ask: (topics: Topic[]) => void } {
  if (typeof SharedWorker === 'undefined') return openStream(take)
  const worker = new SharedWorker(new URL('./events.worker.ts', import.meta.url), { type: 'module', name: 'huanzhi-events' })
  worker.port.onmessage = (message: MessageEvent<Told>) => take(message.data)
  worker.port.start()
  window.addEventListener('pagehide', () => worker.port.postMessage([]))
  window.addEventListener('pageshow', (event: PageTransitionEvent) => {
    if (event.persisted) worker.port.postMessage([...hearers.keys()])
  })
  return { ask: (topics) => worker.port.postMessage(topics) }
}

/** Hears the events of topics until the function that comes back is called. */
export function listen(topics: Topic[], hear: Hear): () => void {
  for (const topic of topics) {
    if (!hearers.has(topic)) hearers.set(topic, new Set())
    hearers.get(topic)?.add(hear)
  }
  if (typeof EventSource !== 'undefined' || typeof SharedWorker !== 'undefined') {
    port ??= connect()
    port.ask([...hearers.keys()])
  }
  return () => {
    for (const topic of topics) hearers.get(topic)?.delete(hear)
  }
}

/** State of the stream, and when it last spoke (milliseconds; 0 before it did). */
export const useStream = () => ({ state, heard, lost: computed(() => state.value === 'lost') })

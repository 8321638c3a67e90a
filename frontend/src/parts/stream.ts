export type Topic = 'values' | 'devices' | 'rejects' | 'jobs' | 'alerts' | (string & {})
export type Stream = 'idle' | 'connecting' | 'connected' | 'lost'

/** What a stream tells of itself and of what happened. */
export type Told = { kind: 'state'; state: Stream } | { kind: 'events'; topic: Topic; events: unknown[] }

export const PATH = '/api/v1/events'

/** Opens a stream of topics and tells of its state; reconnects by itself, asking for what was missed. */
export function openStream(tell: (told: Told) => void, make: (address: string) => EventSource = (at) => new EventSource(at)) {
  let source: EventSource | null = null
  let topics = ''
  let last = ''
  let tries = 0
  let waiting: ReturnType<typeof setTimeout> | undefined

  function open(): void {
    clearTimeout(waiting)
    source?.close()
    if (!topics) return
    tell({ kind: 'state', state: 'connecting' })
    const after = last ? `&last_event_id=${encodeURIComponent(last)}` : ''
    source = make(`${PATH}?topics=${topics}${after}`)
    source.onopen = () => {
      tries = 0
      tell({ kind: 'state', state: 'connected' })
    }
    source.onerror = () => {
      tell({ kind: 'state', state: 'lost' })
      if (source?.readyState !== 2) return
      waiting = setTimeout(open, Math.min(30_000, 1_000 * 2 ** tries++))
    }
    for (const topic of topics.split(',')) source.addEventListener(topic, (event) => hear(topic, event as MessageEvent<string>))
  }
  function hear(topic: Topic, message: MessageEvent<string>): void {
    last = message.lastEventId || last
    const given: unknown = JSON.parse(message.data)
    tell({ kind: 'events', topic, events: Array.isArray(given) ? given : [given] })
  }
  function ask(wanted: Iterable<Topic>): void {
    const next = [...new Set(wanted)].sort().join(',')
    if (next === topics) return
    topics = next
    open()
  }
  function stop(): void {
    clearTimeout(waiting)
    source?.close()
  }
  return { ask, stop }
}


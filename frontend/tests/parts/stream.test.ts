import { afterEach, describe, expect, it, vi } from 'vitest'
import { openStream, type Told } from '@/parts/stream'

class Source {
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  readyState = 1
  closed = false
  hearers: Record<string, (event: unknown) => void> = {}
  constructor(readonly address: string) {}
  addEventListener(topic: string, hear: (event: unknown) => void): void {
    this.hearers[topic] = hear
  }
  close(): void {
    this.closed = true
  }
}
afterEach(() => vi.useRealTimers())

function opened() {
  const sources: Source[] = []
  const told: Told[] = []
  const stream = openStream(
    (one) => told.push(one),
    (address) => {
      sources.push(new Source(address))
      return sources.at(-1) as unknown as EventSource
    },
  )
  return { sources, told, stream }
}

describe('the stream of live events', () => {
  it('asks for the topics of all, once', () => {
    const { sources, stream } = opened()
    stream.ask(['values', 'alerts', 'values'])
    stream.ask(['alerts', 'values'])
    expect(sources.map((source) => source.address)).toEqual(['/api/v1/events?topics=alerts,values'])
    stream.ask(['alerts', 'jobs', 'values'])
    expect(sources).toHaveLength(2)
    expect(sources[0]?.closed).toBe(true)
  })
  it('tells of states and of lists of events', () => {
    const { sources, told, stream } = opened()
    stream.ask(['values'])
    sources[0]?.onopen?.()
    sources[0]?.hearers.values?.({ data: '[{"value":"1"}]', lastEventId: '41' })
    sources[0]?.hearers.values?.({ data: '{"value":"2"}', lastEventId: '42' })
    expect(told).toEqual([
      { kind: 'state', state: 'connecting' },
      { kind: 'state', state: 'connected' },
      { kind: 'events', topic: 'values', events: [{ value: '1' }] },
      { kind: 'events', topic: 'values', events: [{ value: '2' }] },
    ])
  })
  it('opens again, asking for what was missed', () => {
    vi.useFakeTimers()
    const { sources, told, stream } = opened()
    stream.ask(['values'])
    sources[0]?.hearers.values?.({ data: '[]', lastEventId: '42' })
    Object.assign(sources[0] ?? {}, { readyState: 2 })
    sources[0]?.onerror?.()
    expect(told.at(-1)).toEqual({ kind: 'state', state: 'lost' })
    vi.advanceTimersByTime(1_500)
    expect(sources[1]?.address).toBe('/api/v1/events?topics=values&last_event_id=42')
  })
})

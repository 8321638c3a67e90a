/// <reference lib="webworker" />
import { openStream, type Stream, type Told, type Topic } from './stream'

// One EventSource for every tab of this browser: HTTP/1.1 allows six connections to a server, and tabs are many.
declare const self: SharedWorkerGlobalScope
const tabs = new Map<MessagePort, Topic[]>()
let state: Stream = 'idle'

const stream = openStream((told: Told) => {
  if (told.kind === 'state') state = told.state
  for (const [port, topics] of tabs) {
    if (told.kind === 'state' || topics.includes(told.topic)) port.postMessage(told)
  }
})

self.onconnect = (event) => {
  const port = event.ports[0]
  if (!port) return
  port.onmessage = (message: MessageEvent<Topic[]>) => {
    if (message.data.length) tabs.set(port, message.data)
    else tabs.delete(port)
    stream.ask([...tabs.values()].flat())
    port.postMessage({ kind: 'state', state } satisfies Told)
  }
  port.start()
}

import { ref } from 'vue'
import { address, get, send } from '@/api/client'

/** A job as the API tells it. */
export interface Job {
  id: number
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  progress: number
  words: string
  error: { message?: string } | null
}
const EVERY = 400
/** Milliseconds after which a job that nobody took is done at once instead: no worker runs. */
const PATIENCE = 4_000
const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time))

/** Asks for work in the background and tells how far it is; where no worker takes it, it is done in the request. */
export function useBackground() {
  const job = ref<Job | null>(null)

  async function run(path: string, body?: unknown): Promise<void> {
    const started = await send<{ job: number }>('POST', address(path, { background: 'true' }), body)
    const ended = await follow(started.job)
    job.value = null
    if (ended === 'untaken') await send('POST', path, body)
    else if (ended.state !== 'done') throw new Error(ended.error?.message || ended.state)
  }
  async function follow(number: number): Promise<Job | 'untaken'> {
    const begun = Date.now()
    for (;;) {
      const now = await get<Job>(`/api/v1/jobs/${number}`)
      job.value = now
      if (!['queued', 'running'].includes(now.state)) return now
      if (now.state === 'queued' && Date.now() - begun > PATIENCE) {
        const cancelled = await send<Job>('POST', `/api/v1/jobs/${number}/cancel`)
        if (cancelled.state === 'cancelled') return 'untaken'
      }
      await pause(EVERY)
    }
  }
  return { job, run }
}

import { beforeEach, describe, expect, it } from 'vitest'
import { metres, type Spot } from '@/parts/drafts/device'
import { exif, stamped } from '@/parts/drafts/exif'
import { begun, declare, progress, step, uuid, type Draft, type Kept, type Step } from '@/parts/drafts/model'
import { filled, flush, pauseAfter, upload, type Answer, type Sending } from '@/parts/drafts/queue'
import { memoryStore, type Store } from '@/parts/drafts/store'

declare('note', { steps: () => [], page: () => '/' })

let store: Store
let now: number
let answers: Answer[]
let asked: { path: string; key: string; match?: string }[]
let signedIn: boolean

const of = (more: Partial<Sending> = {}): Sending => ({
  store,
  send: async (one: Step, path: string) => {
    asked.push({ path, key: one.key, ...(one.match ? { match: one.match } : {}) })
    const next = answers.shift()
    if (!next) throw new TypeError('no network')
    return next
  },
  read: async () => ({ status: 200, body: { state: 'dismissed', revision: 7 } }),
  renew: async () => signedIn,
  changed: () => undefined,
  now: () => now,
  ...more,
})
const ok = (body: unknown = {}): Answer => ({ status: 201, body })
async function queued(steps: Step[], at = 1): Promise<Draft> {
  const draft = { ...begun('note', 'wang', 'x', {}, now), state: 'waiting' as const, steps, queued: at }
  await store.put(draft)
  return draft
}
const two = (): Step[] => [step({ method: 'POST', path: '/a', json: {} }), step({ method: 'POST', path: '/a/{code}/files', file: 'f' })]

beforeEach(() => {
  store = memoryStore()
  now = 1_000_000
  answers = []
  asked = []
  signedIn = true
})

describe('the queue', () => {
  it('sends in order and fills in what the first answer told', async () => {
    const draft = await queued(two())
    answers = [ok({ code: 'XC 1' }), ok()]
    expect(await flush(of(), [draft])).toBe(1)
    expect(asked.map((one) => one.path)).toEqual(['/a', '/a/XC%201/files'])
    expect([draft.state, draft.answer.code, progress(draft)]).toEqual(['sent', 'XC 1', 1])
    expect((await store.drafts())[0]!.state).toBe('sent')
  })
  it('goes on from the request that was not answered, under the same key', async () => {
    const draft = await queued(two())
    answers = [ok({ code: 'C' })]
    await flush(of(), [draft])
    expect([draft.state, draft.tries, progress(draft)]).toEqual(['waiting', 1, 0.5])
    const kept = (await store.drafts())[0]!
    now += pauseAfter(1)
    answers = [ok()]
    await flush(of(), [kept])
    expect(kept.state).toBe('sent')
    expect(asked.map((one) => one.path)).toEqual(['/a', '/a/C/files', '/a/C/files'])
    expect(asked[1]!.key).toBe(asked[2]!.key)
  })
  it('waits before it tries again, and longer each time', async () => {
    const draft = await queued(two())
    await flush(of(), [draft])
    await flush(of(), [draft])
    expect(asked.length).toBe(1)
    expect([1, 2, 3, 20].map(pauseAfter)).toEqual([5_000, 10_000, 20_000, 600_000])
  })
  it('stops at the first that finds no network, and keeps the order', async () => {
    const [late, early] = [await queued(two(), 2), await queued(two(), 1)]
    await flush(of(), [late, early])
    expect([early.tries, late.tries]).toEqual([1, 0])
  })
  it('says why it was refused and goes on with the next', async () => {
    const [bad, good] = [await queued(two(), 1), await queued([step({ method: 'POST', path: '/b', json: {} })], 2)]
    answers = [{ status: 422, body: { error: 'patrols.times', message: '起止时间不对', column: 'ended', expected: 'x' } }, ok()]
    await flush(of(), [bad, good])
    expect([bad.state, bad.fault?.message, bad.fault?.column, good.state]).toEqual(['refused', '起止时间不对', 'ended', 'sent'])
  })
  it('keeps both sides of a conflict', async () => {
    const draft = await queued([step({ method: 'POST', path: '/v', json: {}, match: '3', theirs: '/v' })])
    draft.values = { outcome: 'confirmed' }
    answers = [{ status: 412, body: { error: 'records.stale', message: 'm' } }]
    await flush(of(), [draft])
    const kept = (await store.drafts())[0]!
    expect([kept.state, kept.values, kept.theirs]).toEqual(['conflict', { outcome: 'confirmed' }, { state: 'dismissed', revision: 7 }])
    expect(asked[0]!.match).toBe('3')
  })
  it('renews an old token once', async () => {
    const draft = await queued([step({ method: 'POST', path: '/b', json: {} })])
    answers = [{ status: 403, body: { error: 'web_api.csrf' } }, ok()]
    await flush(of(), [draft])
    expect(draft.state).toBe('sent')
  })
  it('waits for who is signed out, and loses nothing', async () => {
    const draft = await queued(two())
    signedIn = false
    answers = [{ status: 401, body: { error: 'web_api.signed_out', message: 'x' } }]
    await flush(of(), [draft])
    expect([draft.state, draft.fault?.status]).toEqual(['waiting', 401])
  })
  it.each([500, 502, 503, 429, 408])('waits after %i', async (status) => {
    const draft = await queued(two())
    answers = [{ status, body: null }]
    expect(await upload(of(), draft)).toBe('later')
    expect(draft.state).toBe('waiting')
  })
  it('lets go of the bytes only when all has arrived', async () => {
    const draft = await queued(two())
    const file = { id: 'f', draft: draft.id, blob: new Blob(['x']) } as Kept
    await store.keep(file)
    answers = [ok({ code: 'C' })]
    await flush(of(), [draft])
    expect((await store.files(draft.id))[0]!.blob).not.toBeNull()
    now += 10_000
    answers = [ok()]
    await flush(of(), [draft])
    expect((await store.files(draft.id))[0]!.blob).toBeNull()
  })
  it('fills nothing in that was not told', () => {
    expect(filled('/a/{code}/{x}', { code: 'é' })).toBe('/a/%C3%A9/')
  })
  it('makes keys of its own', () => {
    const keys = new Set(Array.from({ length: 500 }, uuid))
    expect(keys.size).toBe(500)
    expect([...keys].every((one) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(one))).toBe(true)
  })
})

/** Reads what the block says, by the rules of TIFF. */
function readExif(block: Uint8Array): Record<string, unknown> {
  const view = new DataView(block.buffer, block.byteOffset + 10)
  const told: Record<string, unknown> = {}
  const text = (at: number, count: number): string => String.fromCharCode(...new Uint8Array(block.buffer, block.byteOffset + 10 + at, count - 1))
  const directory = (at: number, head: string): void => {
    for (let n = 0; n < view.getUint16(at); n++) {
      const field = at + 2 + n * 12
      const [tag, type, count] = [view.getUint16(field), view.getUint16(field + 2), view.getUint32(field + 4)]
      const place = type === 5 || (type === 2 && count > 4) ? view.getUint32(field + 8) : field + 8
      if (tag === 0x8769) directory(view.getUint32(field + 8), 'exif')
      else if (tag === 0x8825) directory(view.getUint32(field + 8), 'gps')
      else if (type === 2) told[`${head}.${tag}`] = text(place, count)
      else if (type === 5) told[`${head}.${tag}`] = Array.from({ length: count }, (_, k) => view.getUint32(place + 8 * k) / view.getUint32(place + 8 * k + 4))
    }
  }
  directory(8, 'first')
  return told
}

describe('time and place in the metadata of a photo', () => {
  const spot: Spot = { lon: 121.500123, lat: 29.9, accuracy: 8.5, at: 0 }
  const moment = Date.parse('2026-11-22T08:15:30+08:00')
  it('tells moment, zone and place', () => {
    const told = readExif(exif(moment, spot))
    expect(told['exif.36867']).toBe('2026:11:22 08:15:30')
    expect(told['exif.36881']).toBe('+08:00')
    expect([told['gps.1'], told['gps.3'], told['gps.18']]).toEqual(['N', 'E', 'WGS-84'])
    const [d, m, s] = told['gps.4'] as number[]
    expect(d! + m! / 60 + s! / 3600).toBeCloseTo(121.500123, 7)
    expect(told['gps.31']).toEqual([8.5])
  })
  it('says nothing of a place that is not known', () => {
    expect(Object.keys(readExif(exif(moment, null)))).toEqual(['exif.36867', 'exif.36881'])
  })
  it('leaves the picture as it is, and what is no JPEG alone', async () => {
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xdb, 1, 2, 3])
    const made = new Uint8Array(await (await stamped(new Blob([jpeg]), moment, spot)).arrayBuffer())
    expect([...made.slice(0, 4)]).toEqual([0xff, 0xd8, 0xff, 0xe1])
    expect([...made.slice(-5)]).toEqual([...jpeg.slice(2)])
    const other = new Blob(['png'])
    expect(await stamped(other, moment, spot)).toBe(other)
  })
})

it('measures between places', () => {
  expect(metres({ lon: 121.5, lat: 29.9 }, { lon: 121.501, lat: 29.9 })).toBeCloseTo(96.4, 0)
})

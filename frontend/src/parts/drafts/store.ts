/** Where drafts are kept: IndexedDB of this device, or memory in tests. Every change is durable when it returns. */
import type { Draft, Kept } from './model'

export interface Store {
  drafts: () => Promise<Draft[]>
  put: (draft: Draft) => Promise<void>
  remove: (draft: string) => Promise<void>
  files: (draft: string) => Promise<Kept[]>
  keep: (file: Kept) => Promise<void>
  drop: (file: string) => Promise<void>
  /** Something that was read and is needed without a network. */
  remember: (name: string, what: unknown) => Promise<void>
  recall: <T>(name: string) => Promise<T | null>
  forget: (name: string) => Promise<void>
}

const NAME = 'huanzhi-field'
const VERSION = 1

function done<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error ?? new Error('IndexedDB'))
  })
}
function closed(of: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    of.oncomplete = () => resolve()
    of.onerror = of.onabort = () => reject(of.error ?? new Error('IndexedDB'))
  })
}

function open(): Promise<IDBDatabase> {
  const asked = indexedDB.open(NAME, VERSION)
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore('drafts', { keyPath: 'id' })
    asked.result.createObjectStore('files', { keyPath: 'id' }).createIndex('draft', 'draft')
    asked.result.createObjectStore('kept')
  }
  return done(asked)
}

/** A plain copy, without what makes it reactive; blobs stay what they are. */
const plain = <T>(given: T): T => JSON.parse(JSON.stringify(given)) as T

/** Drafts in IndexedDB. */
export function deviceStore(): Store {
  let held: Promise<IDBDatabase> | undefined
  async function within<T>(names: string[], mode: IDBTransactionMode, work: (of: IDBTransaction) => Promise<T> | T): Promise<T> {
    const base = await (held ??= open())
    const of = base.transaction(names, mode, { durability: 'strict' })
    const ended = closed(of)
    const answer = await work(of)
    await ended
    return answer
  }
  return {
    drafts: () => within(['drafts'], 'readonly', (of) => done(of.objectStore('drafts').getAll() as IDBRequest<Draft[]>)),
    put: (draft) => within(['drafts'], 'readwrite', (of) => void of.objectStore('drafts').put(plain(draft))),
    remove: (draft) =>
      within(['drafts', 'files'], 'readwrite', async (of) => {
        of.objectStore('drafts').delete(draft)
        const keys = await done(of.objectStore('files').index('draft').getAllKeys(draft))
        for (const key of keys) of.objectStore('files').delete(key)
      }),
    files: (draft) => within(['files'], 'readonly', (of) => done(of.objectStore('files').index('draft').getAll(draft) as IDBRequest<Kept[]>)),
    keep: (file) => within(['files'], 'readwrite', (of) => void of.objectStore('files').put({ ...file })),
    drop: (file) => within(['files'], 'readwrite', (of) => void of.objectStore('files').delete(file)),
    remember: (name, what) => within(['kept'], 'readwrite', (of) => void of.objectStore('kept').put(plain(what), name)),
    recall: <T>(name: string) => within(['kept'], 'readonly', async (of) => ((await done(of.objectStore('kept').get(name))) as T | undefined) ?? null),
    forget: (name) => within(['kept'], 'readwrite', (of) => void of.objectStore('kept').delete(name)),
  }
}

/** Drafts in memory, for tests. */
export function memoryStore(): Store {
  const drafts = new Map<string, Draft>()
  const files = new Map<string, Kept>()
  const kept = new Map<string, unknown>()
  return {
    drafts: async () => [...drafts.values()].map(plain),
    put: async (draft) => void drafts.set(draft.id, plain(draft)),
    remove: async (draft) => {
      drafts.delete(draft)
      for (const one of [...files.values()]) if (one.draft === draft) files.delete(one.id)
    },
    files: async (draft) => [...files.values()].filter((one) => one.draft === draft),
    keep: async (file) => void files.set(file.id, { ...file }),
    drop: async (file) => void files.delete(file),
    remember: async (name, what) => void kept.set(name, plain(what)),
    recall: async <T>(name: string) => (kept.get(name) as T | undefined) ?? null,
    forget: async (name) => void kept.delete(name),
  }
}

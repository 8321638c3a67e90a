/** Drafts: work that was begun on this device, kept until the platform has it. Shapes, without anything that keeps or sends. */

/** 本机草稿 / 待上传 / 上传中 / 已上传 / 被拒 / 有冲突 */
export type DraftState = 'draft' | 'waiting' | 'sending' | 'sent' | 'refused' | 'conflict'

export interface Refusal {
  status: number
  error: string
  message: string
  column?: string
  expected?: string
}

/** One request of an upload; it is made in order and each under a key of its own, so that sending it again is harmless. */
export interface Step {
  key: string
  method: 'POST' | 'PATCH' | 'PUT'
  /** `{name}` stands for what an earlier answer gave. */
  path: string
  json?: unknown
  /** A kept file that goes as a form, under the name `file`. */
  file?: string
  /** Revision that the change begins from. */
  match?: string
  /** Where what stands on the platform is read when it was changed meanwhile. */
  theirs?: string
  done: boolean
}

export interface Draft<V = Record<string, unknown>> {
  id: string
  kind: string
  person: string
  title: string
  made: number
  changed: number
  queued: number
  sent: number
  state: DraftState
  values: V
  steps: Step[]
  tries: number
  next: number
  fault: Refusal | null
  theirs: unknown
  answer: Record<string, string>
}

/** A photo, signature or file of a draft, with the time and place that the device told when it was taken. */
export interface Kept {
  id: string
  draft: string
  kind: 'photo' | 'signature' | 'file'
  name: string
  type: string
  blob: Blob | null
  sha256: string
  size: number
  taken_at: string
  lon: number | null
  lat: number | null
  accuracy: number | null
  /** What within the draft it belongs to. */
  of: string
}

/** How a kind of draft is uploaded. */
export interface Recipe {
  /** The requests, made once when the draft is queued. */
  steps: (draft: Draft<never>, files: Kept[]) => Step[]
  /** Where its page is, with the draft in it. */
  page: (draft: Draft) => string
  /** What is shown of both sides of a conflict, as labels and words; every plain field where absent. */
  shown?: (what: Record<string, unknown>) => [string, string][]
}

const recipes = new Map<string, Recipe>()
export const declare = (kind: string, recipe: Recipe): void => void recipes.set(kind, recipe)
export const recipeOf = (kind: string): Recipe | undefined => recipes.get(kind)

/** A UUID; also where the page is not served over HTTPS. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export const step = (given: Omit<Step, 'key' | 'done'>): Step => ({ ...given, key: uuid(), done: false })

/** What a file tells of itself to the platform. */
export const toldOf = (file: Kept): Record<string, unknown> => ({
  client: file.id,
  name: file.name,
  sha256: file.sha256,
  size: file.size,
  taken_at: file.taken_at,
  lon: file.lon,
  lat: file.lat,
  accuracy: file.accuracy,
})

export function begun(kind: string, person: string, title: string, values: Record<string, unknown>, now = Date.now()): Draft {
  return { id: uuid(), kind, person, title, made: now, changed: now, queued: 0, sent: 0, state: 'draft', values, steps: [], tries: 0, next: 0, fault: null, theirs: null, answer: {} }
}

/** May still be changed by hand. */
export const editable = (draft: Draft): boolean => draft.state === 'draft' || draft.state === 'refused'

/** Share of the requests that were answered, 0 to 1. */
export const progress = (draft: Draft): number => (draft.steps.length ? draft.steps.filter((one) => one.done).length / draft.steps.length : 0)

import createClient from 'openapi-fetch'
import { language } from '@/app/i18n'
import type { paths } from './schema'

let csrf = ''
export const setCsrf = (token: string): void => {
  csrf = token
}
/** The token that changes carry, for parts that make their own requests. */
export const csrfToken = (): string => csrf

type Refused = (status: number) => void
let refused: Refused = () => undefined
/** Names who is told, once for all screens, when the session has ended (401). */
export const onRefused = (hear: Refused): void => {
  refused = hear
}

/** The API with types from its own OpenAPI document; the session is a cookie, changes carry the CSRF token. */
export const api = createClient<paths>({ baseUrl: location.origin })

function dress(headers: Headers, method: string): void {
  headers.set('Accept-Language', language() === 'zh' ? 'zh-CN' : 'en')
  if (method !== 'GET') headers.set('X-CSRFToken', csrf)
}

function heed(response: Response, method: string): void {
  const signingIn = new URL(response.url || location.href, location.origin).pathname.endsWith('/session')
  if (response.status === 401 && !(signingIn && method !== 'GET')) refused(401)
}

api.use({
  onRequest({ request }) {
    dress(request.headers, request.method)
    return request
  },
  onResponse({ request, response }) {
    heed(response, request.method)
    return response
  },
})

/** What the API says when something is wrong. */
export interface Fault {
  error: string
  message: string
  row?: number
  column?: string
  value?: string
  expected?: string
}

/** A fault with the status of the answer; 0 where no answer came. */
export type Failure = Error & { status: number; fault?: Fault }

export type Query = Record<string, string | number | boolean | null | undefined | (string | number)[]>

/** Returns path and query as one address; empty values are left out, lists are repeated. */
export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== null && one !== undefined && one !== '')
      .map((one) => [name, String(one)]),
  )
  const text = new URLSearchParams(pairs).toString()
  return text ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path
}

/** Reads a path of the API that a shared part was given as text; use `api.GET` where the path is known. */
export function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return send<T>('GET', address(path, query), undefined, {}, signal)
}

/** Changes something at a path; `headers` may carry If-Match. Throws a `Failure` with the API's own words. */
export async function send<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<T> {
  const dressed = new Headers(headers)
  dress(dressed, method)
  const form = body instanceof FormData
  if (body !== undefined && !form) dressed.set('Content-Type', 'application/json')
  const content = body === undefined || form ? (body as FormData | undefined) : JSON.stringify(body)
  const response = await fetch(path, { method, headers: dressed, body: content ?? null, signal: signal ?? null })
  heed(response, method)
  const text = await response.text()
  if (!response.ok) throw failure(response, text)
  return (text ? JSON.parse(text) : undefined) as T
}

function failure(response: Response, text: string): Failure {
  let fault: Fault | undefined
  try {
    fault = JSON.parse(text) as Fault
  } catch {
    fault = undefined
  }
  const words = fault?.message ?? (response.statusText || String(response.status))
  return Object.assign(new Error(words), { status: response.status, ...(fault ? { fault } : {}) })
}

/** Returns the data of an answer, or throws its fault. */
export function found<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data !== undefined && answer.response.ok) return answer.data
  throw Object.assign(new Error((answer.error as Fault)?.message ?? answer.response.statusText), {
    status: answer.response.status,
    fault: answer.error as Fault,
  })
}

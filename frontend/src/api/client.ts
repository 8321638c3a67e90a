import createClient from 'openapi-fetch'
import { language } from '@/app/i18n'
import type { paths } from './schema'

let csrf = ''
export const setCsrf = (token: string): void => {
  csrf = token
}

/** The API with types from its own OpenAPI document; the session is a cookie, changes carry the CSRF token. */
export const api = createClient<paths>({ baseUrl: location.origin })

api.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', language() === 'zh' ? 'zh-CN' : 'en')
    if (request.method !== 'GET') request.headers.set('X-CSRFToken', csrf)
    return request
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

/** Returns the data of an answer, or throws its fault. */
export function found<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data !== undefined && answer.response.ok) return answer.data
  throw Object.assign(new Error((answer.error as Fault)?.message ?? answer.response.statusText), {
    status: answer.response.status,
    fault: answer.error as Fault,
  })
}

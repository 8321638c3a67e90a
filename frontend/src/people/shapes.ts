/** What the API gives of people, roles, keys and proposals. */
export interface Grant {
  id: number
  person: string
  role: string
  zh: string
  en: string
  region: string
  region_name: string
  organisation: string
  valid_from: string | null
  valid_to: string | null
  holds: boolean
}
export interface Person extends Record<string, unknown> {
  code: string
  name: string | null
  organisation: string | null
  organisation_name: string | null
  phone: string | null
  active: boolean | null
  must_change: boolean | null
  last_login: string | null
  roles: string
  grants: Grant[]
  simulated: boolean
  revision: number
}
export interface Role {
  code: string
  zh: string
  en: string
  basis: string
}
export interface Rule {
  name: string
  roles: string[]
  groups: string[]
  actions: string[]
  sensitivity: string[]
  reach: string
}
export interface Roles {
  roles: Role[]
  rules: Rule[]
  groups: Record<string, string[]>
  actions: string[]
  sensitivities: string[]
  scopes: string[]
}
export interface Proposal extends Record<string, unknown> {
  id: number
  kind: string
  zh: string
  en: string
  subject_kind: string
  subject: string
  payload: Record<string, unknown>
  reason: string
  region: string | null
  proposer: string
  proposed: string
  expires: string
  state: string
  decider: string
  decided: string | null
  decision_reason: string
  may_decide: boolean
}
export interface Key extends Record<string, unknown> {
  code: string
  name: string
  scopes: string
  places: string
  region: string | null
  made: string
  expires: string | null
  ended: string | null
  last_used: string | null
  simulated: boolean
}

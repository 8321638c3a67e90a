/** What the API answers about the network: see `/api/v1/network/…`. */
export interface Status {
  alive: boolean
  written: string | null
  devices: number
  online: number
  online_rate: number | null
  parked: number
  per_minute: number
  frames: number
  acknowledged: number
  rejected: number
  waiting: number
  gaps: number
}
export interface DeviceRow extends Record<string, unknown> {
  mn: string
  feature: string
  name: string
  kind: string
  state: string
  online: boolean
  last_seen: string | null
  per_minute: number
  frames: number
  rejected: number
  last_reject: string
  clock_off: number | null
  simulated: boolean
}
export interface GapRow extends Record<string, unknown> {
  mn: string
  feature: string
  name: string
  cn: string
  begin: string
  end: string
  missing: number
  tries: number
  given_up: string
}
export interface RateRow extends Record<string, unknown> {
  feature: string
  name: string
  parameter: string
  due: number
  received: number
  valid: number
  transmission: number | null
  validity: number | null
  effective: number | null
  target: number | null
  met: boolean | null
}
export interface RejectRow extends Record<string, unknown> {
  time: string
  mn: string
  name: string
  peer: string
  key: string
  detail: string
  raw: string
  raw_hex: string
}

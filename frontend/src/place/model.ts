import type { LimitStep, Parameter } from '@/parts/charts/model'

/** What the API answers about a place: see `/api/v1/series/{feature}/…`. */
export interface Place {
  code: string
  name: string
  kind: string
  family: 'air' | 'water' | 'groundwater' | 'outlet' | 'other'
  region: string
  region_code: string
  lon: number | null
  lat: number | null
  simulated: boolean
  enterprise: string
  devices: string[]
  control_level: string
  target: string
}
export interface Held {
  parameter: Parameter
  main: boolean
  period: string
  last: string
}
export interface Available {
  place: Place
  first: string
  series: Held[]
}
export interface Standing {
  kind: 'aqi' | 'class' | 'verdict' | 'none'
  value: string
  level: number
  name: string
  colour: string
  hex: string
  primary: string[]
  time: string | null
  basis: string
  averaging: string
}
export interface LastValue {
  parameter: Parameter
  period: string
  time: string
  age: number
  value: string | null
  state: string
  flags: string[]
  flag_words: string
  limit: LimitStep | null
  exceeds: boolean
}
export interface Mean {
  start: string
  end: string
  value: string | null
  valid: number
  due: number
  needed: number
  rule: string
}
export interface Comparison {
  parameter: string
  period: string
  unit: string
  counted: 'day' | 'value'
  now: Mean
  year_before: Mean
  span_before: Mean
  year_change: string | null
  span_change: string | null
}
export interface Exceedance {
  judged: number
  exceeding: number
  highest: string | null
  time: string | null
  limit: string | null
  multiple: string | null
}
export interface Summary {
  place: Place
  now: string
  standing: Standing
  values: LastValue[]
  comparison: Comparison | null
  exceedance: Exceedance | null
  day: { lowest: string | null; highest: string | null; mean: string | null; number: number; due: number } | null
}
export interface DayCell extends Omit<Standing, 'time' | 'averaging'> {
  day: string
  exceeding: number
  judged: number
}
export interface Legend {
  level: number
  value: string
  name: string
  colour: string
  hex: string
}
export interface Rose {
  parameter: Parameter
  start: string
  end: string
  wind_station: string
  wind_name: string
  distance_km: number
  counts: number[]
  means: (string | null)[]
  calm_count: number
  calm_mean: string | null
}
export interface HourOfDay {
  hour: number
  mean: string | null
  lowest: string | null
  highest: string | null
  number: number
  weekdays: string | null
  weekends: string | null
}
export interface Origin {
  feature: string
  item: string
  time: string
  value: string
  state: string
  revision: number
  batch: string
  file: string
  row: number
  sha256: string
  at: string
  current: boolean
}
export interface Frame {
  seq: number
  received: string
  mn: string
  peer: string
  text: string
  hex: string
}
export interface Reason {
  inputs: Record<string, unknown>
  editions: string[]
  steps: { text: string; clause: string }[]
  result: Record<string, unknown>
  cautions: string[]
  origins: Origin[]
  frames: Frame[]
  frames_allowed: boolean
  parameter: Parameter
  time: string
}

import type { Choice } from '@/issues/shapes'

export interface Words {
  state: Choice[]
  media: Choice[]
  tone: Choice[]
  grade: Choice[]
  topic: Choice[]
  hours: Record<string, number>
  confidence: string
}
export interface Opinion {
  code: string
  title: string
  words: string
  source: string
  media: string
  url: string
  published: string
  topic: string
  region_name: string
  tone: string
  reads: number | null
  spread: number | null
  incident: boolean
  score: number
  grade: string
  state: string
  organisation: string | null
  organisation_name: string | null
  due: string | null
  responded: string | null
  issue: string
  response: string
  outcome: string
  version: string
  confidence: string
  reasons: { points: number; words: string }[]
  overdue: boolean
  may_change: boolean
  may_command: boolean
  proposal: number | null
  simulated: boolean
  revision: number
}
export interface Figures {
  total: number
  open: number
  overdue: number
  negative: number
  on_time: number | null
  grades: Record<string, number>
  topics: Record<string, number>
}

/** Rows of the legend, for the screen and for pictures alike. */
import { mark } from '@/app/i18n'
import { shapeOf, type Look } from './marks'
import type { Grade, Layer, Legend } from './model'

export interface LegendRow {
  level: number
  name: string
  short: string
  span: string
  look: Look
}
export interface LegendGroup {
  title: string
  edition: string
  ours: boolean
  rows: LegendRow[]
}

const spanOf = ({ low, high }: Grade): string =>
  low === null && high === null ? '' : high === null ? `≥ ${low}` : low === null ? `≤ ${high}` : `${low}–${high}`

/** One group a layer with classes; layers with the same classes share theirs. */
export function legendRows(layers: Layer[], legends: Map<string, Legend>, patterns: boolean): LegendGroup[] {
  const groups = new Map<string, LegendGroup>()
  for (const layer of [...layers].reverse()) {
    const legend = legends.get(layer.code)
    if (!layer.shown || !legend || legend.grades.length < 2) continue
    const key = legend.grades.map((grade) => grade.name + grade.colour).join()
    const known = groups.get(key)
    if (known) known.title += `、${layer.name}`
    else groups.set(key, groupOf(layer, legend, patterns))
  }
  return [...groups.values()]
}

function groupOf(layer: Layer, { grades }: Legend, patterns: boolean): LegendGroup {
  const editions = [...new Set(grades.map((grade) => [grade.edition, grade.clause].filter(Boolean).join(' ')))]
  return {
    title: layer.name,
    edition: editions.filter(Boolean).join(mark('；')),
    ours: grades.some((grade) => grade.ours),
    rows: grades.map((grade) => ({
      level: grade.level,
      name: grade.name,
      short: grade.short,
      span: spanOf(grade),
      look: {
        shape: 'circle',
        colour: grade.colour.toLowerCase(),
        review: false,
        simulated: false,
        pattern: patterns ? Math.min(6, grade.level) : 0,
      },
    })),
  }
}

const plain = (look: Partial<Look>): Look => ({ shape: 'circle', colour: '', review: false, simulated: false, pattern: 0, ...look })

/** Shapes of the control levels, states of marks and the simulated outline, as one more group. */
export function signRows(legends: Map<string, Legend>, title: string, simulated: string): LegendGroup[] {
  const known = [...legends.values()][0]
  if (!known) return []
  const row = (name: string, look: Look): LegendRow => ({ level: 0, name, short: '', span: '', look })
  const rows = [
    ...known.controls.map((one) => row(one.name, plain({ shape: shapeOf(one.shape) }))),
    ...known.states.map((one) => row(one.name, plain({ review: one.state === 'under_review' }))),
    ...(simulated ? [row(simulated, plain({ simulated: true }))] : []),
  ]
  return [{ title, edition: '', ours: false, rows }]
}

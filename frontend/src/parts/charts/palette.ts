import { token } from '@/app/theme'

/** Colours of a chart, from the one token table; on paper the inks of paper. */
export interface Palette {
  ground: string
  ink: string
  soft: string
  line: string
  veil: string
  limit: string
  warning: string
  none: string
  series: string[]
  font: string
}

export function palette(print = false): Palette {
  const ink = token(print ? 'print-ink' : 'ink')
  return {
    ground: token(print ? 'paper' : 'ground'),
    ink,
    soft: print ? ink : token('ink-soft'),
    line: print ? token('no-data') : token('line'),
    veil: token(print ? 'paper' : 'picked'),
    limit: print ? ink : token('limit'),
    warning: print ? ink : token('warning'),
    none: token('no-data'),
    series: [1, 2, 3, 4, 5, 6].map((number) => (print && number === 1 ? ink : token(`series-${number}`))),
    font: getComputedStyle(document.body).fontFamily,
  }
}

const MOTION = 200

/** Milliseconds that a chart may move: none where less motion is asked for. */
export const motion = (): number =>
  typeof matchMedia !== 'undefined' && matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : MOTION

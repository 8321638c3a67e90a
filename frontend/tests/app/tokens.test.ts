import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, inkOn } from '@/parts/contrast'

const css = readFileSync('src/app/tokens.css', 'utf8')
const light = table(':root {')
const dark = { ...light, ...table(":root[data-theme='dark'] {") }
const print = { ...light, ...table("  :root[data-theme='dark'] {\n    --ground") }

function table(head: string): Record<string, string> {
  const start = css.indexOf(head)
  expect(start).toBeGreaterThanOrEqual(0)
  const body = css.slice(start, css.indexOf('}', start))
  return Object.fromEntries([...body.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6})/g)].map((found) => [found[1], found[2]] as [string, string]))
}

/** Ink on ground as it is used somewhere, with the contrast that WCAG 2.1 AA asks for. */
const TEXT: [string, string][] = [
  ...['ink', 'ink-soft', 'accent', 'danger', 'warning', 'success', 'limit'].flatMap((ink): [string, string][] => [
    [ink, 'ground'],
    [ink, 'raised'],
  ]),
  ['accent-ink', 'accent'],
  ['warn-ink', 'warn-ground'],
  ['ink', 'picked'],
  ['ink-soft', 'picked'],
  ['accent', 'picked'],
  ['ground', 'danger'],
]
const MARKS = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'no-data']

describe.each([
  ['light', light],
  ['dark', dark],
  ['print', print],
])('the tokens of the theme %s', (_, tokens) => {
  it.each(TEXT)('%s can be read on %s', (ink, ground) => {
    expect(contrast(tokens[ink] ?? '', tokens[ground] ?? '')).toBeGreaterThanOrEqual(4.5)
  })
  it.each(MARKS)('%s can be told from the ground', (mark) => {
    expect(contrast(tokens[mark] ?? '', tokens.ground ?? '')).toBeGreaterThanOrEqual(3)
  })
})

describe('ink on official colours', () => {
  it.each(['#00e400', '#ffff00', '#ff7e00', '#ff0000', '#99004c', '#7e0023', '#2d7dd2', '#ffffff', '#000000'])('%s', (ground) => {
    const ink = inkOn(ground) === 'paper' ? '#ffffff' : '#000000'
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5)
  })
})

import './tokens.css'
import type { Inks } from './paint'

/** Columns of the map's token table. */
export type MapTheme = 'light' | 'dark' | 'print'

const NAMES = [
  'water',
  'land',
  'land-other',
  'border',
  'border-soft',
  'river',
  'coast',
  'park',
  'name',
  'name-soft',
  'name-water',
  'halo',
  'none',
  'outline',
  'hatch',
  'ink-dark',
  'ink-light',
  'choose',
  'draw',
  'wind',
] as const
export type Palette = Record<(typeof NAMES)[number], string>

/** Reads one column of the token table, for the canvas that cannot read CSS by itself. */
export function palette(theme: MapTheme): Palette {
  const probe = document.createElement('i')
  probe.dataset.mapTheme = theme
  probe.hidden = true
  document.body.append(probe)
  const style = getComputedStyle(probe)
  const read = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]))
  probe.remove()
  return read as Palette
}

export const inksOf = (colours: Palette): Inks => ({
  none: colours.none,
  outline: colours.outline,
  hatch: colours.hatch,
  halo: colours.halo,
  light: colours['ink-light'],
})

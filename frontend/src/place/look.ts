import type { Look } from '@/parts/charts/curves'

/** Words of a drawing in the reader's language. */
export function words(t: (key: string) => string): Look['words'] {
  const names = ['below', 'exceeds', 'flags', 'marks', 'missing', 'limit', 'year', 'before', 'reference', 'simulated', 'substituted'] as const
  return Object.fromEntries(names.map((name) => [name, t(`place.word_${name}`)])) as Look['words']
}

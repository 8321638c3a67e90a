/** What a patrol still lacks before it is handed in; keys of the words `field.lacks_…`. */
import type { Schema } from '@/parts/form/schema'
import type { Kept } from '@/parts/drafts/model'
import type { PatrolValues, VisitValues } from './shapes'

export function lackingOf(values: PatrolValues, schema: Schema | undefined, files: Kept[]): string[] {
  const lacks: string[] = []
  if (!values.ended) lacks.push('end')
  if (schema && Object.keys(schema.properties ?? {}).some((name) => !values.answers[name])) lacks.push('answers')
  if (values.findings.some((one) => !one.title.trim() || !one.category)) lacks.push('finding')
  if (values.findings.some((one) => one.handled && !one.measures.trim())) lacks.push('measures')
  if (!values.signed.way || (values.signed.way === 'drawn' && !files.some((one) => one.kind === 'signature'))) lacks.push('signature')
  return lacks
}

export function visitLacks(values: VisitValues, files: Kept[]): string[] {
  const lacks: string[] = []
  if (!files.length) lacks.push('photo')
  if (values.outcome === 'confirmed' && (!values.title.trim() || !values.category)) lacks.push('finding')
  if (values.outcome === 'dismissed' && (!values.ground || !values.words.trim())) lacks.push('ground')
  if (!values.outcome) lacks.push('finding')
  return lacks
}

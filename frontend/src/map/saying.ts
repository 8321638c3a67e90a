/** Marks in words: value with unit, level, age, state. */
import { useI18n } from 'vue-i18n'
import { ago } from '@/parts/words'
import { longTime, readTime } from './bins'
import type { Mark } from './model'
import type { Layers } from './useLayers'
import type { Marks } from './useMarks'

export function useSaying(layers: Layers, marks: Marks) {
  const { t } = useI18n()
  const choiceOf = (mark: Mark) => layers.find(mark.layer)?.choices.find((one) => one.code === mark.parameter)

  /** What the number is of. */
  const what = (mark: Mark): string => choiceOf(mark)?.name ?? mark.parameter
  const unit = (mark: Mark): string => choiceOf(mark)?.unit ?? ''
  const level = (mark: Mark): string => marks.gradesOf(mark.layer).find((grade) => grade.level === mark.level)?.name ?? ''
  const state = (mark: Mark): string => (mark.state === 'value' ? '' : t(`map.state_${mark.state}`))
  const value = (mark: Mark): string => (mark.number ? [mark.number, unit(mark)].filter(Boolean).join(' ') : t('map.no_value'))
  const when = (mark: Mark): string => (mark.time ? longTime(readTime(mark.time)) : '')
  const layer = (mark: Mark): string => layers.find(mark.layer)?.name ?? ''
  const control = (mark: Mark): string =>
    marks.legends.value.get(mark.layer)?.controls.find((one) => one.control === mark.control)?.name ?? mark.control
  function age(mark: Mark): string {
    if (mark.age === null || mark.age === undefined) return ''
    return ago(Date.now() - mark.age * 1000)
  }
  /** The parameters that decide, by name. */
  const deciding = (mark: Mark): string =>
    mark.by
      .split(',')
      .filter((code) => code && code !== mark.parameter)
      .map((code) => layers.find(mark.layer)?.choices.find((one) => one.code === code)?.symbol ?? code)
      .join('、')
  return { what, unit, level, state, value, when, age, layer, control, deciding }
}
export type Saying = ReturnType<typeof useSaying>

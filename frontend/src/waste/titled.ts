/** Titles of a field in both languages, for forms that are made from a schema. */
import { useI18n } from 'vue-i18n'

export function useTitled(area = 'waste') {
  const { t } = useI18n()
  return (key: string) => ({ 'x-zh': t(`${area}.${key}`, {}, { locale: 'zh' }), 'x-en': t(`${area}.${key}`, {}, { locale: 'en' }) })
}

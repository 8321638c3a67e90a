import { createI18n } from 'vue-i18n'
import { messages, type Language } from './words'

const KEPT = 'huanzhi.language'

function first(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(KEPT)
  return asked === 'en' ? 'en' : 'zh'
}

export const i18n = createI18n({
  legacy: false,
  locale: first(),
  fallbackLocale: 'zh',
  messages: { zh: messages('zh'), en: messages('en') },
})

export const language = (): Language => i18n.global.locale.value as Language

const MARKS: Record<string, string> = { '、': ', ', '，': ', ', '；': '; ', '：': ': ', '（': ' (', '）': ')' }

/** A mark between names and words, as the chosen language writes it. */
export const mark = (zh: string): string => (language() === 'en' ? (MARKS[zh] ?? zh) : zh)

export function speak(wanted: Language): void {
  i18n.global.locale.value = wanted
  localStorage.setItem(KEPT, wanted)
  document.documentElement.lang = wanted === 'zh' ? 'zh-CN' : 'en'
}

speak(first())

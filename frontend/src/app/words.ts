/** Collects the word tables of all screens: `words/<area>.ts` exports `{ key: { zh, en } }`, used as t('area.key'). */
export type Language = 'zh' | 'en'
export type Words = Record<string, Record<Language, string>>

const files = import.meta.glob<{ default: Words }>('../words/*.ts', { eager: true })

/** Returns the messages of one language as vue-i18n wants them: area → key → text. */
export function messages(language: Language): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, file]) => [
      path.replace(/^.*\/(.*)\.ts$/, '$1'),
      Object.fromEntries(Object.entries(file.default).map(([key, texts]) => [key, texts[language]])),
    ]),
  )
}

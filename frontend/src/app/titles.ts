import { watch } from 'vue'
import type { RouteLocationNormalized } from 'vue-router'
import { i18n } from './i18n'

/** Title of a page: `meta.title` is a key of the words, else `app.<name>` where there is such a word. */
export function titleOf(route: RouteLocationNormalized): string {
  const { t, te } = i18n.global
  const key = typeof route.meta.title === 'string' ? route.meta.title : `app.${String(route.name ?? '')}`
  const named = route.matched.length > 0 && te(key) ? t(key) : ''
  return named ? `${named} · ${t('app.name')}` : t('app.name')
}

/** Keeps the title in the language that is spoken. */
export const retitle = (now: () => RouteLocationNormalized): void => {
  watch(i18n.global.locale, () => (document.title = titleOf(now())))
}

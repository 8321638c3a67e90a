import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'

export type Theme = 'light' | 'dark'
const KEPT = 'huanzhi.theme'

function first(): Theme {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'light' || kept === 'dark') return kept
  return 'light'
}

/** Light by default, dark for night duty; one token table (`tokens.css`) makes both, print and the big screen. */
export const useTheme = defineStore('theme', () => {
  const chosen = ref<Theme>(first())
  /** What a screen asks for while it is open, whatever was chosen: the big screen is dark. */
  const forced = ref<Theme | null>(null)
  const theme = computed<Theme>({ get: () => forced.value ?? chosen.value, set: (wanted) => (chosen.value = wanted) })
  const colourBlind = ref(localStorage.getItem('huanzhi.patterns') === 'yes')
  watchEffect(() => {
    document.documentElement.dataset.theme = theme.value
    document.documentElement.classList.toggle('dark', theme.value === 'dark')
    localStorage.setItem(KEPT, chosen.value)
    localStorage.setItem('huanzhi.patterns', colourBlind.value ? 'yes' : 'no')
  })
  function toggle(): void {
    theme.value = theme.value === 'dark' ? 'light' : 'dark'
  }
  return { theme, forced, colourBlind, toggle }
})

/** The value of a token, for canvases and maps that cannot read CSS by themselves. */
export const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

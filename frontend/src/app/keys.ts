import { onBeforeUnmount, onMounted } from 'vue'

/** Keys that work everywhere: single keys, or two in a row (`g m`). Silent while somebody writes. */
export type Keys = Record<string, () => void>
const PATIENCE = 1_200
const WRITING = 'input, textarea, select, [contenteditable="true"], .maplibregl-canvas'

/** Returns what hears keys and calls the deed of the sequence they make. */
export function sequences(keys: Keys, now: () => number = Date.now): (event: KeyboardEvent) => void {
  let first = ''
  let since = 0
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.target instanceof Element && event.target.closest(WRITING)) return
    const pair = first && now() - since < PATIENCE ? `${first} ${event.key}` : ''
    const deed = keys[pair] ?? keys[event.key]
    first = event.key
    since = now()
    if (!deed) return
    first = ''
    event.preventDefault()
    deed()
  }
}

export function useKeys(keys: Keys): void {
  const hear = sequences(keys)
  onMounted(() => document.addEventListener('keydown', hear))
  onBeforeUnmount(() => document.removeEventListener('keydown', hear))
}

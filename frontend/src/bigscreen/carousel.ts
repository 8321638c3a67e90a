import { computed, onBeforeUnmount, onMounted, ref } from 'vue'

const TURN = 12_000

/** Slides that follow each other until somebody stops them; they stand still for those who ask for less motion. */
export function useCarousel(slides: () => string[]) {
  const at = ref(0)
  const paused = ref(matchMedia('(prefers-reduced-motion: reduce)').matches)
  const slide = computed(() => slides()[at.value % Math.max(1, slides().length)] ?? '')
  let beat: ReturnType<typeof setInterval> | undefined

  const next = (step = 1): void => {
    at.value = (at.value + step + slides().length) % Math.max(1, slides().length)
  }
  const show = (name: string): void => {
    at.value = Math.max(0, slides().indexOf(name))
  }
  onMounted(() => {
    beat = setInterval(() => {
      if (!paused.value && !document.hidden) next()
    }, TURN)
  })
  onBeforeUnmount(() => clearInterval(beat))
  return { at, slide, paused, next, show }
}

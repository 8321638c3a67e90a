/** The time bar's side of the one clock: frames of the layers shown, and the hand that moves it. */
import { computed, ref, shallowRef, watch } from 'vue'
import { useClock } from '@/app/clock'
import { fetchFrames } from './atlas'
import { indexAt, iso, readTime } from './bins'
import { COUNTED_FROM, moments, together, type Frames } from './frames'
import { useSelection } from './selection'
import type { Layers } from './useLayers'

const HOUR = 3_600_000
const USUAL = 72 * HOUR

export function usePlay(layers: Layers) {
  const clock = useClock()
  const selection = useSelection()
  const frames = shallowRef(new Map<string, Frames>())
  const loading = ref(false)
  const fault = ref('')
  const wanted = ref(false)
  const latest = ref(0)
  let asked = ''

  const span = computed(() => {
    const end = clock.to ? readTime(clock.to) : (latest.value || Date.now()) + 1
    const to = Math.ceil(end / HOUR) * HOUR
    return { from: clock.from ? Math.floor(readTime(clock.from) / HOUR) * HOUR : to - USUAL, to }
  })
  const counts = computed(() => [...frames.value.values()].map((one) => moments(one, COUNTED_FROM[layers.find(one.layer)?.judge ?? ''] ?? 0, selection.has)))
  const bar = computed(() => together(counts.value))
  const times = computed(() => bar.value.map((moment) => moment.time))
  const index = computed(() => (clock.at ? indexAt(times.value, readTime(clock.at)) : -1))

  function framesAt(code: string): { frames: Frames; index: number } | null {
    const held = frames.value.get(code)
    if (!held || !clock.at) return null
    const at = readTime(clock.at)
    const place = indexAt(held.times, at)
    return place >= 0 && at < held.times[place]! + Math.max(held.step, HOUR) ? { frames: held, index: place } : null
  }

  /** Reads the frames of the layers shown; the bar is drawn from them. */
  async function load(): Promise<void> {
    wanted.value = true
    const shown = layers.shownMarks.value.filter((layer) => layer.judge && layer.judge !== 'heard' && !layers.tiled.value.has(layer.code))
    const key = JSON.stringify([span.value, shown.map((layer) => [layer.code, layers.picks.value[layer.code]])])
    if (key === asked) return
    asked = key
    loading.value = true
    fault.value = ''
    const found = await Promise.allSettled(
      shown.map((layer) => fetchFrames(layer.code, { parameter: layers.picks.value[layer.code] ?? '', ...span.value })),
    )
    if (asked !== key) return
    const good = found.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []))
    fault.value = good.length === 0 ? String(found.find((one) => one.status === 'rejected')?.reason?.message ?? '') : ''
    frames.value = new Map(good.map((one) => [one.layer, one]))
    loading.value = false
  }
  watch([layers.shownMarks, layers.picks, span], () => wanted.value && void load())

  function goTo(time: number | null): void {
    clock.at = time === null ? null : iso(time).slice(0, 16)
  }
  function step(by: number): void {
    const last = times.value.length - 1
    if (last < 0) return
    const from = index.value < 0 ? (by > 0 ? -1 : last + 1) : index.value
    goTo(times.value[Math.max(0, Math.min(last, from + by))]!)
  }
  /** Plays from the moment looked at, or from the beginning where that is the end. */
  function toggle(): void {
    if (clock.playing) return clock.pause()
    if (index.value < 0 || index.value >= times.value.length - 1) goTo(times.value[0] ?? null)
    clock.play()
  }
  /** Hours that a second of play moves on. */
  const speed = computed({ get: () => clock.step / 60, set: (hours) => (clock.step = hours * 60) })

  return { frames, framesAt, loading, fault, speed, span, bar, times, index, latest, load, goTo, step, toggle }
}
export type Play = ReturnType<typeof usePlay>

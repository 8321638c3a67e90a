/** One draft on a page: found by the address, saved a moment after each change, with its files. */
import { computed, onBeforeUnmount, ref, watch } from 'vue'
import type { Draft, Kept } from '@/parts/drafts/model'
import { useDrafts } from '@/parts/drafts/useDrafts'

const PAUSE = 400

export function useDraftPage<V extends object>() {
  const drafts = useDrafts()
  const id = ref('')
  const files = ref<Kept[]>([])
  const saved = ref(0)
  const draft = computed(() => drafts.found(id.value) as (Omit<Draft, 'values'> & { values: V }) | undefined)
  let waiting: ReturnType<typeof setTimeout> | undefined

  async function open(wanted: string): Promise<void> {
    id.value = wanted
    await readFiles()
  }
  async function readFiles(): Promise<void> {
    files.value = id.value ? await drafts.store.files(id.value) : []
  }
  async function save(): Promise<void> {
    clearTimeout(waiting)
    waiting = undefined
    const held = drafts.found(id.value)
    if (!held || held.state !== 'draft') return
    await drafts.save(held)
    saved.value = Date.now()
  }
  watch(
    () => draft.value?.values,
    (now, before) => {
      if (!now || !before || now !== before) return
      clearTimeout(waiting)
      waiting = setTimeout(() => void save(), PAUSE)
    },
    { deep: true },
  )
  const hidden = (): void => {
    if (document.visibilityState === 'hidden' && waiting) void save()
  }
  document.addEventListener('visibilitychange', hidden)
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hidden)
    if (waiting) void save()
  })
  return { drafts, draft, files, saved, open, readFiles, save }
}

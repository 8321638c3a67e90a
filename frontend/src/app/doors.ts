import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { get } from '@/api/client'

/** What the desk's API says of this person's way in. */
export interface Doors {
  face: 'desk' | 'enterprise' | 'public'
  doors: string[]
}
/** What everybody may know of this installation. */
export interface About {
  name: string
  version: string
  simulated: boolean
  oidc: boolean
}

/** Which doors of the rail open for the person signed in. The server refuses the others whatever this says. */
export const useDoors = defineStore('doors', () => {
  const found = ref<Doors | null>(null)
  const about = ref<About | null>(null)
  let of: string | null = null
  const face = computed(() => found.value?.face ?? 'desk')
  const opens = (door: string): boolean => found.value === null || found.value.doors.includes(door)

  async function load(person: string): Promise<void> {
    if (of === person && found.value) return
    of = person
    try {
      found.value = await get<Doors>('/api/v1/desk/doors')
    } catch {
      found.value = null
    }
  }
  async function learn(): Promise<void> {
    if (about.value) return
    try {
      about.value = await get<About>('/api/v1/about')
    } catch {
      about.value = null
    }
  }
  return { found, about, face, opens, load, learn }
})

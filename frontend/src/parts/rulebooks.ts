import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { get, type Failure } from '@/api/client'
import { language } from '@/app/i18n'

interface Line {
  id: string
  title: string
}
export interface Field {
  name: string
  title: string
  unit: string
  choices: { code: string; title: string }[]
}
export interface Fields {
  inputs: Field[]
  outputs: Field[]
}
const HOUR = 3_600_000

/** Titles of rulebooks by id in the reader's language, of those that hold at a place; empty where the reader has no right. */
export function useRulebooks(place: MaybeRefOrGetter<string | undefined> = '', wanted: MaybeRefOrGetter<boolean> = true) {
  const known = useQuery<Map<string, string>, Failure>({
    queryKey: computed(() => ['rulebook-titles', toValue(place) ?? '', language()]),
    queryFn: async () => {
      const page = await get<{ items: Line[] }>('/api/v1/rulebooks', { place: toValue(place) || undefined })
      return new Map(page.items.map((one) => [one.id, one.title]))
    },
    staleTime: HOUR,
    retry: false,
    enabled: computed(() => toValue(wanted)),
  })
  const refused = computed(() => [401, 403].includes(known.error.value?.status ?? 0))
  const titleOf = (id: string | undefined | null): string => known.data.value?.get(id ?? '') ?? ''
  return { titleOf, refused }
}

/** What the inputs and outputs of a rulebook are called; nothing without an id or a right. */
export function useRulebookFields(id: MaybeRefOrGetter<string | undefined>, place: MaybeRefOrGetter<string | undefined> = '') {
  const known = useQuery<Fields, Failure>({
    queryKey: computed(() => ['rulebook-fields', toValue(id) ?? '', toValue(place) ?? '', language()]),
    queryFn: () => get<Fields>(`/api/v1/rulebooks/${encodeURIComponent(toValue(id) ?? '')}`, { place: toValue(place) || undefined }),
    staleTime: HOUR,
    retry: false,
    enabled: computed(() => Boolean(toValue(id))),
  })
  return computed<Field[]>(() => [...(known.data.value?.inputs ?? []), ...(known.data.value?.outputs ?? [])])
}

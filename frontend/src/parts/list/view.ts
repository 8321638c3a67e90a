import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Column, View } from './columns'

function kept<T>(key: string, otherwise: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as T | null) ?? otherwise
  } catch {
    return otherwise
  }
}

/** Columns, filters and order of one list: columns are remembered, filters and order live in the address. */
export function useView(name: string, columns: () => Column[]) {
  const route = useRoute()
  const router = useRouter()
  const mark = (key: string): string => `${name}.${key}`
  const chosen = ref<string[]>(kept(`huanzhi.columns.${name}`, []))
  const saved = ref<Record<string, View>>(kept(`huanzhi.views.${name}`, {}))
  const usual = computed(() => columns().filter((column) => !column.hidden).map((column) => column.key))
  const shown = computed(() => {
    const keys = chosen.value.length ? chosen.value : usual.value
    return columns().filter((column) => keys.includes(column.key))
  })
  const asked = (key: string): string => String(route.query[mark(key)] ?? '')
  const sort = ref(asked('sort'))
  const q = ref(asked('q'))
  const filters = ref<Record<string, string>>(fromAddress())

  function fromAddress(): Record<string, string> {
    const start = mark('f.')
    const pairs = Object.entries(route.query).filter(([key, value]) => key.startsWith(start) && typeof value === 'string')
    return Object.fromEntries(pairs.map(([key, value]) => [key.slice(start.length), value as string]))
  }
  watch(chosen, (keys) => localStorage.setItem(`huanzhi.columns.${name}`, JSON.stringify(keys)), { deep: true })
  watch([sort, q, filters], () => {
    const rest = Object.entries(route.query).filter(([key]) => !key.startsWith(`${name}.`))
    const own = Object.entries(filters.value).map(([key, value]) => [mark(`f.${key}`), value])
    const query = Object.fromEntries([...rest, ...own])
    if (sort.value) query[mark('sort')] = sort.value
    if (q.value) query[mark('q')] = q.value
    void router.replace({ query })
  })

  const now = (): View => ({
    columns: shown.value.map((column) => column.key),
    filters: { ...filters.value },
    sort: sort.value,
    q: q.value,
  })
  function keep(title: string): void {
    saved.value = { ...saved.value, [title]: now() }
    localStorage.setItem(`huanzhi.views.${name}`, JSON.stringify(saved.value))
  }
  function drop(title: string): void {
    const { [title]: _, ...rest } = saved.value
    saved.value = rest
    localStorage.setItem(`huanzhi.views.${name}`, JSON.stringify(rest))
  }
  function open(title: string): void {
    const view = saved.value[title]
    if (!view) return
    chosen.value = [...view.columns]
    filters.value = { ...view.filters }
    sort.value = view.sort
    q.value = view.q
  }
  function filter(key: string, value: string): void {
    const { [key]: _, ...rest } = filters.value
    filters.value = value === '' ? rest : { ...rest, [key]: value }
  }
  function order(column: Column): void {
    if (column.sort === false) return
    const key = column.sort ?? column.key
    sort.value = sort.value === key ? `-${key}` : sort.value === `-${key}` ? '' : key
  }
  return { chosen, shown, saved, sort, q, filters, keep, drop, open, filter, order }
}

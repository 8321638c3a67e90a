import { useQuery, type UseQueryOptions } from '@tanstack/vue-query'
import { computed, onScopeDispose, toValue, type MaybeRefOrGetter } from 'vue'
import { get, type Failure, type Query } from '@/api/client'
import { useClock, zoned } from '@/app/clock'
import { language } from '@/app/i18n'
import { listen, type Topic } from './events'

export interface ApiOptions {
  /** Seconds between readings; none where 0. */
  refresh?: number
  /** Read again, at most every `pause` seconds (2), when one of these topics speaks and `heed` says so. */
  topics?: Topic[]
  pause?: number
  heed?: (events: unknown[]) => boolean
  /** Add region, moment and span of the one clock to the query. */
  clock?: boolean
}

export type ReadState = 'loading' | 'ready' | 'no_right' | 'absent' | 'error'

const PAUSE = 2
const zone = (stamped: string | null): string | null => (stamped ? zoned(stamped) : null)

/** Reads one address of the API and keeps it fresh; a null path reads nothing. */
export function useApi<T>(
  path: MaybeRefOrGetter<string | null>,
  query: MaybeRefOrGetter<Query> = {},
  options: ApiOptions = {},
) {
  const clock = useClock()
  const asked = computed<Query>(() => ({
    ...(options.clock ? { region: clock.region, at: zone(clock.at), from: zone(clock.from), to: zone(clock.to) } : {}),
    ...toValue(query),
  }))
  const reading = useQuery<T, Failure>({
    queryKey: computed(() => [toValue(path), asked.value, language()]),
    queryFn: ({ signal }: { signal: AbortSignal }) => get<T>(toValue(path) ?? '', asked.value, signal),
    enabled: computed(() => toValue(path) !== null),
    refetchInterval: options.refresh ? options.refresh * 1000 : false,
    retry: (count: number, fault: Failure) => (fault.status ?? 500) >= 500 && count < 1,
    placeholderData: ((before: unknown, query: { queryKey: readonly unknown[] } | undefined) =>
      query?.queryKey[0] === toValue(path) ? before : undefined) as never,
  } as UseQueryOptions<T, Failure>)
  if (options.topics?.length) renew(options.topics, options, () => void reading.refetch())
  const state = computed<ReadState>(() => (toValue(path) === null ? 'absent' : stateOf(reading.data.value !== undefined, reading.error.value)))
  return { data: reading.data, error: reading.error, busy: reading.isFetching, state, again: reading.refetch, path, asked }
}

/** Calls `work` when a topic speaks, not more often than the pause allows. */
export function renew(topics: Topic[], { pause = PAUSE, heed }: ApiOptions, work: () => void): void {
  let waiting: ReturnType<typeof setTimeout> | undefined
  const stop = listen(topics, (events) => {
    if (heed && !heed(events)) return
    waiting ??= setTimeout(() => {
      waiting = undefined
      work()
    }, pause * 1_000)
  })
  onScopeDispose(() => {
    stop()
    clearTimeout(waiting)
  })
}

export function stateOf(here: boolean, fault: Failure | null): ReadState {
  if (fault?.status === 403 || fault?.status === 401) return 'no_right'
  if (fault?.status === 404) return 'absent'
  if (here) return 'ready'
  return fault ? 'error' : 'loading'
}

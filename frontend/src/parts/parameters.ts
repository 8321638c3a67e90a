import { useQuery } from '@tanstack/vue-query'
import { get } from '@/api/client'
import { language } from '@/app/i18n'

export interface Parameter {
  code: string
  name: string
  name_en: string
  symbol: string
  unit: string
}

async function readAll(): Promise<Map<string, Parameter>> {
  const page = await get<{ items: Parameter[] }>('/api/v1/parameters', { limit: 1000 })
  return new Map(page.items.map((one) => [one.code, one]))
}

/** Names of parameters by code, read once; the code itself where the reader may not see or it is unknown. */
export function useParameters(wanted = true) {
  const known = useQuery({ queryKey: ['parameters'], queryFn: readAll, staleTime: Infinity, retry: false, enabled: wanted })
  const symbolOf = (code: string): string => known.data.value?.get(code)?.symbol || known.data.value?.get(code)?.name || code
  /** The name in the language that is read; what the row itself `told` where the parameter is not known. */
  const nameOf = (code: string, told = ''): string => {
    const one = known.data.value?.get(code)
    return (language() === 'en' ? one?.name_en : one?.name) || told || code
  }
  return { symbolOf, nameOf }
}
